package io.podyard.api;

import io.podyard.api.signature.Acs3Signature;
import io.podyard.api.signature.PercentEncoding;
import io.podyard.api.signature.RequestToSign;
import io.podyard.api.signature.RpcSignature;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A client of the RPC door. It signs each call with a new nonce and time, follows no redirect and
 * repeats nothing: whoever wants to repeat a call gives it a client token. Safe for use by many
 * threads.
 */
public final class PodyardClient implements AutoCloseable {

  /**
   * What a client needs from its surroundings.
   *
   * @param clock the time that is signed; servers accept 15 minutes of difference
   * @param nonces texts that never repeat
   * @param connectTimeout how long connecting may take
   * @param answerTimeout how long a call may take from its start to the last byte of its answer
   */
  public record Settings(
      InstantSource clock,
      Supplier<String> nonces,
      Duration connectTimeout,
      Duration answerTimeout) {

    /** The system's clock, random nonces, 5 seconds to connect and 30 to answer. */
    public static Settings standard() {
      return new Settings(
          InstantSource.system(),
          () -> UUID.randomUUID().toString().replace("-", ""),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));
    }
  }

  private static final String FORM = "application/x-www-form-urlencoded";

  private final URI endpoint;
  private final String path;
  private final String accessKeyId;
  private final String secret;
  private final SignatureVersion version;
  private final Settings settings;
  private final HttpClient http;

  /**
   * A client with {@linkplain Settings#standard() standard settings}.
   *
   * @param endpoint scheme, host, port and perhaps a path; no query
   */
  public PodyardClient(URI endpoint, String accessKeyId, String secret, SignatureVersion version) {
    this(endpoint, accessKeyId, secret, version, Settings.standard());
  }

  /** A client with settings of its own. */
  public PodyardClient(
      URI endpoint,
      String accessKeyId,
      String secret,
      SignatureVersion version,
      Settings settings) {
    this.path =
        endpoint.getRawPath() == null || endpoint.getRawPath().isEmpty()
            ? "/"
            : endpoint.getRawPath();
    this.endpoint = endpoint;
    this.accessKeyId = accessKeyId;
    this.secret = secret;
    this.version = version;
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * Calls an action and waits for its answer.
   *
   * @param request a record of the action's request type
   * @param responseType what to read the answer as, usually the action's response type
   * @throws IllegalArgumentException if the record is not a request of this action
   * @throws PodyardCallException if the answer is an error, or there is none
   */
  public <R> R call(Action action, Object request, Class<R> responseType) {
    if (request.getClass() != action.requestType()) {
      throw new IllegalArgumentException(
          action + " is not asked by a " + request.getClass().getName());
    }
    return call(action, RpcCodec.encode(request), responseType);
  }

  /** As the other form, with the parameters as they go on the wire. */
  public <R> R call(Action action, Map<String, String> parameters, Class<R> responseType) {
    HttpRequest request =
        switch (version) {
          case V1 -> signedV1(action, parameters);
          case V3 -> signedV3(action, parameters);
        };
    HttpResponse<byte[]> answer = send(action, request);
    if (answer.statusCode() / 100 != 2) {
      throw refused(action, answer);
    }
    try {
      return EciJson.rpc().readValue(answer.body(), responseType);
    } catch (JacksonException e) {
      throw unreadable(action, answer, e);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpRequest signedV1(Action action, Map<String, String> parameters) {
    Map<String, String> all = new TreeMap<>(parameters);
    all.put("Action", action.wireName());
    all.put("Version", Action.CONTRACT_VERSION);
    all.put("Format", "JSON");
    all.put("AccessKeyId", accessKeyId);
    all.put("SignatureMethod", RpcSignature.METHOD);
    all.put("SignatureVersion", RpcSignature.VERSION);
    all.put("SignatureNonce", settings.nonces().get());
    all.put("Timestamp", now());
    all.put("Signature", RpcSignature.sign("POST", all, secret));
    return HttpRequest.newBuilder(endpoint.resolve(path))
        .timeout(settings.answerTimeout())
        .header("Accept", "application/json")
        .header("Content-Type", FORM)
        .POST(BodyPublishers.ofString(encoded(all)))
        .build();
  }

  private HttpRequest signedV3(Action action, Map<String, String> parameters) {
    Map<String, List<String>> headers = new TreeMap<>();
    headers.put("host", List.of(host()));
    headers.put("x-acs-action", List.of(action.wireName()));
    headers.put("x-acs-version", List.of(Action.CONTRACT_VERSION));
    headers.put("x-acs-date", List.of(now()));
    headers.put("x-acs-signature-nonce", List.of(settings.nonces().get()));
    headers.put("x-acs-content-sha256", List.of(RequestToSign.sha256(new byte[0])));
    RequestToSign toSign =
        RequestToSign.of("POST", path, List.copyOf(parameters.entrySet()), headers, new byte[0]);
    String query = parameters.isEmpty() ? "" : "?" + encoded(parameters);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(path + query))
            .timeout(settings.answerTimeout())
            .header("Accept", "application/json")
            .header("Authorization", Acs3Signature.authorize(toSign, accessKeyId, secret).header())
            .POST(BodyPublishers.noBody());
    headers.forEach(
        (name, values) -> {
          // The JDK writes this one itself, with the same value, and lets nobody else.
          if (!name.equals("host")) {
            request.header(name, values.getFirst());
          }
        });
    return request.build();
  }

  /** The header as the JDK writes it: without a port that goes without saying. */
  private String host() {
    int usual = "https".equals(endpoint.getScheme()) ? 443 : 80;
    int port = endpoint.getPort();
    return port == -1 || port == usual ? endpoint.getHost() : endpoint.getHost() + ":" + port;
  }

  private String now() {
    return settings.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(
            parameter ->
                PercentEncoding.encode(parameter.getKey())
                    + "="
                    + PercentEncoding.encode(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  private HttpResponse<byte[]> send(Action action, HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.ofByteArray());
    try {
      return answer.get(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw noAnswer(action, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw noAnswer(action, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw noAnswer(action, e);
    }
  }

  private PodyardCallException noAnswer(Action action, Throwable cause) {
    return new PodyardCallException(
        PodyardCallException.NO_ANSWER,
        0,
        "",
        action.wireName() + " got no answer from " + endpoint + ": " + cause,
        cause);
  }

  private static PodyardCallException refused(Action action, HttpResponse<byte[]> answer) {
    ErrorAnswer error;
    try {
      error = EciJson.rpc().readValue(answer.body(), ErrorAnswer.class);
    } catch (JacksonException e) {
      throw unreadable(action, answer, e);
    }
    if (error == null || error.code() == null) {
      throw unreadable(action, answer, null);
    }
    return new PodyardCallException(
        error.code(),
        answer.statusCode(),
        error.requestId() == null ? "" : error.requestId(),
        error.message() == null ? error.code() : error.message(),
        null);
  }

  private static PodyardCallException unreadable(
      Action action, HttpResponse<byte[]> answer, @Nullable Throwable cause) {
    String start = new String(answer.body(), StandardCharsets.UTF_8);
    return new PodyardCallException(
        PodyardCallException.UNREADABLE_ANSWER,
        answer.statusCode(),
        "",
        action.wireName()
            + " was answered "
            + answer.statusCode()
            + " with something else than JSON of this contract: "
            + Printable.shortened(start, 200),
        cause);
  }

  /** An error body from any server: nothing in it is certain. */
  record ErrorAnswer(@Nullable String requestId, @Nullable String code, @Nullable String message) {}
}
