package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.containergroup.CreateContainerGroupRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RpcCodecHostileInputTest {

  private static final List<Action> ACTIONS = List.of(Action.values());
  private static final int SETS = 100_000;
  private static final int VALID_SETS = 200;
  private static final long SEED = 20180808;

  @Test
  @Timeout(60)
  void everyMalformedSetNamesTheParameterThatIsWrong() {
    Random random = new Random(SEED);
    Map<Action, List<Map<String, String>>> valid = new HashMap<>();
    for (Action action : Action.values()) {
      List<Map<String, String>> sets = new ArrayList<>();
      for (int i = 0; i < VALID_SETS; i++) {
        sets.add(RpcCodec.encode(new RandomRequests(random).next(action)));
      }
      valid.put(action, sets);
    }
    Malformed malformed = new Malformed(random);
    for (int i = 0; i < SETS; i++) {
      Action action = ACTIONS.get(random.nextInt(ACTIONS.size()));
      List<Map<String, String>> sets = valid.getOrDefault(action, List.of());
      Map<String, String> parameters = new HashMap<>(sets.get(random.nextInt(sets.size())));
      String wrong = malformed.spoil(action, parameters);
      Decoded<?> decoded = RpcCodec.decode(action.requestType(), action, parameters);
      if (decoded.value() != null
          || decoded.problems().stream().noneMatch(p -> p.parameter().equals(wrong))) {
        throw new AssertionError(
            "seed "
                + SEED
                + ", set "
                + i
                + ": "
                + action
                + " does not name "
                + wrong
                + " of "
                + parameters
                + " but "
                + decoded.problems());
      }
    }
    assertThat(malformed.kindsUsed()).isEqualTo(Malformed.KINDS);
  }

  @Test
  @Timeout(60)
  void noiseIsRefusedWithoutAnException() {
    Random random = new Random(SEED);
    String[] parts = {
      "Container",
      "Volume",
      "Tag",
      "Cpu",
      "1",
      "2",
      "999999999999",
      "-1",
      "0",
      "",
      "N",
      "Name",
      "ConfigFileVolume",
      "EnvironmentVar",
      "Key",
      "\ud800",
      "\u0000",
      "ÿ",
      "LivenessProbe"
    };
    for (int i = 0; i < 20_000; i++) {
      Map<String, String> parameters = new HashMap<>();
      for (int j = random.nextInt(8); j >= 0; j--) {
        List<String> name = new ArrayList<>();
        for (int k = random.nextInt(6); k >= 0; k--) {
          name.add(parts[random.nextInt(parts.length)]);
        }
        parameters.put(String.join(".", name), parts[random.nextInt(parts.length)]);
      }
      for (Action action : Action.values()) {
        Decoded<?> decoded = RpcCodec.decode(action.requestType(), action, parameters);
        assertThat(decoded.value() == null)
            .as("seed %s, set %s: %s", SEED, i, parameters)
            .isEqualTo(!decoded.problems().isEmpty());
      }
    }
  }

  @Test
  @Timeout(20)
  void enormousInputIsRefusedQuickly() {
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 10_000; i++) {
      many.put("Container." + (i % 41 + 1) + ".EnvironmentVar." + (i % 241 + 1) + ".Key" + i, "x");
      many.put("Unknown" + i, "x");
    }
    Decoded<CreateContainerGroupRequest> decoded = decode(many);
    // Each unknown one, the missing name, and no container at all.
    assertThat(decoded.problems()).hasSize(20_002);
    assertThat(new ApiException(decoded.problems()).getMessage().length()).isLessThan(10_000);

    Map<String, String> sparse = new LinkedHashMap<>();
    for (int c = 1; c <= 41; c++) {
      for (int v = 1; v <= 240; v++) {
        sparse.put("Container." + c + ".EnvironmentVar." + (v + 1) + ".Value", "x");
      }
    }
    assertThat(decode(sparse).draft().container())
        .hasSize(41)
        .allSatisfy(container -> assertThat(container.environmentVar()).hasSize(240));

    String dots = "Container.1" + ".1".repeat(500_000);
    assertThat(decode(Map.of(dots, "x")).problems())
        .anySatisfy(problem -> assertThat(problem.parameter()).startsWith("Container.1.1.1"))
        .allSatisfy(problem -> assertThat(problem.parameter().length()).isLessThan(210));
    assertThat(decode(Map.of("Tag." + "9".repeat(1_000_000) + ".Key", "x")).problems())
        .isNotEmpty();
    assertThat(decode(Map.of("Cpu", "9".repeat(1_000_000))).problems())
        .extracting(Problem::parameter)
        .contains("Cpu");
  }

  @Test
  void aMediumRequestIsReadInMicroseconds() {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("ContainerGroupName", "demo");
    for (int c = 1; c <= 3; c++) {
      String container = "Container." + c + ".";
      parameters.put(container + "Name", "c" + c);
      parameters.put(container + "Image", "nginx:1");
      parameters.put(container + "Cpu", "0.5");
      parameters.put(container + "Command.1", "/bin/sh");
      parameters.put(container + "EnvironmentVar.1.Key", "A");
      parameters.put(container + "EnvironmentVar.1.Value", "B");
      parameters.put(container + "VolumeMount.1.Name", "v");
      parameters.put(container + "VolumeMount.1.MountPath", "/v");
    }
    int rounds = 20_000;
    for (int i = 0; i < rounds; i++) {
      decode(parameters).orThrow();
    }
    long start = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      decode(parameters).orThrow();
    }
    Duration each = Duration.ofNanos((System.nanoTime() - start) / rounds);
    System.out.println("decoding " + parameters.size() + " parameters: " + each.toNanos() + " ns");
    // Measured at about 10; the margin is for a machine busy with other things.
    assertThat(each).isLessThan(Duration.ofNanos(200_000));
  }

  private static Decoded<CreateContainerGroupRequest> decode(Map<String, String> parameters) {
    return RpcCodec.decode(
        CreateContainerGroupRequest.class, Action.CREATE_CONTAINER_GROUP, parameters);
  }
}
