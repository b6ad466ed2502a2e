package io.podyard.api.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class Acs3SignatureTest {

  private static final String SECRET = "secret";
  private static final List<Entry<String, String>> QUERY =
      List.of(Map.entry("b", "中 文*~"), Map.entry("Tag.1.Key", ""), Map.entry("a b", "1"));

  @Test
  void theCanonicalRequestIsThatOfTheContract() {
    RequestToSign request = request(headers("Host", " h:80 ", "x-acs-date", "D"), new byte[0]);
    assertThat(Acs3Signature.canonicalRequest(request, List.of("host", "x-acs-date")))
        .isEqualTo(
            """
            POST
            /v1/a%2Fb
            Tag.1.Key=&a%20b=1&b=%E4%B8%AD%20%E6%96%87%2A~
            host:h:80
            x-acs-date:D

            host;x-acs-date
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\
            """);
  }

  @Test
  void severalValuesOfAHeaderAreSortedAndJoined() {
    Map<String, List<String>> headers = new TreeMap<>();
    headers.put("X-Acs-A", List.of("b ", " a"));
    headers.put("x-acs-a", List.of("0"));
    assertThat(request(headers, new byte[0]).header("x-acs-a")).isEqualTo("0,a,b");
  }

  @Test
  void aSignedRequestIsValidWithItsBody() {
    byte[] body = {1, 2, 3};
    RequestToSign request = request(complete(body), body);
    Acs3Authorization authorization = Acs3Signature.authorize(request, "ak", SECRET);
    assertThat(authorization.signedHeaders())
        .containsExactly(
            "content-type", "host", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce");
    assertThat(Acs3Signature.check(request, authorization, SECRET)).isEqualTo(SignatureCheck.VALID);
    assertThat(Acs3Signature.check(request(complete(body), new byte[] {3}), authorization, SECRET))
        .isEqualTo(SignatureCheck.BODY_CHANGED);
  }

  @Test
  void bodyHashTimeAndNonceMustBeSigned() {
    RequestToSign request = request(complete(new byte[0]), new byte[0]);
    List<String> all = Acs3Signature.headersToSign(request);
    for (String name : List.of("x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce")) {
      List<String> fewer = new ArrayList<>(all);
      fewer.remove(name);
      Acs3Authorization authorization =
          new Acs3Authorization("ak", fewer, Acs3Signature.sign(request, fewer, SECRET));
      assertThat(Acs3Signature.check(request, authorization, SECRET))
          .as(name)
          .isEqualTo(SignatureCheck.HEADER_NOT_SIGNED);
    }
    List<String> withoutHost = new ArrayList<>(all);
    withoutHost.remove("host");
    assertThat(
            Acs3Signature.check(
                request,
                new Acs3Authorization(
                    "ak", withoutHost, Acs3Signature.sign(request, withoutHost, SECRET)),
                SECRET))
        .isEqualTo(SignatureCheck.VALID);
  }

  @Test
  void aHeaderThatIsNamedButNotSentIsNoneThatCounts() {
    RequestToSign request = request(headers("x-acs-content-sha256", "h"), new byte[0]);
    List<String> named = List.of("x-acs-content-sha256", "x-acs-date");
    assertThat(
            Acs3Signature.check(
                request,
                new Acs3Authorization("ak", named, Acs3Signature.sign(request, named, SECRET)),
                SECRET))
        .isEqualTo(SignatureCheck.HEADER_NOT_SIGNED);
  }

  @Test
  void namesInTheQueryMayBeSignedUnencoded() {
    RequestToSign request = request(complete(new byte[0]), new byte[0]);
    List<String> signed = Acs3Signature.headersToSign(request);
    String canonical = Acs3Signature.canonicalRequest(request, signed).replace("a%20b=1", "a b=1");
    String toSign =
        "ACS3-HMAC-SHA256\n" + RequestToSign.sha256(canonical.getBytes(StandardCharsets.UTF_8));
    String signature = HexFormat.of().formatHex(Hashes.hmac("HmacSHA256", SECRET, toSign));
    assertThat(Acs3Signature.check(request, new Acs3Authorization("ak", signed, signature), SECRET))
        .isEqualTo(SignatureCheck.VALID);
  }

  private static RequestToSign request(Map<String, List<String>> headers, byte[] body) {
    return RequestToSign.of("POST", "/v1/a%2Fb", QUERY, headers, body);
  }

  private static Map<String, List<String>> complete(byte[] body) {
    return headers(
        "Host", "h",
        "Content-Type", "application/json",
        "Accept", "application/json",
        "X-Acs-Date", "2018-08-02T15:00:00Z",
        "x-acs-signature-nonce", "n",
        "x-acs-content-sha256", RequestToSign.sha256(body));
  }

  private static Map<String, List<String>> headers(String... pairs) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.put(pairs[i], Arrays.asList(pairs[i + 1]));
    }
    return headers;
  }
}
