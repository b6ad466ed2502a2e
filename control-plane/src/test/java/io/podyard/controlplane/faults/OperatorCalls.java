package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What an operator asks a server at its REST door; whatever is not answered with 200 fails. */
final class OperatorCalls {

  private OperatorCalls() {}

  static String get(ServerProcess server, String path) throws Exception {
    return call(server, path, HttpRequest.newBuilder().GET());
  }

  static String post(ServerProcess server, String path, String body) throws Exception {
    return call(
        server,
        path,
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static String call(ServerProcess server, String path, HttpRequest.Builder request)
      throws Exception {
    String key = ServerProcess.ACCESS_KEY + ":" + ServerProcess.SECRET;
    String login = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              request
                  .uri(server.endpoint().resolve(path))
                  .header("Authorization", "Basic " + login)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.body();
    }
  }
}
