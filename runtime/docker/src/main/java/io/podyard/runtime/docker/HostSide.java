package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.EngineAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What can be known and done beside the engine's API if the engine is on this machine. */
final class HostSide {

  private final EngineFacts facts;
  private final boolean local;
  private final GroupCgroup cgroups = new GroupCgroup(Path.of("/sys/fs/cgroup"));

  HostSide(EngineFacts facts, EngineAddress address) {
    this.facts = facts;
    this.local = address instanceof EngineAddress.Local;
  }

  /** The cgroup above the containers of a group; empty where there can be none. */
  Optional<String> cgroup(
      InstallationId installation, ContainerGroupId group, Size size, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return local && facts.get().cgroupfs()
        ? cgroups.ensure(installation, group, size, fence)
        : Optional.empty();
  }

  void removeCgroup(InstallationId installation, ContainerGroupId group, Fence fence)
      throws StaleFenceException {
    if (local) {
      cgroups.remove(installation, group, fence);
    }
  }

  /**
   * Why nothing bounds a group as a whole here; empty if a cgroup does.
   *
   * @throws RuntimeUnavailableException if the engine does not answer
   */
  Optional<String> unboundBecause() throws RuntimeUnavailableException {
    if (!local) {
      return Optional.of("the engine is not reached through a socket of this machine");
    }
    if (!facts.get().cgroupfs()) {
      return Optional.of("the engine's cgroup driver is not cgroupfs");
    }
    return cgroups.unusableBecause();
  }

  /** Ranges that the host uses, as far as they are known here. */
  List<String> ranges() {
    return local ? HostRanges.of(Path.of("/proc/net/route")) : List.of();
  }

  /** The name of a block device, or its numbers where the name is not known here. */
  String device(long major, long minor) {
    String numbers = major + ":" + minor;
    try {
      Path name =
          local ? Path.of("/sys/dev/block", numbers).toRealPath().getFileName() : Path.of(numbers);
      return name == null ? numbers : name.toString();
    } catch (IOException e) {
      return numbers;
    }
  }

  /** The host's own addresses, as far as they are known here. */
  List<String> addresses() {
    if (!local) {
      return List.of();
    }
    List<String> addresses = new ArrayList<>();
    try {
      for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InetAddress address : Collections.list(card.getInetAddresses())) {
          if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
            addresses.add(address.getHostAddress());
          }
        }
      }
    } catch (SocketException e) {
      System.getLogger(HostSide.class.getName())
          .log(System.Logger.Level.WARNING, "this machine's addresses are not known", e);
    }
    return addresses;
  }
}
