package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.docker.web.GuardedHttp;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import io.podyard.runtime.docker.web.Peer;
import io.podyard.runtime.docker.web.SentBody;
import io.podyard.runtime.docker.web.WebRefusal;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Requests to one bucket, signed if there is a key. */
final class BucketRequests {

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  /** The client sets these itself. */
  private static final Set<String> OWN = Set.of("host", "authorization", "content-length");

  private final GuardedHttp http;
  private final DataSource.Bucket bucket;
  private final Peer peer;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  /**
   * @param loopback whether it may be on this machine
   */
  BucketRequests(GuardedHttp http, DataSource.Bucket bucket, boolean loopback) {
    this.http = http;
    this.bucket = bucket;
    // A signature holds for one address alone.
    this.peer =
        new Peer("the object storage " + bucket.endpoint().getHost(), loopback, false, true, 0);
  }

  /** For messages. */
  HttpWords words(String key) {
    return new HttpWords(
        "bucket %s at %s%s"
            .formatted(
                bucket.bucket(),
                bucket.endpoint().getHost(),
                key.isEmpty() ? "" : ", object " + TreePath.shown(key)));
  }

  /**
   * @param key of an object; empty for the bucket
   */
  Answer send(
      String method,
      String key,
      Map<String, String> query,
      Map<String, String> headers,
      @Nullable SentBody body)
      throws DataNotFetchedException, IOException, InterruptedException {
    URI uri = address(bucket, key, query);
    Map<String, String> all = new LinkedHashMap<>(headers);
    String authorization = "";
    DataSource.AccessKey pair = bucket.key();
    if (pair != null) {
      SdkHttpRequest.Builder request =
          SdkHttpRequest.builder()
              .method(SdkHttpMethod.fromValue(method))
              .protocol(uri.getScheme())
              .host(uri.getHost())
              .port(uri.getPort() < 0 ? null : uri.getPort())
              .encodedPath(uri.getRawPath());
      query.forEach(request::putRawQueryParameter);
      SdkHttpRequest signed =
          signer
              .sign(
                  r ->
                      r.identity(AwsCredentialsIdentity.create(pair.id(), pair.secret().reveal()))
                          .request(request.build())
                          .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                          .putProperty(AwsV4HttpSigner.REGION_NAME, bucket.region())
                          .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                          .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                          // Objects are only read: there is no body to vouch for.
                          .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, body == null))
              .request();
      authorization = signed.firstMatchingHeader("Authorization").orElse("");
      for (Map.Entry<String, List<String>> header : signed.headers().entrySet()) {
        if (!OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
          all.put(header.getKey(), header.getValue().getFirst());
        }
      }
    }
    try {
      return http.send(peer, method, uri, all, authorization, body);
    } catch (WebRefusal e) {
      throw new DataNotFetchedException(Reason.REFUSED, e.words(), e, 0);
    }
  }

  static URI address(DataSource.Bucket bucket, String key, Map<String, String> query) {
    URI endpoint = bucket.endpoint();
    String port = endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort();
    String service = endpoint.getHost() + port;
    String object = encoded(key, "/");
    String asked =
        query.entrySet().stream()
            .map(e -> encoded(e.getKey(), "") + "=" + encoded(e.getValue(), ""))
            .collect(Collectors.joining("&"));
    return URI.create(
        endpoint.getScheme()
            + "://"
            + (bucket.pathStyle()
                ? service + "/" + bucket.bucket() + "/" + object
                : bucket.bucket() + "." + service + "/" + object)
            + (asked.isEmpty() ? "" : "?" + asked));
  }

  /** As an address has it, but for what is kept. */
  static String encoded(String text, String kept) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (each & 0xff);
      if (UNRESERVED.indexOf(character) >= 0 || kept.indexOf(character) >= 0) {
        encoded.append(character);
      } else {
        encoded.append("%%%02X".formatted((int) character));
      }
    }
    return encoded.toString();
  }
}
