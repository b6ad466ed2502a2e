package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RpcCodecRoundTripTest {

  private static final int REQUESTS = 300;

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadBackInAnyOrder(Action action) {
    int parameters = 0;
    for (long seed = 0; seed < REQUESTS; seed++) {
      Random random = new Random(seed);
      Object request = new RandomRequests(random).next(action);
      Map<String, String> encoded = shuffled(RpcCodec.encode(request), random);
      Decoded<?> decoded = RpcCodec.decode(action.requestType(), action, encoded);
      assertThat(decoded.problems()).as("seed %s", seed).isEmpty();
      assertThat(decoded.value()).as("seed %s", seed).isEqualTo(request);
      parameters += encoded.size();
    }
    assertThat(parameters).as("the requests are not empty").isGreaterThan(REQUESTS / 2);
  }

  @ParameterizedTest
  @EnumSource
  void gapsInIndicesChangeNothing(Action action) {
    for (long seed = 0; seed < REQUESTS; seed++) {
      Object request = new RandomRequests(new Random(seed)).next(action);
      Map<String, String> stretched = new LinkedHashMap<>();
      // Two entries at most are made, and every list has room for five.
      RpcCodec.encode(request)
          .forEach(
              (name, value) ->
                  stretched.put(
                      name.replaceAll("\\.2(?=\\.|$)", ".5").replaceAll("\\.1(?=\\.|$)", ".3"),
                      value));
      assertThat(RpcCodec.decode(action.requestType(), action, stretched).orThrow())
          .as("seed %s", seed)
          .isEqualTo(request);
    }
  }

  private static Map<String, String> shuffled(Map<String, String> parameters, Random random) {
    List<Map.Entry<String, String>> entries = new ArrayList<>(parameters.entrySet());
    Collections.shuffle(entries, random);
    Map<String, String> shuffled = new LinkedHashMap<>();
    entries.forEach(entry -> shuffled.put(entry.getKey(), entry.getValue()));
    return shuffled;
  }
}
