package io.podyard.controlplane.runtimes;

import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.placement.Placement;
import io.podyard.model.HostId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The runtimes of this process by the name that pools give. */
public final class Runtimes implements AutoCloseable {

  private final Placement placement;
  private final Map<String, GroupRuntime> byName = new ConcurrentHashMap<>();
  private volatile String forNewGroups = "";

  public Runtimes(Placement placement) {
    this.placement = placement;
  }

  public void add(GroupRuntime runtime) {
    byName.put(runtime.name(), runtime);
  }

  /** Says on which of them new groups start; the others only go on with what they have. */
  public void startNewGroupsOn(String runtime) {
    forNewGroups = runtime;
  }

  /** Whether new groups start on that one. */
  public boolean newGroupsStartOn(String runtime) {
    return forNewGroups.equals(runtime);
  }

  /** Whether a host is in the inventory, as this process has read it. */
  public boolean know(HostId host) {
    return placement.host(host).isPresent();
  }

  /**
   * The runtime that serves a host.
   *
   * @throws RuntimeUnavailableException if the host or its runtime is not known to this process
   */
  public GroupRuntime of(HostId host) throws RuntimeUnavailableException {
    KnownHost known = placement.host(host).orElse(null);
    if (known == null) {
      throw new RuntimeUnavailableException("host " + host + " is not in the inventory");
    }
    GroupRuntime runtime = byName.get(known.runtime());
    if (runtime == null) {
      throw new RuntimeUnavailableException(
          "this process has no runtime %s for host %s".formatted(known.runtime(), host));
    }
    return runtime;
  }

  /** All runtimes of this process. */
  public List<GroupRuntime> all() {
    return List.copyOf(byName.values());
  }

  /** Names of the runtimes of this process, in their order. */
  public List<String> names() {
    return List.copyOf(new TreeMap<>(byName).keySet());
  }

  @Override
  public void close() {
    byName.values().forEach(GroupRuntime::close);
  }
}
