package io.podyard.runtime.simulated;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.SandboxView;
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

  /** A sandbox, which is up from a moment on. */
  record Sandbox(String engineId, String ip, long epoch, Instant readyAt) {

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
