package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Swagger UI in a real browser: what a person does who tries the API out. */
class SwaggerUiTest {

  private static final String CREATE = "#operations-Container_groups-CreateContainerGroup";

  /** What the page itself will send, an empty text until it knows. */
  private static final String SENT =
      "String(ui.getSystem().oas3Selectors.requestBodyValue('/v1/container-groups', 'post') || '')";

  private static final String KEY = "ui.getSystem().authSelectors.authorized().has('accessKey')";

  @Test
  void aPersonAuthorizesWithAKeyAndCreatesTheExample() throws IOException {
    Path program = OutsideProgram.orSkip("chromium", "chromium-browser");
    TestServer server = TestServer.shared();
    TestServer.Key key = server.newAccount();
    RestClient client = new RestClient(server.endpoint(), key);
    try (Chromium browser = new Chromium(program)) {
      browser.open(server.endpoint().resolve("/swagger-ui.html"));
      browser.click(".scheme-container .btn.authorize");
      browser.type(".auth-container input[name=username]", key.id());
      browser.type(".auth-container input[name=password]", key.secret());
      browser.click(".auth-container .modal-btn.authorize");
      browser.await(".auth-container .modal-btn:not(.authorize)");
      browser.click(".auth-container .btn-done");

      browser.click(CREATE + " .opblock-summary-control");
      // The page shows the example before it has taken it over as what is sent; a click in between
      // only marks the body as missing.
      browser.awaitTrue("the example is what will be sent", SENT + ".includes('hello')");
      browser.awaitTrue("the key is what will be sent", KEY);
      browser.click(CREATE + " .execute");
      String status = browser.text(CREATE + " .live-responses-table tbody .response-col_status");
      browser.evaluate(
          "document.querySelector('%s .responses-wrapper').scrollIntoView()".formatted(CREATE));
      browser.screenshot(Path.of("target", "swagger-ui.png"));
      assertThat(status).startsWith("200");
    }
    JsonNode groups = client.get("/v1/container-groups").json().path("containerGroups");
    assertThat(groups).hasSize(1);
    assertThat(groups.get(0).path("containerGroupName").asString()).isEqualTo("hello");
    client.delete("/v1/container-groups/" + groups.get(0).path("containerGroupId").asString());
  }
}
