package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.EciJson;
import io.podyard.api.signature.Acs3Signature;
import io.podyard.api.signature.PercentEncoding;
import io.podyard.api.signature.RequestToSign;
import io.podyard.controlplane.testing.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of the REST door, by HTTP Basic or with signatures. */
public final class RestClient {

  /** What came back. */
  public record Answer(int status, Map<String, List<String>> headers, String body) {

    public JsonNode json() {
      return EciJson.rest().readTree(body);
    }

    String header(String name) {
      return String.join(", ", headers.getOrDefault(name, List.of()));
    }

    /** The answer, which must be a success. */
    public Answer ok() {
      assertThat(status).as(body).isEqualTo(200);
      return this;
    }

    String code() {
      return json().path("code").asString();
    }

    /** The fields that errors name. */
    List<String> wrongFields() {
      List<String> names = new ArrayList<>();
      json().path("errors").forEach(error -> names.add(error.path("parameter").asString()));
      return names;
    }
  }

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final URI endpoint;
  private final TestServer.@Nullable Key key;

  public RestClient(URI endpoint, TestServer.@Nullable Key key) {
    this.endpoint = endpoint;
    this.key = key;
  }

  public Answer get(String path) {
    return send("GET", path, null, Map.of());
  }

  public Answer put(String path, String json) {
    return send("PUT", path, json, Map.of());
  }

  public Answer delete(String path) {
    return send("DELETE", path, null, Map.of());
  }

  public Answer post(String path, String json) {
    return send("POST", path, json, Map.of());
  }

  Answer send(String method, String path, @Nullable String json, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (key != null) {
      String pair = key.id() + ":" + key.secret();
      all.putIfAbsent(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    return exchange(method, path, json, all);
  }

  /** Sends a request signed by version 3, each time with a new nonce unless one is given. */
  Answer signed(String method, String path, @Nullable String json, Map<String, String> headers) {
    return exchange(method, path, json, sign(method, path, json, headers));
  }

  /** The headers of a signed request. */
  Map<String, String> sign(
      String method, String path, @Nullable String json, Map<String, String> headers) {
    if (key == null) {
      throw new IllegalStateException("nobody signs");
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    byte[] body = json == null ? new byte[0] : json.getBytes(StandardCharsets.UTF_8);
    all.putIfAbsent("x-acs-date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    all.putIfAbsent("x-acs-signature-nonce", UUID.randomUUID().toString());
    all.put("x-acs-content-sha256", RequestToSign.sha256(body));
    int question = path.indexOf('?');
    Map<String, List<String>> signed = new LinkedHashMap<>();
    all.forEach((name, value) -> signed.put(name, List.of(value)));
    RequestToSign request =
        RequestToSign.of(
            method,
            question < 0 ? path : path.substring(0, question),
            query(question < 0 ? "" : path.substring(question + 1)),
            signed,
            body);
    all.put("Authorization", Acs3Signature.authorize(request, key.id(), key.secret()).header());
    return all;
  }

  private static List<Map.Entry<String, String>> query(String raw) {
    List<Map.Entry<String, String>> pairs = new ArrayList<>();
    for (String pair : raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      pairs.add(Map.entry(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1))));
    }
    return pairs;
  }

  private static String decoded(String text) {
    return URI.create("x:/?" + text).getQuery();
  }

  /** Sends a request as it is. */
  Answer exchange(String method, String path, @Nullable String json, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint + path))
            .timeout(LONGEST)
            .method(
                method,
                json == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(json));
    headers.forEach(request::header);
    if (json != null && !headers.containsKey("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    try {
      HttpResponse<String> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers().map(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A path segment or query value. */
  static String encoded(String text) {
    return PercentEncoding.encode(text);
  }
}
