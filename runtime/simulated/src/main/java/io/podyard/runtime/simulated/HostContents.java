package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.model.Size;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.SandboxView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is on a simulated host: sandboxes, containers, kept logs. Its host's lock guards it. */
final class HostContents {

  private record Key(InstallationId installation, ContainerGroupId group) {
    static Key of(ContainerName name) {
      return new Key(name.installation(), name.group());
    }
  }

  /**
   * A sandbox, which is up from a moment on.
   *
   * @param address null if the host chose the one it has
   */
  record Sandbox(
      String engineId,
      String ip,
      @Nullable GroupAddress address,
      long epoch,
      Instant readyAt,
      long seed) {

    /** What its interface has; in a network of its own where the host chose. */
    String inSubnet() {
      return address == null ? ip + "/32" : address.inSubnet();
    }

    SandboxView view(Instant now) {
      boolean ready = !now.isBefore(readyAt);
      return new SandboxView(engineId, ready, ready ? ip : "", epoch);
    }
  }

  /** What there is of one group; also while only logs are left. */
  private static final class Group {
    @Nullable Sandbox sandbox;
    final Map<ContainerName, SimulatedContainer> containers = new HashMap<>(4);
    final Map<ContainerName, LogBook> keptLogs = new HashMap<>(2);

    boolean empty() {
      return sandbox == null && containers.isEmpty();
    }
  }

  private final Map<Key, Group> groups = new HashMap<>(4);
  private final Map<String, SimulatedContainer> byId = new HashMap<>(4);

  /** Whether a sandbox has this address of the same network. */
  boolean uses(InstallationId installation, GroupAddress address) {
    return groups.entrySet().stream()
        .filter(entry -> entry.getKey().installation().equals(installation))
        .map(entry -> entry.getValue().sandbox)
        .anyMatch(sandbox -> sandbox != null && address.equals(sandbox.address()));
  }

  EngineView view(InstallationId installation, ContainerGroupId group, Instant now) {
    Group here = groups.get(new Key(installation, group));
    if (here == null) {
      return new EngineView(List.of(), List.of(), now);
    }
    Sandbox sandbox = here.sandbox;
    List<ContainerView> containers =
        here.containers.values().stream()
            .map(SimulatedContainer::view)
            .sorted(
                Comparator.comparing(ContainerView::container)
                    .thenComparingInt(ContainerView::attempt))
            .toList();
    return new EngineView(
        sandbox == null ? List.of() : List.of(sandbox.view(now)), containers, now);
  }

  /**
   * What a group has used so far; empty if no container of it runs. Containers without a limit of
   * their own share the group's evenly, so that all of them together keep to it.
   */
  Optional<GroupStatistics> statistics(
      InstallationId installation, GroupLimits limits, Instant now) {
    Group here = groups.get(new Key(installation, limits.group()));
    Sandbox sandbox = here == null ? null : here.sandbox;
    if (here == null || sandbox == null) {
      return Optional.empty();
    }
    List<SimulatedContainer> running =
        here.containers.values().stream()
            .filter(SimulatedContainer::running)
            .sorted(Comparator.comparing(container -> container.name.container()))
            .toList();
    if (running.isEmpty()) {
      return Optional.empty();
    }
    Size share =
        Size.of(
            limits.size().cpu().value() / running.size(),
            limits.size().memory().value() / running.size());
    SimulatedUse use = new SimulatedUse(sandbox.seed());
    Duration up = Duration.between(sandbox.readyAt(), now);
    return Optional.of(
        new GroupStatistics(
            limits.group(),
            now,
            running.stream()
                .flatMap(container -> statistics(container, limits, share, now).stream())
                .toList(),
            use.interfaces(up),
            use.disks(up),
            List.of()));
  }

  private static Optional<GroupStatistics.OfContainer> statistics(
      SimulatedContainer container, GroupLimits limits, Size share, Instant now) {
    Size limit = limits.of(container.name.container());
    return container.statistics(less(limit, share), limit, now);
  }

  private static Size less(Size one, Size other) {
    return Size.of(
        Math.min(one.cpu().value(), other.cpu().value()),
        Math.min(one.memory().value(), other.memory().value()));
  }

  List<ContainerGroupId> groups(InstallationId installation) {
    return groups.entrySet().stream()
        .filter(e -> e.getKey().installation().equals(installation) && !e.getValue().empty())
        .map(e -> e.getKey().group())
        .sorted()
        .toList();
  }

  /** The installations that have something of a group of this name. */
  List<InstallationId> installations(ContainerGroupId group) {
    return groups.keySet().stream()
        .filter(key -> key.group().equals(group))
        .map(Key::installation)
        .toList();
  }

  Optional<Sandbox> sandbox(InstallationId installation, ContainerGroupId group) {
    Group here = groups.get(new Key(installation, group));
    return here == null ? Optional.empty() : Optional.ofNullable(here.sandbox);
  }

  void put(InstallationId installation, ContainerGroupId group, Sandbox sandbox) {
    groups.computeIfAbsent(new Key(installation, group), _ -> new Group()).sandbox = sandbox;
  }

  void removeSandbox(InstallationId installation, ContainerGroupId group) {
    Key key = new Key(installation, group);
    Group here = groups.get(key);
    if (here != null) {
      here.sandbox = null;
      dropIfNothingLeft(key, here);
    }
  }

  boolean has(ContainerName name) {
    Group here = groups.get(Key.of(name));
    return here != null && here.containers.containsKey(name);
  }

  Optional<SimulatedContainer> container(ContainerName name) {
    Group here = groups.get(Key.of(name));
    return here == null ? Optional.empty() : Optional.ofNullable(here.containers.get(name));
  }

  Optional<SimulatedContainer> container(String engineId) {
    return Optional.ofNullable(byId.get(engineId));
  }

  void put(SimulatedContainer container) {
    groups
        .computeIfAbsent(Key.of(container.name), _ -> new Group())
        .containers
        .put(container.name, container);
    byId.put(container.engineId, container);
  }

  /** Takes a container away and keeps what it wrote. */
  void remove(SimulatedContainer container, Instant now) {
    byId.remove(container.engineId);
    Group here = groups.get(Key.of(container.name));
    if (here != null) {
      here.containers.remove(container.name);
      here.keptLogs.put(container.name, container.log(now));
    }
  }

  void forgetLogs(InstallationId installation, ContainerGroupId group) {
    Key key = new Key(installation, group);
    Group here = groups.get(key);
    if (here != null) {
      here.keptLogs.clear();
      dropIfNothingLeft(key, here);
    }
  }

  private void dropIfNothingLeft(Key key, Group here) {
    if (here.empty() && here.keptLogs.isEmpty()) {
      groups.remove(key);
    }
  }

  List<Integer> loggedAttempts(
      InstallationId installation, ContainerGroupId group, String container) {
    Group here = groups.get(new Key(installation, group));
    return here == null
        ? List.of()
        : Stream.concat(here.containers.keySet().stream(), here.keptLogs.keySet().stream())
            .filter(name -> name.container().equals(container))
            .map(ContainerName::attempt)
            .distinct()
            .sorted()
            .toList();
  }

  LogBook log(ContainerName name, Instant now) throws NoSuchContainerException {
    Group here = groups.get(Key.of(name));
    SimulatedContainer container = here == null ? null : here.containers.get(name);
    if (container != null) {
      return container.log(now);
    }
    LogBook kept = here == null ? null : here.keptLogs.get(name);
    if (kept == null) {
      throw new NoSuchContainerException("nothing is known of container " + name);
    }
    return kept;
  }
}
