package io.podyard.controlplane.door.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.ErrorCode;
import io.podyard.controlplane.door.HttpAnswer;
import io.podyard.controlplane.door.HttpCall;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No input causes a 5xx, an exception, or an answer without a known code. */
class HostileInputTest {

  private static final int REQUESTS = 4_000;
  private static final String ODD = "%&=+;:.,/?#[]{}\"'\\<>|^`~ \u0000\u0001\u007f\u00ff\u00c3aZ09";
  private static final List<String> NAMES =
      List.of("CreateContainerGroup", "DeleteContainerGroup", "DescribeContainerGroupsV3");

  @Test
  void mangledRequestsAreRefusedProperly() {
    long seed = Long.getLong("podyard.seed", System.nanoTime());
    Random random = new Random(seed);
    TestDoor door = new TestDoor();
    for (int i = 0; i < REQUESTS; i++) {
      HttpCall request = mangled(random);
      HttpAnswer answer = door.send(request);
      String what = "seed %d, request %d: %s -> %s".formatted(seed, i, request, answer.body());
      assertThat(answer.status()).as(what).isBetween(200, 499);
      if (answer.status() != 200) {
        assertThat(ErrorCode.named(TestDoor.code(answer))).as(what).isPresent();
        assertThat(TestDoor.json(answer).path("RequestId").asString()).as(what).isNotEmpty();
      }
    }
  }

  @Test
  void signedNonsenseIsRefusedProperly() {
    long seed = Long.getLong("podyard.seed", System.nanoTime());
    Random random = new Random(seed);
    TestDoor door = new TestDoor();
    for (int i = 0; i < REQUESTS; i++) {
      TestRequest.Way[] ways = TestRequest.Way.values();
      TestRequest.Way way = ways[random.nextInt(ways.length)];
      TestRequest request = TestRequest.of(way, "CreateContainerGroup").nonce("n" + i);
      for (int p = random.nextInt(4); p >= 0; p--) {
        request.with(text(random, 12), text(random, 30));
        request.with("Container." + random.nextInt(50) + ".Name", text(random, 30));
      }
      HttpAnswer answer = door.send(request);
      String what = "seed %d, request %d: %s".formatted(seed, i, answer.body());
      assertThat(answer.status()).as(what).isBetween(200, 499);
      assertThat(TestDoor.code(answer)).as(what).isNotEqualTo("SignatureDoesNotMatch");
    }
  }

  private static HttpCall mangled(Random random) {
    HttpCall captured = CapturedRequest.read(NAMES.get(random.nextInt(NAMES.size())));
    Map<String, List<String>> headers = new HashMap<>(captured.headers());
    String query = CapturedRequest.query(captured);
    String body = "";
    for (int change = random.nextInt(4); change > 0; change--) {
      switch (random.nextInt(6)) {
        case 0 -> query = mangled(query, random);
        case 1 -> {
          String name = List.copyOf(headers.keySet()).get(random.nextInt(headers.size()));
          headers.put(
              name, List.of(mangled(headers.getOrDefault(name, List.of("")).getFirst(), random)));
        }
        case 2 -> headers.remove(List.copyOf(headers.keySet()).get(random.nextInt(headers.size())));
        case 3 -> body = text(random, 100);
        case 4 -> query = text(random, 200);
        default -> headers.put("authorization", List.of("ACS3-HMAC-SHA256 " + text(random, 80)));
      }
      if (headers.isEmpty()) {
        headers.put("x", List.of("y"));
      }
    }
    return new HttpCall(
        random.nextInt(20) == 0 ? text(random, 5) : captured.method(),
        "/",
        query,
        headers,
        new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)),
        "http");
  }

  private static String mangled(String text, Random random) {
    if (text.isEmpty()) {
      return text(random, 5);
    }
    int at = random.nextInt(text.length());
    int length = random.nextInt(Math.min(10, text.length() - at) + 1);
    return text.substring(0, at) + text(random, 5) + text.substring(at + length);
  }

  private static String text(Random random, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest) + 1; i > 0; i--) {
      text.append(ODD.charAt(random.nextInt(ODD.length())));
    }
    return text.toString();
  }
}
