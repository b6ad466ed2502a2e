"use strict";

// Shows what GET v1/costs answers. Amounts are texts and stay texts, to the last digit; only the height
// of a bar is a number. Whatever comes from the server is shown as text, never as HTML.
(() => {
  const API = "../v1";
  const MOST_SERIES = 8;
  const OTHERS = MOST_SERIES;
  const DAY = 24 * 60 * 60 * 1000;
  const SVG = "http://www.w3.org/2000/svg";

  const $ = (id) => document.getElementById(id);
  let authorization = "";
  let shown = null;
  let asking = 0;

  const element = (name, properties, ...children) => {
    const made = document.createElement(name);
    Object.assign(made, properties);
    made.append(...children);
    return made;
  };
  const drawn = (name, attributes, ...children) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };

  const say = (text, bad) => {
    $("state").textContent = text;
    $("state").classList.toggle("bad", bad === true);
  };

  const isoDay = (time) => new Date(time).toISOString().slice(0, 10);

  // What a refusal says, all of it.
  const problem = async (answer) => {
    try {
      const body = await answer.json();
      const errors = (body.errors || []).map((error) => `${error.parameter} ${error.message}`);
      return errors.length > 0 ? errors.join("; ") : body.detail || body.title || answer.statusText;
    } catch {
      return `The server answered ${answer.status}.`;
    }
  };

  const ask = async (path, parameters) => {
    const answer = await fetch(`${API}${path}?${new URLSearchParams(parameters)}`, {
      headers: { Authorization: authorization },
      cache: "no-store",
      credentials: "omit",
    });
    if (!answer.ok) {
      const failure = new Error(await problem(answer));
      failure.status = answer.status;
      throw failure;
    }
    return answer;
  };

  const account = () => {
    const other = $("of-account").value.trim();
    return other === "" ? {} : { accountId: other };
  };

  const grouping = () =>
    $("by").value === "tag" ? `tag:${$("tag").value}` : $("by").value;

  const period = () => {
    const from = Date.parse(`${$("from").value}T00:00:00Z`);
    const last = Date.parse(`${$("to").value}T00:00:00Z`);
    return { from, to: last + DAY };
  };

  const show = async () => {
    const { from, to } = period();
    const mine = ++asking;
    say("Adding up …");
    $("costs").setAttribute("aria-busy", "true");
    try {
      const answer = await ask("/costs", {
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        groupBy: grouping(),
        limit: 100,
        ...account(),
      });
      const costs = await answer.json();
      if (mine === asking) {
        shown = costs;
        render();
        return true;
      }
    } catch (failure) {
      if (mine === asking) {
        shown = null;
        $("costs").replaceChildren();
        say(failure.status ? failure.message : "The server does not answer. Try again.", true);
        return failure.status !== 401 && failure.status !== 403;
      }
    } finally {
      if (mine === asking) {
        $("costs").removeAttribute("aria-busy");
      }
    }
    return true;
  };

  // ---- one currency

  const named = (value) => {
    const text = value === "" ? `no ${$("by").selectedOptions[0].text}` : value;
    return element("span", { textContent: text, title: text, className: value === "" ? "nothing" : "" });
  };

  const days = (costs) => {
    const all = [];
    for (let day = Date.parse(costs.from); day < Date.parse(costs.to); day += DAY) {
      all.push(isoDay(day));
    }
    return all;
  };

  // At most so many colours: the largest sums, and the rest in one.
  const seriesOf = (costs, of) => {
    if (costs.groupBy === "day") {
      const amounts = new Map(of.sums.map((sum) => [sum.value, Number(sum.amount)]));
      return [{ name: null, amounts }];
    }
    const series = of.sums.slice(0, MOST_SERIES).map((sum) => ({
      name: sum.value,
      amounts: new Map((sum.days || []).map((day) => [day.day, Number(day.amount)])),
    }));
    const rest = of.sums.slice(MOST_SERIES);
    if (rest.length > 0 || of.others) {
      const amounts = new Map();
      for (const sum of of.others ? [...rest, of.others] : rest) {
        for (const day of sum.days || []) {
          amounts.set(day.day, (amounts.get(day.day) || 0) + Number(day.amount));
        }
      }
      const count = rest.length + (of.others ? of.others.values : 0);
      series.push({ name: `${count} others`, others: true, amounts });
    }
    return series;
  };

  const tick = (most) => {
    const power = 10 ** Math.floor(Math.log10(most));
    const step = [1, 2, 5, 10].find((factor) => most / (factor * power) <= 4) * power;
    return step > 0 && Number.isFinite(step) ? step : 1;
  };

  const number = (value) => Number(value.toPrecision(6)).toString();

  const chart = (costs, of, series) => {
    const width = Math.max(280, $("costs").clientWidth - 34);
    const height = width < 500 ? 200 : 260;
    const all = days(costs);
    const sum = (day, sign) =>
      series.reduce((total, one) => {
        const amount = one.amounts.get(day) || 0;
        return Math.sign(amount) === sign ? total + amount : total;
      }, 0);
    const most = Math.max(0, ...all.map((day) => sum(day, 1)));
    const least = Math.min(0, ...all.map((day) => sum(day, -1)));
    const step = tick(Math.max(most, -least) || 1);
    const top = Math.max(step, Math.ceil(most / step) * step);
    const bottom = Math.floor(least / step) * step;
    const left = 12 + 7 * Math.max(...[top, step, bottom].map((value) => number(value).length));
    const right = 4;
    const above = 8;
    const below = 22;
    const y = (amount) => above + ((top - amount) / (top - bottom)) * (height - above - below);
    const slot = (width - left - right) / all.length;
    const bar = slot > 6 ? slot * 0.76 : slot;
    const picture = drawn("svg", {
      class: "chart",
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": `${of.currency} by day, from ${all[0]} to ${all[all.length - 1]}; the table has the amounts`,
    });
    for (let at = bottom; at <= top + step / 2; at += step) {
      picture.append(
        drawn("line", { class: "grid", x1: left, x2: width - right, y1: y(at), y2: y(at) }),
        drawn("text", { x: left - 6, y: y(at) + 4, "text-anchor": "end" }, number(at)),
      );
    }
    const every = Math.ceil(all.length / Math.max(2, Math.floor((width - left) / 90)));
    all.forEach((day, index) => {
      const x = left + index * slot + (slot - bar) / 2;
      let up = 0;
      let down = 0;
      series.forEach((one, place) => {
        const amount = one.amounts.get(day) || 0;
        if (amount === 0) {
          return;
        }
        const from = amount > 0 ? up : down;
        const to = from + amount;
        if (amount > 0) {
          up = to;
        } else {
          down = to;
        }
        const title = one.name === null ? day : `${day}, ${one.name === "" ? "none" : one.name}`;
        picture.append(
          drawn(
            "rect",
            {
              class: `s${one.others ? OTHERS : place}`,
              x,
              y: Math.min(y(from), y(to)),
              width: bar,
              height: Math.max(Math.abs(y(from) - y(to)), 0.75),
            },
            drawn("title", {}, `${title}: ${number(amount)} ${of.currency}`),
          ),
        );
      });
      if (index % every === 0) {
        const at = Math.min(Math.max(left + (index + 0.5) * slot, left + 16), width - 18);
        picture.append(
          drawn("text", { x: at, y: height - 6, "text-anchor": "middle" }, day.slice(5)),
        );
      }
    });
    return picture;
  };

  const legend = (series) =>
    element(
      "ul",
      { className: "legend" },
      ...series.map((one, place) =>
        element(
          "li",
          {},
          drawn(
            "svg",
            { width: 12, height: 12, "aria-hidden": "true" },
            drawn("rect", { class: `s${one.others ? OTHERS : place}`, width: 12, height: 12, rx: 2 }),
          ),
          named(one.name),
        ),
      ),
    );

  const row = (name, amount, share) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, name),
      element("td", { className: "number", textContent: amount }),
      element("td", { className: "number share", textContent: share }),
    );

  const table = (of) => {
    const all = Number(of.settled);
    const share = (amount) =>
      all > 0 && Number(amount) >= 0 ? `${((100 * Number(amount)) / all).toFixed(1)} %` : "";
    const body = of.sums.map((sum) => row(named(sum.value), sum.amount, share(sum.amount)));
    if (of.others) {
      body.push(row(named(`${of.others.values} others`), of.others.amount, share(of.others.amount)));
    }
    const head = ["", `${of.currency}, exact`, "of settled"].map((text, place) =>
      element("th", { scope: "col", textContent: text, className: place > 0 ? "number" : "" }),
    );
    head[2].className = "number share";
    head[0].textContent = $("by").value === "tag" ? `tag ${$("tag").value}` : $("by").selectedOptions[0].text;
    return element(
      "div",
      { className: "scrolls" },
      element(
        "table",
        {},
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...body),
        element(
          "tfoot",
          {},
          row("settled", of.settled, ""),
          row("not settled yet", of.unsettled, ""),
          row("total", of.total, ""),
        ),
      ),
    );
  };

  const currency = (costs, of) => {
    const until = costs.settledUntil.slice(0, 16).replace("T", " ");
    const section = element(
      "section",
      { className: "costs" },
      element("h2", { textContent: `${costs.from.slice(0, 10)} to ${isoDay(Date.parse(costs.to) - 1)}, UTC` }),
      element("p", { className: "total", textContent: `${of.total} ${of.currency}` }),
      element("p", {
        className: "parts",
        textContent: `${of.settled} settled, ${of.unsettled} not settled yet. Settled until ${until}.`,
      }),
    );
    if (of.sums.length > 0) {
      const series = seriesOf(costs, of);
      section.append(chart(costs, of, series));
      if (series[0].name !== null) {
        section.append(legend(series));
      }
      section.append(table(of));
    } else {
      section.append(element("p", { className: "nothing", textContent: "Nothing of this is settled yet." }));
    }
    return section;
  };

  const render = () => {
    if (shown === null) {
      return;
    }
    $("account").textContent = shown.accountId;
    $("costs").replaceChildren(...shown.costs.map((of) => currency(shown, of)));
    if (shown.unpriced) {
      say(`What is not settled yet is not in it: ${shown.unpriced}`, true);
    } else {
      say(shown.costs.length === 0 ? "Nothing was used in this time." : "");
    }
    months();
  };

  // ---- bills as files

  const months = () => {
    const last = Date.parse(shown.to) - 1;
    const all = [];
    const at = new Date(`${shown.from.slice(0, 7)}-01T00:00:00Z`);
    for (; at.getTime() <= last; at.setUTCMonth(at.getUTCMonth() + 1)) {
      all.unshift(at.toISOString().slice(0, 7));
    }
    const before = $("month").value;
    $("month").replaceChildren(...all.map((month) => element("option", { textContent: month })));
    if (all.includes(before)) {
      $("month").value = before;
    }
    $("files").hidden = false;
  };

  const report = (text, bad) => {
    $("progress").textContent = text;
    $("progress").classList.toggle("bad", bad === true);
  };

  // A file is saved only if all of it came.
  const download = async (what) => {
    const month = $("month").value;
    report("Asking …");
    try {
      const answer = await ask(`/bills/${month}/${what}`, account());
      const lines = Number(answer.headers.get("Podyard-Lines"));
      const reader = answer.body.getReader();
      const parts = [];
      let rows = 0;
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        parts.push(part.value);
        rows += part.value.reduce((count, byte) => (byte === 10 ? count + 1 : count), 0);
        report(`${Math.min(rows, lines)} of ${lines} lines`);
      }
      const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"));
      const address = URL.createObjectURL(new Blob(parts, { type: "text/csv" }));
      element("a", { href: address, download: name === null ? `${what}.csv` : name[1] }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      report(`${lines} lines, complete.`);
    } catch (failure) {
      report(failure.status ? failure.message : "The download broke off. Nothing was saved.", true);
    }
  };

  // ---- what a person does

  $("login").addEventListener("submit", async (event) => {
    event.preventDefault();
    const pair = new TextEncoder().encode(`${$("key").value.trim()}:${$("secret").value}`);
    authorization = `Basic ${btoa(String.fromCharCode(...pair))}`;
    if (await show()) {
      $("secret").value = "";
      $("login").hidden = true;
      $("asked").hidden = false;
      $("who").hidden = false;
      render();
    }
  });
  $("leave").addEventListener("click", () => {
    authorization = "";
    location.reload();
  });
  $("asked").addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  $("by").addEventListener("change", () => {
    $("of-tag").hidden = $("by").value !== "tag";
    $("tag").required = $("by").value === "tag";
    if ($("by").value === "tag") {
      $("tag").focus();
    } else {
      show();
    }
  });
  $("lines").addEventListener("click", () => download("lines"));
  $("focus").addEventListener("click", () => download("focus"));

  let width = 0;
  new ResizeObserver(() => {
    if ($("costs").clientWidth !== width) {
      width = $("costs").clientWidth;
      render();
    }
  }).observe($("costs"));

  const today = Date.now();
  $("to").value = isoDay(today);
  $("from").value = `${isoDay(today).slice(0, 8)}01`;
})();
