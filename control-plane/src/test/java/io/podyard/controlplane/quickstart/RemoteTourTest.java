package io.podyard.controlplane.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tour at a server that is there already. */
class RemoteTourTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  @Test
  void aGroupGoesThroughItsLifeAtAnEndpoint() throws Exception {
    TestServer server = TestServer.shared();
    tour(server.endpoint().toString(), server.operator().secret()).run(out);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("simulated hosts: nothing real is started")
        .contains("Endpoint               " + server.endpoint())
        .contains("nothing is left")
        .containsPattern("amount [0-9.]+ CNY")
        .contains("Side by side");
  }

  @Test
  void anEndpointThatRefusesTheKeyIsNamedWithItsAnswer() {
    TestServer server = TestServer.shared();

    assertThatThrownBy(() -> tour(server.endpoint().toString(), "another secret").run(out))
        .isInstanceOf(Tour.FailedException.class)
        .hasMessageContaining(server.endpoint() + "/v1/hosts answered 40");
  }

  @Test
  void whatIsNoEndpointAndAMissingKeyAreRefused() {
    for (String endpoint : new String[] {"127.0.0.1:8080", "ftp://host", "/", "http:"}) {
      assertThatThrownBy(() -> tour(endpoint, "secret"))
          .as(endpoint)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new RemoteTour("http://127.0.0.1:1", Map.of()))
        .hasMessageContaining("PODYARD_ACCESS_KEY_ID");
  }

  private static RemoteTour tour(String endpoint, String secret) {
    return new RemoteTour(
        endpoint,
        Map.of(
            "PODYARD_ACCESS_KEY_ID",
            TestServer.shared().operator().id(),
            "PODYARD_ACCESS_KEY_SECRET",
            secret));
  }
}
