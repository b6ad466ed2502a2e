package io.podyard.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.podyard.api.signature.Acs3Authorization;
import io.podyard.api.signature.Acs3Signature;
import io.podyard.api.signature.RequestToSign;
import io.podyard.api.signature.RpcSignature;
import io.podyard.api.signature.SignatureCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A server that takes no request whose signature is wrong, and remembers those it took. */
final class SignedServer implements AutoCloseable {

  static final String ACCESS_KEY_ID = "ak";
  static final String SECRET = "server secret";

  /** What a request said, wherever it said it. */
  record Call(String action, String nonce, String time, Map<String, String> parameters) {}

  /** What the server answers to a request it has verified. */
  interface Answer {
    void write(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  SignedServer(Answer answer) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            Call call = verified(exchange);
            if (call == null) {
              json(
                      400,
                      "{\"RequestId\":\"R-S\",\"Code\":\"SignatureDoesNotMatch\",\"Message\":\"no\"}")
                  .write(exchange);
            } else {
              calls.add(call);
              answer.write(exchange);
            }
          }
        });
    server.start();
  }

  static Answer json(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    };
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Call> calls() {
    return calls;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static @Nullable Call verified(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String rawQuery = exchange.getRequestURI().getRawQuery();
    List<Entry<String, String>> query = pairs(rawQuery == null ? "" : rawQuery);
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    Map<String, String> parameters = new TreeMap<>();
    query.forEach(pair -> parameters.put(pair.getKey(), pair.getValue()));
    if (header == null) {
      pairs(new String(body, StandardCharsets.UTF_8))
          .forEach(pair -> parameters.put(pair.getKey(), pair.getValue()));
      return verifiedV1(exchange.getRequestMethod(), parameters);
    }
    Map<String, List<String>> headers = new TreeMap<>(exchange.getRequestHeaders());
    RequestToSign request =
        RequestToSign.of(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            query,
            headers,
            body);
    Acs3Authorization authorization = Acs3Authorization.parse(header).orElse(null);
    boolean valid =
        authorization != null
            && authorization.accessKeyId().equals(ACCESS_KEY_ID)
            && authorization.signedHeaders().contains("host")
            && Acs3Signature.check(request, authorization, SECRET) == SignatureCheck.VALID;
    return valid
        ? new Call(
            exchange.getRequestHeaders().getFirst("x-acs-action"),
            exchange.getRequestHeaders().getFirst("x-acs-signature-nonce"),
            exchange.getRequestHeaders().getFirst("x-acs-date"),
            parameters)
        : null;
  }

  private static @Nullable Call verifiedV1(String method, Map<String, String> parameters) {
    boolean valid =
        ACCESS_KEY_ID.equals(parameters.get("AccessKeyId"))
            && RpcSignature.matches(
                method, parameters, SECRET, parameters.getOrDefault("Signature", ""));
    return valid
        ? new Call(
            parameters.getOrDefault("Action", ""),
            parameters.getOrDefault("SignatureNonce", ""),
            parameters.getOrDefault("Timestamp", ""),
            parameters)
        : null;
  }

  private static List<Entry<String, String>> pairs(String encoded) {
    List<Entry<String, String>> pairs = new ArrayList<>();
    for (String pair : encoded.split("&")) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        pairs.add(
            Map.entry(
                URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                URLDecoder.decode(parts[1], StandardCharsets.UTF_8)));
      }
    }
    return pairs;
  }
}
