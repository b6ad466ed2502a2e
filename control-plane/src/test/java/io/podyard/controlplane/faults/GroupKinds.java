package io.podyard.controlplane.faults;

import java.util.LinkedHashMap;
import java.util.Map;

/** The groups the fault tests ask for; which kind a group is follows from its name alone. */
final class GroupKinds {

  private static final int KINDS = 5;
  private static final int IMAGES = 1_000;

  private GroupKinds() {}

  /**
   * A request for a group whose name is its token: three kinds that run until they are deleted, one
   * that ends well and one that ends badly after a second. None of them ever restarts.
   */
  static Map<String, String> parameters(String token) {
    int kind = Math.floorMod(token.hashCode(), KINDS);
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("ClientToken", token);
    parameters.put("ContainerGroupName", token);
    parameters.put("Cpu", "0.5");
    parameters.put("Memory", "1");
    parameters.put("TerminationGracePeriodSeconds", "2");
    parameters.put("Container.1.Name", "app");
    // Most groups have an image that no host has yet.
    parameters.put("Container.1.Image", "podyard/app:" + Math.floorMod(token.hashCode(), IMAGES));
    switch (kind) {
      case 0 -> {}
      case 1 -> {
        parameters.put("InitContainer.1.Name", "init");
        parameters.put("InitContainer.1.Image", "podyard/init:1");
        parameters.put("InitContainer.1.Command.1", "true");
      }
      case 2 -> {
        parameters.put("Container.2.Name", "side");
        parameters.put("Container.2.Image", "podyard/side:1");
      }
      case 3 -> ending(parameters, "0");
      default -> ending(parameters, "3");
    }
    return parameters;
  }

  /** Whether a group of this name runs until it is deleted. */
  static boolean runsOn(String token) {
    return Math.floorMod(token.hashCode(), KINDS) < 3;
  }

  private static void ending(Map<String, String> parameters, String exitCode) {
    parameters.put("RestartPolicy", "Never");
    parameters.put("Container.1.Image", "podyard/exit-" + exitCode + ":1");
  }
}
