package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The page with a terminal in a real browser. */
class TerminalPageTest {

  /** What the terminal shows; it draws it, so it is not in the page as text. */
  private static final String SHOWN =
      """
      Array.from({length: terminal.buffer.active.length},
        (_, i) => terminal.buffer.active.getLine(i).translateToString(true)).join('\\n')
      """;

  @Test
  void aPersonTypesACommandAndSeesItsOutput() throws IOException {
    Path program = OutsideProgram.orSkip("chromium", "chromium-browser");
    TestServer server = TestServer.shared();
    RestClient client = new RestClient(server.endpoint(), server.newAccount());
    String id = ExecSessionTest.running(client);
    try (Chromium browser = new Chromium(program)) {
      browser.open(page(client, id, "{\"command\":[\"/bin/bash\"]}"));
      browser.awaitTrue("it is connected", state("connected"));
      browser.press(".xterm-helper-textarea", "echo typed in a browser\r");
      browser.awaitTrue(
          "the output is shown", SHOWN.strip() + ".includes('\\ntyped in a browser')");
      browser.screenshot(Path.of("target", "terminal.png"));
      browser.press(".xterm-helper-textarea", "exit 3\r");
      browser.awaitTrue("the end is told", state("command terminated with exit code 3"));

      // Without a terminal the page itself shows what is typed.
      browser.open(page(client, id, "{\"command\":[\"cat\"]}"));
      browser.awaitTrue("it is connected", state("connected"));
      browser.press(".xterm-helper-textarea", "back and forth\r");
      browser.awaitTrue("both are shown", SHOWN.strip() + ".split('back and forth').length === 3");
      assertThat(browser.evaluate("document.styleSheets.length").asInt()).isPositive();
    }
    client.delete("/v1/container-groups/" + id + "?force=true");
  }

  private static URI page(RestClient client, String id, String json) {
    JsonNode answer =
        client.post("/v1/container-groups/" + id + "/containers/main/exec", json).ok().json();
    return URI.create(answer.path("httpUrl").asString());
  }

  private static String state(String text) {
    return "document.getElementById('state') !== null"
        + " && document.getElementById('state').textContent === '%s'".formatted(text);
  }
}
