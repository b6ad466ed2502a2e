package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.EnvironmentVarRequest;
import io.podyard.api.signature.Acs3Authorization;
import io.podyard.api.signature.Acs3Signature;
import io.podyard.api.signature.RequestToSign;
import io.podyard.api.signature.RpcSignature;
import io.podyard.api.signature.SignatureCheck;
import io.podyard.api.tag.Tag;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests stock SDKs have sent are verified, and no changed one is. */
class CapturedRequestsTest {

  static final List<String> V1 = Captured.V1;
  static final List<String> V3 = Captured.V3;

  @Test
  void everyCapturedFileIsTested() throws IOException, URISyntaxException {
    Path folder =
        Path.of(
            Objects.requireNonNull(
                    CapturedRequestsTest.class.getResource("/io/podyard/api/eci/wire"))
                .toURI());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(Stream.concat(V1.stream(), V3.stream()).toList());
    }
  }

  @ParameterizedTest
  @FieldSource("V1")
  void version1SignaturesMatch(String file) {
    Captured request = Captured.read(file);
    String signature = request.query().getOrDefault("Signature", "");
    assertThat(signature).isNotEmpty();
    assertThat(matches(request, request.query(), Captured.SECRET)).isTrue();
    assertThat(matches(request, request.query(), "anotherSecret")).isFalse();
    assertThat(RpcSignature.matches("PUT", request.query(), Captured.SECRET, signature)).isFalse();
  }

  @ParameterizedTest
  @FieldSource("V1")
  void version1CoversEveryParameter(String file) {
    Captured request = Captured.read(file);
    for (String name : request.query().keySet()) {
      if (name.equals("Signature")) {
        continue;
      }
      Map<String, String> changed = new HashMap<>(request.query());
      changed.put(name, changed.get(name) + "x");
      assertThat(matches(request, changed, Captured.SECRET)).as(name).isFalse();
      changed.remove(name);
      assertThat(matches(request, changed, Captured.SECRET)).as("without " + name).isFalse();
    }
    Map<String, String> more = new LinkedHashMap<>(request.query());
    more.put("Force", "true");
    assertThat(matches(request, more, Captured.SECRET)).isFalse();
  }

  @ParameterizedTest
  @FieldSource("V3")
  void version3SignaturesMatch(String file) {
    Captured captured = Captured.read(file);
    assertThat(check(toSign(captured), captured, Captured.SECRET)).isEqualTo(SignatureCheck.VALID);
    assertThat(check(toSign(captured), captured, "anotherSecret"))
        .isEqualTo(SignatureCheck.MISMATCH);
  }

  @ParameterizedTest
  @FieldSource("V3")
  void version3CoversRequestLineQueryHeadersAndBody(String file) {
    Captured captured = Captured.read(file);
    RequestToSign good = toSign(captured);
    assertThat(
            check(
                new RequestToSign("PUT", "/", good.query(), good.headers(), good.bodySha256()),
                captured,
                Captured.SECRET))
        .isEqualTo(SignatureCheck.MISMATCH);
    assertThat(
            check(
                new RequestToSign(
                    captured.method(), "/v1", good.query(), good.headers(), good.bodySha256()),
                captured,
                Captured.SECRET))
        .isEqualTo(SignatureCheck.MISMATCH);
    List<Entry<String, String>> query = new ArrayList<>(good.query());
    query.add(Map.entry("Force", "true"));
    assertThat(
            check(
                new RequestToSign(captured.method(), "/", query, good.headers(), good.bodySha256()),
                captured,
                Captured.SECRET))
        .isEqualTo(SignatureCheck.MISMATCH);
    assertThat(
            check(
                RequestToSign.of(
                    captured.method(), "/", good.query(), good.headers(), new byte[] {1}),
                captured,
                Captured.SECRET))
        .isEqualTo(SignatureCheck.BODY_CHANGED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-acs-action",
        "x-acs-version",
        "x-acs-date",
        "x-acs-signature-nonce",
        "Content-Type"
      })
  void version3CoversTheHeader(String header) {
    Captured captured = Captured.read(V3.getFirst());
    Map<String, List<String>> changed = new HashMap<>(captured.headers());
    assertThat(changed).containsKey(header);
    changed.put(header, List.of("changed"));
    RequestToSign request =
        RequestToSign.of(captured.method(), "/", entries(captured), changed, new byte[0]);
    assertThat(check(request, captured, Captured.SECRET)).isEqualTo(SignatureCheck.MISMATCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-acs-security-token", "x-acs-accesskey-id"})
  void aHeaderThatDecidesMustBeSignedWhenItIsSent(String header) {
    Captured captured = Captured.read(V3.getFirst());
    Map<String, List<String>> more = new HashMap<>(captured.headers());
    more.put(header, List.of("added"));
    RequestToSign request =
        RequestToSign.of(captured.method(), "/", entries(captured), more, new byte[0]);
    assertThat(check(request, captured, Captured.SECRET))
        .isEqualTo(SignatureCheck.HEADER_NOT_SIGNED);
  }

  @Test
  void aCapturedCreateIsReadWholly() {
    Captured captured = Captured.read("java-1.0.13-CreateContainerGroup.txt");
    CreateContainerGroupRequest request =
        RpcCodec.decode(
                CreateContainerGroupRequest.class, Action.CREATE_CONTAINER_GROUP, captured.query())
            .orThrow();
    assertThat(request.ramRoleName()).isEqualTo("role1");
    assertThat(request.cpu()).isEqualTo(new BigDecimal("2"));
    assertThat(request.regionId()).isEqualTo("cn-hangzhou");
    assertThat(request.tag()).containsExactly(new Tag("k", "v"));
    assertThat(request.container()).hasSize(2);
    assertThat(request.container().getFirst().command()).containsExactly("/bin/sh", "-c");
    assertThat(request.container().getFirst().arg()).containsExactly("echo hi");
    assertThat(request.container().getFirst().environmentVar())
        .containsExactly(EnvironmentVarRequest.of("A", "中 文*~"));
    assertThat(request.container().getFirst().volumeMount())
        .singleElement()
        .satisfies(mount -> assertThat(mount.readOnly()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java-1.0.13-DeleteContainerGroup.txt",
        "java-1.0.13-DescribeContainerGroups.txt",
        "java-1.0.13-DescribeContainerGroupsV3.txt"
      })
  void theOtherCapturedRequestsAreRead(String file) {
    Captured captured = Captured.read(file);
    Action action = Action.named(captured.query().getOrDefault("Action", "")).orElseThrow();
    Decoded<?> decoded = RpcCodec.decode(action.requestType(), action, captured.query());
    assertThat(decoded.problems()).isEmpty();
  }

  private static boolean matches(Captured request, Map<String, String> query, String secret) {
    return RpcSignature.matches(
        request.method(), query, secret, request.query().getOrDefault("Signature", ""));
  }

  private static RequestToSign toSign(Captured captured) {
    return RequestToSign.of(
        captured.method(), captured.path(), entries(captured), captured.headers(), new byte[0]);
  }

  private static List<Entry<String, String>> entries(Captured captured) {
    return List.copyOf(captured.query().entrySet());
  }

  private static SignatureCheck check(RequestToSign request, Captured captured, String secret) {
    String header = captured.headers().getOrDefault("Authorization", List.of("")).getFirst();
    Acs3Authorization authorization = Acs3Authorization.parse(header.strip()).orElseThrow();
    assertThat(authorization.accessKeyId()).isEqualTo("testAk");
    return Acs3Signature.check(request, authorization, secret);
  }
}
