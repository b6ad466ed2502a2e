package io.podyard.controlplane.quickstart;

import io.podyard.api.EciJson;
import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.controlplane.runtimes.SimulatedPool;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The tour at a Podyard that runs already, wherever it is, with its operator's key. */
final class RemoteTour {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int OK = 200;

  private final URI endpoint;
  private final String keyId;
  private final String secret;
  private final String image;

  /**
   * @param endpoint such as {@code http://127.0.0.1:8080}
   * @param environment with the operator's key, and the image to use if the hosts are real ones
   * @throws IllegalArgumentException if there is no key, or the endpoint is none
   */
  RemoteTour(String endpoint, Map<String, String> environment) {
    this.endpoint = URI.create(endpoint);
    this.keyId = environment.getOrDefault("PODYARD_ACCESS_KEY_ID", "");
    this.secret = environment.getOrDefault("PODYARD_ACCESS_KEY_SECRET", "");
    this.image = environment.getOrDefault(QuickstartCommand.IMAGE_SETTING, "");
    if (this.endpoint.getHost() == null || !endpoint.matches("https?://.*")) {
      throw new IllegalArgumentException(
          "an endpoint looks like http://127.0.0.1:8080, not like " + endpoint);
    }
    if (keyId.isEmpty() || secret.isEmpty()) {
      throw new IllegalArgumentException(
          "PODYARD_ACCESS_KEY_ID and PODYARD_ACCESS_KEY_SECRET have to hold the operator's key of "
              + endpoint);
    }
  }

  /**
   * Takes one group through its whole life.
   *
   * @throws Tour.FailedException naming the step that failed
   */
  void run(PrintStream out) throws Tour.FailedException {
    boolean simulated = hasSimulatedHosts();
    out.println(
        simulated
            ? "Runtime                simulated hosts: nothing real is started"
            : "Runtime                Docker Engines");
    out.println("Endpoint               " + endpoint);
    out.println();
    try (PodyardClient client = new PodyardClient(endpoint, keyId, secret, SignatureVersion.V3);
        BillReader bill = new BillReader(endpoint, keyId, secret)) {
      new Tour(client, bill, QuickstartCommand.demo(simulated, image), out).run();
    }
  }

  /** Where groups go: what its containers can be depends on it. */
  private boolean hasSimulatedHosts() throws Tour.FailedException {
    URI hosts = endpoint.resolve("/v1/hosts");
    String basic =
        Base64.getEncoder().encodeToString((keyId + ":" + secret).getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(hosts)
            .header("Authorization", "Basic " + basic)
            .timeout(TIMEOUT)
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new Tour.FailedException(
            "GET %s answered %d: %s".formatted(hosts, answer.statusCode(), answer.body()));
      }
      for (JsonNode host : EciJson.rest().readTree(answer.body()).path("hosts")) {
        if (host.path("runtime").asString("").equals(SimulatedPool.RUNTIME)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new Tour.FailedException("GET %s failed: %s".formatted(hosts, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Tour.FailedException("interrupted");
    }
  }
}
