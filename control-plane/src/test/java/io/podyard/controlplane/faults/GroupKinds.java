package io.podyard.controlplane.faults;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The groups the fault tests ask for; which kind a group is follows from its name alone: three
 * kinds that run until they are deleted, one that ends well and one that ends badly after a second.
 * None of them ever restarts.
 */
interface GroupKinds {

  /** How many there are. */
  int KINDS = 5;

  /** A request for a group whose name is its token. */
  Map<String, String> parameters(String token);

  /** Whether a group of this name runs until it is deleted. */
  static boolean runsOn(String token) {
    return kind(token) < 3;
  }

  private static int kind(String token) {
    return Math.floorMod(token.hashCode(), KINDS);
  }

  /** Where images need not exist: what a container does follows from the name of its image. */
  static GroupKinds simulated() {
    int images = 1_000;
    return token -> {
      Map<String, String> parameters = parameters(token, "0.5", "1");
      // Most groups have an image that no host has yet.
      parameters.put("Container.1.Image", "podyard/app:" + Math.floorMod(token.hashCode(), images));
      switch (kind(token)) {
        case 0 -> parameters.put("VSwitchId", "vsw-burst-1,vsw-burst-2");
        case 1 -> {
          parameters.put("InitContainer.1.Name", "init");
          parameters.put("InitContainer.1.Image", "podyard/init:1");
          parameters.put("InitContainer.1.Command.1", "true");
        }
        case 2 -> {
          parameters.put("Container.2.Name", "side");
          parameters.put("Container.2.Image", "podyard/side:1");
          if (Math.floorMod(token.hashCode() / KINDS, 4) == 0) {
            disk(parameters);
          }
        }
        case 3 -> {
          ending(parameters, "podyard/exit-0:1");
          parameters.put("VSwitchId", "vsw-burst-1");
        }
        default -> ending(parameters, "podyard/exit-3:1");
      }
      return parameters;
    };
  }

  /**
   * Where programs really run.
   *
   * @param image one with Podyard's tiny program, for each number below so many
   * @param images how many there are
   */
  static GroupKinds real(IntFunction<String> image, int images) {
    return token -> {
      Map<String, String> parameters = parameters(token, "0.25", "0.5");
      String own = image.apply(Math.floorMod(token.hashCode() / KINDS, images));
      parameters.put("Container.1.Image", own);
      command(parameters, "Container.1", "sleep", "3600");
      switch (kind(token)) {
        case 0 -> {}
        case 1 -> {
          parameters.put("InitContainer.1.Name", "init");
          parameters.put("InitContainer.1.Image", "podyard/tiny:1");
          command(parameters, "InitContainer.1", "true");
        }
        case 2 -> {
          parameters.put("Container.2.Name", "side");
          parameters.put("Container.2.Image", "podyard/tiny:1");
          // It has to be killed.
          command(parameters, "Container.2", "stubborn", "3600");
        }
        case 3 -> {
          ending(parameters, own);
          command(parameters, "Container.1", "sleep", "1");
        }
        default -> {
          ending(parameters, own);
          command(parameters, "Container.1", "sleep", "1", "then", "exit", "3");
        }
      }
      return parameters;
    };
  }

  private static Map<String, String> parameters(String token, String cpu, String memory) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("ClientToken", token);
    parameters.put("ContainerGroupName", token);
    parameters.put("Cpu", cpu);
    parameters.put("Memory", memory);
    parameters.put("TerminationGracePeriodSeconds", "2");
    parameters.put("Container.1.Name", "app");
    return parameters;
  }

  /** One that goes with its group. */
  private static void disk(Map<String, String> parameters) {
    parameters.put("Volume.1.Name", "data");
    parameters.put("Volume.1.Type", "FlexVolume");
    parameters.put("Volume.1.FlexVolume.Driver", "alicloud/disk");
    parameters.put(
        "Volume.1.FlexVolume.Options", "{\"volumeSize\":20,\"deleteWithInstance\":true}");
    parameters.put("Container.1.VolumeMount.1.Name", "data");
    parameters.put("Container.1.VolumeMount.1.MountPath", "/data");
  }

  private static void ending(Map<String, String> parameters, String image) {
    parameters.put("RestartPolicy", "Never");
    parameters.put("Container.1.Image", image);
  }

  private static void command(Map<String, String> parameters, String container, String... words) {
    for (int i = 0; i < words.length; i++) {
      parameters.put(container + ".Command." + (i + 1), words[i]);
    }
  }
}
