package io.podyard.scheduler;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import java.time.Instant;
import java.util.List;

/**
 * A host with spot groups that may be asked to leave.
 *
 * @param host as it is: what these groups hold is reserved
 * @param groups those that may be asked, without those that are protected or leave already
 * @param leaving what those hold that leave already
 * @param promised what of that is promised to others, in the order in which they will take it
 */
public record SpotHost(
    HostSnapshot host, List<Group> groups, List<Taken> leaving, List<Promise> promised) {

  public SpotHost {
    groups = List.copyOf(groups);
    leaving = List.copyOf(leaving);
    promised = List.copyOf(promised);
  }

  /** A host that nobody leaves yet. */
  public SpotHost(HostSnapshot host, List<Group> groups) {
    this(host, groups, List.of(), List.of());
  }

  /**
   * A spot group.
   *
   * @param taken what it holds of its host
   */
  public record Group(ContainerGroupId id, Taken taken, Instant createdAt) {}

  /**
   * What is promised to a request. Which GPUs it will be on is open: it takes those that are best
   * for it once it can.
   *
   * @param diskMib of the host's ephemeral disk, 0 if nobody counts that
   */
  public record Promise(Size size, int diskMib, GpuRequest gpus) {}
}
