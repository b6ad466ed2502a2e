package io.podyard.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of driving one group: all a fresh process needs to go on.
 *
 * @param phase how far the host has come
 * @param reason why the group is where it is, machine-readable, empty if nothing needs saying
 * @param message the same for people
 * @param ip address of the group, null before its sandbox is there
 * @param sandboxReadyAt when the sandbox was ready, null before
 * @param chargedFrom when the first pull (or, with nothing to pull, the first container) began;
 *     null before. The meter starts here.
 * @param runningSince when the first container ran, null before
 * @param endedAt when the last container stopped by the runtime's own finish times, on the clock of
 *     who drives; null before. The meter ends here.
 * @param killAt when what still runs is killed; null unless stopping
 * @param containers one for each container of the spec, init containers first, in their order
 * @param pulls one for each image whose fetch has begun
 * @param generation of the spec that the host was brought to, or is being brought to for the first
 *     time
 * @param pendingSince since when it waits for its containers to run, null while it does not or if
 *     that is since {@code chargedFrom}
 */
public record GroupState(
    GroupPhase phase,
    String reason,
    String message,
    @Nullable String ip,
    @Nullable Instant sandboxReadyAt,
    @Nullable Instant chargedFrom,
    @Nullable Instant runningSince,
    @Nullable Instant endedAt,
    @Nullable Instant killAt,
    List<ContainerProgress> containers,
    List<PullProgress> pulls,
    long generation,
    @Nullable Instant pendingSince) {

  public GroupState {
    containers = List.copyOf(containers);
    pulls = List.copyOf(pulls);
  }

  /** Of a group that nothing was done for yet. */
  public static GroupState initial(GroupSpec spec) {
    List<ContainerProgress> containers =
        Stream.concat(spec.initContainers().stream(), spec.containers().stream())
            .map(ContainerProgress::initial)
            .toList();
    return new GroupState(
        GroupPhase.PREPARING,
        "",
        "",
        null,
        null,
        null,
        null,
        null,
        null,
        containers,
        List.of(),
        0,
        null);
  }

  /** The same, with what keeps it from going on. */
  public GroupState waitingFor(String why, String words) {
    return new GroupState(
        phase,
        why,
        words,
        ip,
        sandboxReadyAt,
        chargedFrom,
        runningSince,
        endedAt,
        killAt,
        containers,
        pulls,
        generation,
        pendingSince);
  }

  public Optional<ContainerProgress> container(String name) {
    return containers.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  public Optional<PullProgress> pull(String image) {
    return pulls.stream().filter(p -> p.image().equals(image)).findFirst();
  }
}
