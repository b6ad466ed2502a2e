package io.podyard.runtime.simulated;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of an image says of how it behaves, so that faults can be tried without a plan. The
 * forms are listed in the README of this module.
 */
record ImageTraits(String image) {

  private static final Pattern VALID =
      Pattern.compile(
          "[a-z0-9]([a-z0-9._/-]|:[0-9]+/)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
              + "(@sha256:[a-f0-9]{64})?");
  private static final Pattern EXIT = Pattern.compile("exit-([0-9]{1,3})(?![0-9])");
  private static final Duration SHORT_LIFE = Duration.ofSeconds(1);
  private static final int FLAKY_FAILURES = 2;
  private static final int OOM_EXIT = 137;

  /** Why fetching it fails, if it does. */
  Optional<FaultPlan.PullFault> pullFault(int retry) {
    if (!VALID.matcher(image).matches()) {
      return fault("InvalidImageName", "couldn't parse image name \"" + image + "\"");
    }
    if (image.contains("not-found")) {
      return fault("ErrImagePull", "manifest of " + image + " unknown: not found");
    }
    if (image.contains("pull-denied")) {
      return fault("ErrImagePull", "pull access denied for " + image);
    }
    if (image.contains("pull-flaky") && retry < FLAKY_FAILURES) {
      return fault("ErrImagePull", "registry did not answer in time for " + image);
    }
    return Optional.empty();
  }

  private Optional<FaultPlan.PullFault> fault(String reason, String message) {
    return Optional.of(new FaultPlan.PullFault(image, 0, reason, message, 0));
  }

  /** How much longer than usual fetching it takes. */
  int pullFactor() {
    return image.contains("pull-slow") ? 100 : 1;
  }

  boolean cannotRun() {
    return image.contains("start-refused");
  }

  boolean ignoresStop() {
    return image.contains("ignores-stop");
  }

  /**
   * @param disks what its program finds
   * @param gpus those that it sees
   */
  Program program(List<String> command, MountedDisks disks, List<Integer> gpus) {
    if (image.contains("crash-loop")) {
      return Program.ending(SHORT_LIFE, 1, false, "crashing, as the image name says");
    }
    if (image.contains("oom-killed")) {
      return Program.ending(SHORT_LIFE, OOM_EXIT, true, "using all memory, as the image name says");
    }
    Matcher exit = EXIT.matcher(image);
    if (exit.find()) {
      int code = Integer.parseInt(exit.group(1)) & 0xff;
      return Program.ending(SHORT_LIFE, code, false, "ending with " + code);
    }
    return Program.of(image, command, disks, gpus);
  }
}
