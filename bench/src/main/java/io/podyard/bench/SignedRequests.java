package io.podyard.bench;

import io.podyard.api.Action;
import io.podyard.api.RpcCodec;
import io.podyard.api.signature.PercentEncoding;
import io.podyard.api.signature.RpcSignature;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Requests to create a small group or to delete one, signed as any client signs them, as they go on
 * the wire. Creates can be made before they are sent, so that who measures a server on its own
 * machine does not measure the signing of a client.
 */
final class SignedRequests {

  private final URI endpoint;
  private final String accessKeyId;
  private final String secret;
  private final Queue<byte[]> ready = new ConcurrentLinkedQueue<>();

  SignedRequests(URI endpoint, String accessKeyId, String secret) {
    this.endpoint = endpoint;
    this.accessKeyId = accessKeyId;
    this.secret = secret;
  }

  /** Signs so many creates ahead; they have to be sent within a quarter of an hour. */
  void prepare(int creates) {
    while (ready.size() < creates) {
      ready.add(signedCreate());
    }
  }

  /** A create that was not sent yet. */
  byte[] create() {
    byte[] request = ready.poll();
    return request == null ? signedCreate() : request;
  }

  private byte[] signedCreate() {
    return sign(Action.CREATE_CONTAINER_GROUP, RpcCodec.encode(SmallGroup.request()));
  }

  byte[] delete(String group) {
    return sign(Action.DELETE_CONTAINER_GROUP, Map.of("ContainerGroupId", group));
  }

  private byte[] sign(Action action, Map<String, String> parameters) {
    Map<String, String> all = new TreeMap<>(parameters);
    all.put("Action", action.wireName());
    all.put("Version", Action.CONTRACT_VERSION);
    all.put("Format", "JSON");
    all.put("AccessKeyId", accessKeyId);
    all.put("SignatureMethod", RpcSignature.METHOD);
    all.put("SignatureVersion", RpcSignature.VERSION);
    all.put("SignatureNonce", UUID.randomUUID().toString());
    all.put("Timestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    all.put("Signature", RpcSignature.sign("POST", all, secret));
    String body =
        all.entrySet().stream()
            .map(
                parameter ->
                    PercentEncoding.encode(parameter.getKey())
                        + "="
                        + PercentEncoding.encode(parameter.getValue()))
            .collect(Collectors.joining("&"));
    String head =
        """
        POST / HTTP/1.1\r
        Host: %s:%d\r
        Accept: application/json\r
        Content-Type: application/x-www-form-urlencoded\r
        Content-Length: %d\r
        \r
        """
            .formatted(endpoint.getHost(), endpoint.getPort(), body.length());
    return (head + body).getBytes(StandardCharsets.US_ASCII);
  }
}
