package io.podyard.controlplane.door.rpc;

import io.podyard.api.signature.Acs3Signature;
import io.podyard.api.signature.PercentEncoding;
import io.podyard.api.signature.RequestToSign;
import io.podyard.api.signature.RpcSignature;
import io.podyard.controlplane.door.HttpCall;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Builds signed requests. Each build gives the same request again, as a replay would. */
final class TestRequest {

  /** Where the parameters travel and how they are signed. */
  enum Way {
    GET,
    POST_QUERY,
    /** The protocol's parameters in the query, the others in a form. */
    POST_SPLIT,
    POST_FORM,
    V3_GET,
    V3_POST_QUERY,
    V3_POST_FORM;

    boolean isV3() {
      return name().startsWith("V3");
    }

    String method() {
      return this == GET || this == V3_GET ? "GET" : "POST";
    }
  }

  private static final Set<String> PROTOCOL =
      Set.of(
          "Action",
          "Version",
          "Format",
          "AccessKeyId",
          "Signature",
          "SignatureMethod",
          "SignatureVersion",
          "SignatureNonce",
          "Timestamp");

  private final Way way;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, List<String>> headers = new HashMap<>();
  private String key = TestDoor.KEY;
  private String secret = TestDoor.SECRET;
  private String nonce = "0123456789abcdef";
  private String time = TestDoor.CAPTURED_AT.toString();

  private TestRequest(Way way, String action) {
    this.way = way;
    headers.put("host", List.of("podyard.test:8080"));
    if (way.isV3()) {
      headers.put("x-acs-action", List.of(action));
      headers.put("x-acs-version", List.of("2018-08-08"));
    } else {
      with("Action", action)
          .with("Version", "2018-08-08")
          .with("Format", "JSON")
          .with("SignatureMethod", "HMAC-SHA1")
          .with("SignatureVersion", "1.0");
    }
  }

  static TestRequest of(Way way, String action) {
    return new TestRequest(way, action);
  }

  static TestRequest of(String action) {
    return of(Way.GET, action);
  }

  TestRequest with(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  TestRequest without(String name) {
    parameters.remove(name);
    return this;
  }

  TestRequest header(String name, String... values) {
    headers.put(name.toLowerCase(Locale.ROOT), List.of(values));
    return this;
  }

  TestRequest key(String value) {
    key = value;
    return this;
  }

  TestRequest secret(String value) {
    secret = value;
    return this;
  }

  TestRequest nonce(String value) {
    nonce = value;
    return this;
  }

  TestRequest time(String value) {
    time = value;
    return this;
  }

  HttpCall build() {
    return way.isV3() ? v3() : v1();
  }

  private HttpCall v1() {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.putIfAbsent("AccessKeyId", key);
    all.putIfAbsent("SignatureNonce", nonce);
    all.putIfAbsent("Timestamp", time);
    all.putIfAbsent("Signature", RpcSignature.sign(way.method(), all, secret));
    Map<String, String> query = new LinkedHashMap<>(all);
    Map<String, String> form = new LinkedHashMap<>(all);
    switch (way) {
      case GET, POST_QUERY -> form.clear();
      case POST_FORM -> query.clear();
      case POST_SPLIT -> {
        query.keySet().retainAll(PROTOCOL);
        form.keySet().removeAll(PROTOCOL);
      }
      case V3_GET, V3_POST_QUERY, V3_POST_FORM -> throw new IllegalStateException("not " + way);
    }
    return request(query, form, headers);
  }

  private HttpCall v3() {
    boolean inForm = way == Way.V3_POST_FORM;
    Map<String, String> query = inForm ? Map.of() : parameters;
    Map<String, String> form = inForm ? parameters : Map.of();
    Map<String, List<String>> all = new HashMap<>(headers);
    byte[] body = encoded(form).getBytes(StandardCharsets.UTF_8);
    all.put("x-acs-date", List.of(time));
    all.put("x-acs-signature-nonce", List.of(nonce));
    all.put("x-acs-content-sha256", List.of(RequestToSign.sha256(body)));
    RequestToSign toSign =
        RequestToSign.of(way.method(), "/", List.copyOf(query.entrySet()), all, body);
    all.put("authorization", List.of(Acs3Signature.authorize(toSign, key, secret).header()));
    return request(query, form, all);
  }

  private HttpCall request(
      Map<String, String> query, Map<String, String> form, Map<String, List<String>> sent) {
    Map<String, List<String>> all = new HashMap<>(sent);
    if (!form.isEmpty()) {
      all.putIfAbsent("content-type", List.of("application/x-www-form-urlencoded"));
    }
    return new HttpCall(
        way.method(),
        "/",
        query.isEmpty() ? null : encoded(query),
        all,
        new ByteArrayInputStream(encoded(form).getBytes(StandardCharsets.UTF_8)),
        "http");
  }

  static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(
            parameter ->
                PercentEncoding.encode(parameter.getKey())
                    + "="
                    + PercentEncoding.encode(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }
}
