package io.podyard.runtime;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a runtime is told when it is to bring a group nearer to its goal.
 *
 * @param generation counts changes of the spec
 * @param stored what was stored of the group last
 * @param lastSeen when all that is stored as being on the host was last known to be there, null if
 *     nobody knows. What is found missing now ended then, but not before it began.
 * @param gpus the host's devices that are reserved for the group, by their numbers, ascending; none
 *     unless {@link GroupSpec#gpus} says that it has some
 */
public record GroupOrder(
    InstallationId installation,
    AccountId account,
    ContainerGroupId group,
    HostId host,
    GroupSpec spec,
    long generation,
    Goal goal,
    GroupState stored,
    @Nullable Instant lastSeen,
    List<Integer> gpus) {

  public GroupOrder {
    gpus = List.copyOf(gpus);
  }

  /** Of a group without GPUs. */
  public GroupOrder(
      InstallationId installation,
      AccountId account,
      ContainerGroupId group,
      HostId host,
      GroupSpec spec,
      long generation,
      Goal goal,
      GroupState stored,
      @Nullable Instant lastSeen) {
    this(installation, account, group, host, spec, generation, goal, stored, lastSeen, List.of());
  }
}
