package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.billing.SettledLine;
import io.podyard.controlplane.bill.PlantedLines;
import io.podyard.controlplane.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page that shows what an account pays, in a real browser. */
class CostPageTest {

  private static final String STATE = "document.getElementById('state').textContent";
  private static final String PROGRESS = "document.getElementById('progress').textContent";

  private final TestServer server = BilledServer.server();

  @Test
  void aPersonSeesWhatAMonthCostsAndWhy() throws IOException {
    Path program = OutsideProgram.orSkip("chromium", "chromium-browser");
    TestServer.Key key = server.newAccount();
    plantMarch(key);
    try (Chromium browser = new Chromium(program)) {
      look(browser, 1100, 1250, "light");
      browser.open(server.endpoint().resolve("/costs"));
      browser.awaitTrue("the login", "document.getElementById('key') !== null");
      logIn(browser, key.id(), "not the secret");
      browser.awaitTrue("the refusal", STATE + ".includes('secret is not the one')");
      browser.screenshot(Path.of("target", "costs-refused.png"));
      browser.evaluate("document.getElementById('secret').value = ''");
      logIn(browser, key.id(), key.secret());
      browser.awaitTrue("nothing in this month", STATE + " === 'Nothing was used in this time.'");
      browser.screenshot(Path.of("target", "costs-empty.png"));

      march(browser, "tag", "team");
      browser.awaitTrue("the total", "document.querySelector('.total') !== null");
      assertThat(browser.text(".total")).isEqualTo("197.0535 CNY");
      assertThat(browser.text(".parts")).contains("197.0535 settled, 0 not settled yet");
      // The eight largest teams have a colour each, the other two share one.
      assertThat(browser.evaluate("document.querySelectorAll('.legend li').length").asInt())
          .isEqualTo(9);
      assertThat(browser.evaluate("document.querySelectorAll('.chart rect').length").asInt())
          .isEqualTo(9 * 31);
      assertThat(browser.evaluate("document.querySelectorAll('tbody tr').length").asInt())
          .isEqualTo(10);
      assertThat(browser.text("tbody")).contains(BilledServer.SCRIPT);
      assertThat(browser.evaluate("document.title").asString()).isEqualTo("Costs - Podyard");
      assertThat(browser.evaluate("document.querySelectorAll('#costs script').length").asInt())
          .isZero();
      browser.screenshot(Path.of("target", "costs-light.png"));
      look(browser, 1100, 1250, "dark");
      browser.screenshot(Path.of("target", "costs-dark.png"));
      look(browser, 360, 1500, "dark");
      browser.awaitTrue("the chart fits", "document.querySelector('.chart').clientWidth < 360");
      assertThat(
              browser
                  .evaluate("document.documentElement.scrollWidth <= window.innerWidth")
                  .asBoolean())
          .isTrue();
      browser.screenshot(Path.of("target", "costs-narrow.png"));

      look(browser, 1100, 900, "light");
      march(browser, "day", "");
      browser.awaitTrue(
          "a bar for each day", "document.querySelectorAll('.chart rect').length === 31");
      march(browser, "zone", "");
      browser.awaitTrue("a row of the zone", rows(1));
      assertThat(browser.text("tbody")).contains("cn-hangzhou-b", "197.0535", "100.0 %");
      assertThat(browser.evaluate("document.querySelectorAll('.chart rect').length").asInt())
          .isEqualTo(31);
      march(browser, "group", "");
      browser.awaitTrue("a row of each group", rows(10));
      assertThat(browser.text("tbody")).contains("eci-of-team-0", "eci-of-team-9");
      assertThat(browser.evaluate("document.querySelectorAll('.chart rect').length").asInt())
          .isEqualTo(9 * 31);
      assertThat(browser.text(".total")).isEqualTo("197.0535 CNY");
      browser.click("#lines");
      browser.awaitTrue("the file", PROGRESS + " === '0 lines, complete.'");
      browser.evaluate("document.getElementById('of-account').value = 'acct-of-others'");
      browser.click("#asked button");
      browser.awaitTrue("another's costs", STATE + ".includes('Only the operator')");
      assertThat(browser.evaluate("document.querySelector('.total') === null").asBoolean())
          .isTrue();
    }
  }

  /**
   * Ten teams, each with its share of each day; on the bill of April, for that of March is closed.
   */
  private void plantMarch(TestServer.Key key) {
    PlantedLines planted = new PlantedLines(server.jdbc(), key.account());
    List<SettledLine> lines = new ArrayList<>();
    for (int team = 0; team < 10; team++) {
      String group = "eci-of-team-" + team;
      planted.facts(
          BilledServer.group(group),
          "2026-03-01T00:00:00Z",
          null,
          null,
          Map.of("team", team == 3 ? BilledServer.SCRIPT : "team " + team));
      for (int day = 1; day <= 31; day++) {
        String hour = "2026-03-%02dT08:00:00Z".formatted(day);
        int units = 1000 * (2 + (day * (team + 3)) % 7) * (10 - team) / 2;
        lines.add(planted.line(group, hour, 0, Integer.toString(units), null));
      }
    }
    planted.add(BilledServer.APRIL, lines);
  }

  private static void logIn(Chromium browser, String key, String secret) {
    browser.evaluate("document.getElementById('key').value = ''");
    browser.type("#key", key);
    browser.type("#secret", secret);
    browser.click("#login button");
  }

  private static void march(Chromium browser, String by, String tag) {
    browser.evaluate(
        """
        document.getElementById('from').value = '2026-03-01';
        document.getElementById('to').value = '2026-03-31';
        document.getElementById('by').value = '%s';
        document.getElementById('by').dispatchEvent(new Event('change'));
        document.getElementById('tag').value = '%s';
        """
            .formatted(by, tag));
    browser.click("#asked button");
  }

  private static String rows(int count) {
    return "document.querySelectorAll('tbody tr').length === " + count;
  }

  private static void look(Chromium browser, int width, int height, String theme) {
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    browser.call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
  }

  @Test
  void nothingFromElsewhereIsLetIn() {
    RestClient anybody = new RestClient(server.endpoint(), null);
    RestClient.Answer page = anybody.get("/costs/").ok();
    assertThat(page.header("content-security-policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.header("referrer-policy")).isEqualTo("no-referrer");
    assertThat(page.body()).doesNotContain("<style", "style=", "onclick", "http:", "https:");
    RestClient.Answer bare = anybody.get("/costs");
    assertThat(bare.status()).isEqualTo(308);
    assertThat(bare.header("location")).isEqualTo("costs/");
    assertThat(anybody.send("POST", "/costs/", null, Map.of()).status()).isEqualTo(405);
    for (String file : List.of("costs.js", "costs.css")) {
      assertThat(anybody.get("/costs/" + file).ok().body()).doesNotContain("innerHTML", "@import");
    }
  }
}
