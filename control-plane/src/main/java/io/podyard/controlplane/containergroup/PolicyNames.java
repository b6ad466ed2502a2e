package io.podyard.controlplane.containergroup;

import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.RestartPolicy;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the contract calls the policies of a group and its containers. */
final class PolicyNames {

  private PolicyNames() {}

  static String of(RestartPolicy policy) {
    return switch (policy) {
      case ALWAYS -> "Always";
      case ON_FAILURE -> "OnFailure";
      case NEVER -> "Never";
    };
  }

  static String of(PullPolicy policy) {
    return switch (policy) {
      case ALWAYS -> "Always";
      case IF_NOT_PRESENT -> "IfNotPresent";
      case NEVER -> "Never";
    };
  }

  static Optional<RestartPolicy> restartPolicy(String name) {
    return find(RestartPolicy.values(), PolicyNames::of, name);
  }

  static Optional<PullPolicy> pullPolicy(String name) {
    return find(PullPolicy.values(), PolicyNames::of, name);
  }

  private static <P> Optional<P> find(P[] policies, Function<P, String> naming, String name) {
    return Stream.of(policies).filter(policy -> naming.apply(policy).equals(name)).findFirst();
  }
}
