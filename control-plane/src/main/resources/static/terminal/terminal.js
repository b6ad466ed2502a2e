"use strict";

// Talks with a command over the channels of Kubernetes: 0 input, 1 output, 2 errors, 3 how it ended,
// 4 the size of the terminal. The address of the WebSocket opens its session once.
(() => {
  const place = document.getElementById("terminal");
  const state = document.getElementById("state");
  const hasTerminal = place.dataset.terminal === "true";
  const STDIN = 0;
  const STATUS = 3;
  const RESIZE = 4;

  const terminal = new Terminal({ cursorBlink: true, convertEol: !hasTerminal });
  const fit = new FitAddon.FitAddon();
  terminal.loadAddon(fit);
  terminal.open(place);
  fit.fit();
  terminal.focus();
  window.terminal = terminal;

  const socket = new WebSocket(place.dataset.socket, ["v5.channel.k8s.io", "v4.channel.k8s.io"]);
  socket.binaryType = "arraybuffer";

  const send = (channel, text) => {
    if (socket.readyState !== WebSocket.OPEN) {
      return;
    }
    const bytes = new TextEncoder().encode(text);
    const message = new Uint8Array(bytes.length + 1);
    message[0] = channel;
    message.set(bytes, 1);
    socket.send(message);
  };
  const sendSize = () => {
    if (hasTerminal) {
      send(RESIZE, JSON.stringify({ Width: terminal.cols, Height: terminal.rows }));
    }
  };

  // Without a terminal on the other side nobody else shows what is typed.
  let line = "";
  const typed = (keys) => {
    for (const key of keys) {
      if (key === "\r") {
        terminal.write("\r\n");
        send(STDIN, line + "\n");
        line = "";
      } else if (key === "\u007f") {
        if (line !== "") {
          line = line.slice(0, -1);
          terminal.write("\b \b");
        }
      } else if (key >= " ") {
        line += key;
        terminal.write(key);
      }
    }
  };

  let ended = "the connection is closed";
  socket.onopen = () => {
    state.textContent = "connected";
    sendSize();
  };
  socket.onmessage = (event) => {
    const bytes = new Uint8Array(event.data);
    if (bytes[0] === STATUS) {
      const status = JSON.parse(new TextDecoder().decode(bytes.subarray(1)));
      ended = status.status === "Success" ? "the command has ended" : status.message;
    } else if (bytes.length > 1) {
      terminal.write(bytes.subarray(1));
    }
  };
  socket.onclose = () => {
    state.textContent = ended;
    terminal.setOption("disableStdin", true);
  };
  terminal.onData((keys) => (hasTerminal ? send(STDIN, keys) : typed(keys)));
  terminal.onResize(sendSize);
  window.addEventListener("resize", () => fit.fit());
})();
