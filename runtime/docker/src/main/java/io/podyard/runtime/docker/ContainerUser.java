package io.podyard.runtime.docker;

import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.ContainerRefusedException;
import java.util.Optional;

/** As whom a container runs, and whether it may. */
final class ContainerUser {

  private static final String REFUSED = "CreateContainerConfigError";

  private ContainerUser() {}

  /** Who an image runs as, as it says: {@code user}, {@code user:group}, or nothing. */
  @FunctionalInterface
  interface OfImage {
    String ask() throws RuntimeUnavailableException;
  }

  /**
   * The user for the engine, {@code user} or {@code user:group}; empty for the image's own.
   *
   * @throws ContainerRefusedException if it must not be user 0 and is, or that cannot be told
   */
  static Optional<String> of(ContainerSpec spec, OfImage image)
      throws RuntimeUnavailableException, ContainerRefusedException {
    Long wanted = spec.runAsUser();
    boolean matters = wanted == null && (spec.runAsNonRoot() || spec.runAsGroup() != null);
    String own = matters ? userOf(image.ask()) : "";
    if (spec.runAsNonRoot()) {
      refuseRoot(spec, own);
    }
    if (spec.runAsGroup() == null) {
      return Optional.ofNullable(wanted).map(String::valueOf);
    }
    return Optional.of((wanted == null ? own : wanted.toString()) + ":" + spec.runAsGroup());
  }

  private static String userOf(String image) {
    int colon = image.indexOf(':');
    String user = colon < 0 ? image : image.substring(0, colon);
    return user.isEmpty() ? "0" : user;
  }

  /** As Kubernetes does it: who a name is cannot be known before the container is there. */
  private static void refuseRoot(ContainerSpec spec, String own) throws ContainerRefusedException {
    Long wanted = spec.runAsUser();
    if (wanted != null) {
      if (wanted == 0) {
        throw refused(spec, "it must not run as root, but is to run as user 0");
      }
      return;
    }
    if (!own.matches("[0-9]+")) {
      throw refused(
          spec,
          "it must not run as root, and the user of its image, "
              + own
              + ", is no number, so that cannot be verified");
    }
    if (own.matches("0+")) {
      throw refused(spec, "it must not run as root, but its image runs as root");
    }
  }

  private static ContainerRefusedException refused(ContainerSpec spec, String why) {
    return new ContainerRefusedException(REFUSED, "container " + spec.name() + ": " + why);
  }
}
