package io.podyard.controlplane.driving;

import io.podyard.controlplane.inventory.HostLife;
import io.podyard.controlplane.inventory.HostTrouble;
import io.podyard.model.HostId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of the driven hosts take no new groups, as the tables said about a second ago. Meanwhile a
 * host may take groups again, so nothing is ended on this word alone.
 */
final class KnownTroubles {

  private final HostLife life;
  private volatile Map<HostId, HostTrouble> byHost = Map.of();

  KnownTroubles(HostLife life) {
    this.life = life;
  }

  void learn(Collection<HostTrouble> troubles) {
    byHost =
        troubles.stream()
            .collect(Collectors.toUnmodifiableMap(HostTrouble::host, Function.identity()));
  }

  Optional<HostTrouble> of(HostId host) {
    return Optional.ofNullable(byHost.get(host));
  }

  /** Whether it was given up; nothing is done on it any more but to remove what is left there. */
  boolean isLost(@Nullable HostId host) {
    return host != null && of(host).filter(HostTrouble::lost).isPresent();
  }

  /** Whether its groups are to be ended because it is drained, by the tables as they are now. */
  boolean isToBeEmptied(@Nullable HostId host) {
    return host != null
        && of(host).filter(HostTrouble::toBeEmptied).isPresent()
        && life.isToBeEmptied(host);
  }

  List<HostTrouble> lost() {
    return byHost.values().stream().filter(HostTrouble::lost).toList();
  }

  List<HostTrouble> toBeEmptied() {
    return byHost.values().stream().filter(HostTrouble::toBeEmptied).toList();
  }
}
