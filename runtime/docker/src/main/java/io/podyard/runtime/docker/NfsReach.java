package io.podyard.runtime.docker;

import com.github.dockerjava.api.model.HostConfig;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.pod.SandboxOrder;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks whether the NFS servers of a group answer before the engine mounts anything of them. The
 * kernel waits for minutes on one that does not, and so would the engine, which answers nothing
 * about the group meanwhile: its host would seem to be silent.
 */
final class NfsReach {

  private static final String PORT = "2049";
  private static final String MILLIS = "3000";
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final long MEMORY_BYTES = 16L << 20;
  private static final long PIDS = 8;

  private final EngineImages images;
  private final SharedContainers shared;

  NfsReach(EngineCalls calls, EngineImages images) {
    this.images = images;
    this.shared = new SharedContainers(calls);
  }

  /**
   * @throws RuntimeUnavailableException for the users of the group, if a server does not answer
   */
  void require(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Set<String> asked = new LinkedHashSet<>();
    for (VolumeSpec volume : order.spec().volumes()) {
      if (volume instanceof VolumeSpec.Nfs nfs && asked.add(nfs.server())) {
        if (!answers(nfs.server(), order, fence)) {
          throw FailedMounts.of(
              nfs, "NFS server %s does not answer at port %s".formatted(nfs.server(), PORT));
        }
      }
    }
  }

  /** Asked by a container in the host's network, as the host mounts it. */
  private boolean answers(String server, SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String name = order.installation() + "-" + order.group() + "-nfs";
    Map<String, String> labels =
        Names.labels(order.installation(), order.group(), order.account(), fence.epoch());
    labels.put(Names.ROLE, Names.ROLE_END);
    HostConfig config = ContainerLimits.ofOurs(MEMORY_BYTES, PIDS).withNetworkMode("host");
    shared.remove(name, fence);
    try {
      List<String> command = List.of("probe-tcp", server, PORT, MILLIS);
      shared.make(name, images.sandbox(fence), command, labels, config, fence);
      return shared.run(name, LONGEST, fence) == 0;
    } finally {
      shared.remove(name, fence);
    }
  }
}
