package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.Waiting;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server prints, for people and for machines. */
class LogFormatTest {

  private static final String REFUSED = "Refused with InvalidParameter.NotFound";

  private static final Map<String, String> TALKATIVE =
      Map.of("LOGGING_LEVEL_IO_PODYARD_CONTROLPLANE_DOOR", "DEBUG");

  @Test
  void eachLineSaysWhichRequestAndWhichGroupItIsAbout() throws Exception {
    try (ServerProcess server = ServerProcess.in("log", TALKATIVE)) {
      server.start();
      String requestId = ask(server, "eci-text");
      Waiting.until("a line", () -> server.lastWords().contains("eci-text"));
      assertThat(server.lastWords().lines())
          .anyMatch(
              line -> line.endsWith(" request=%s group=eci-text %s".formatted(requestId, REFUSED)))
          .noneMatch(line -> line.contains("request= ") || line.contains("group= "));
      server.kill9();

      server.start(Map.of("PODYARD_LOG_FORMAT", "json"));
      String another = ask(server, "eci-json");
      Waiting.until("a line", () -> server.lastWords().contains("eci-json"));
      List<JsonNode> documents = documents(server);
      assertThat(documents)
          .anySatisfy(
              line -> {
                assertThat(line.path("message").asString()).isEqualTo(REFUSED);
                assertThat(line.path("requestId").asString()).isEqualTo(another);
                assertThat(line.path("groupId").asString()).isEqualTo("eci-json");
                assertThat(line.path("level").asString()).isEqualTo("DEBUG");
              })
          .anySatisfy(line -> assertThat(line.has("requestId")).isFalse());
      server.kill9();

      server.launch(Map.of("PODYARD_LOG_FORMAT", "xml"));
      Waiting.until("its end", () -> !server.isAlive());
      assertThat(server.lastWords()).contains("log-formats.xml");
    }
  }

  /** The lines since the last start. */
  private static List<JsonNode> documents(ServerProcess server) {
    JsonMapper json = JsonMapper.builder().build();
    return server
        .lastWords()
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(json::readTree)
        .toList();
  }

  /**
   * Asks for a group that is not there.
   *
   * @return the id of the request
   */
  private static String ask(ServerProcess server, String group) throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection)
            server.endpoint().resolve("/v1/container-groups/" + group).toURL().openConnection();
    connection.setRequestProperty(
        "Authorization",
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (ServerProcess.ACCESS_KEY + ":" + ServerProcess.SECRET)
                        .getBytes(StandardCharsets.UTF_8)));
    assertThat(connection.getResponseCode()).isEqualTo(404);
    JsonNode problem =
        JsonMapper.builder().build().readTree(connection.getErrorStream().readAllBytes());
    return problem.path("requestId").asString();
  }
}
