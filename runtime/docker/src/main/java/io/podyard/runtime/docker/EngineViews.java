package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ContainerNetworkSettings;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.ContainerView.Status;
import io.podyard.runtime.pod.SandboxView;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the engine has. One list tells nearly all; only when a container began or ended is asked for
 * by itself, once, because that does not change any more.
 */
final class EngineViews {

  private static final int MOST_REMEMBERED = 50_000;

  private final EngineCalls calls;
  private final EngineFacts facts;
  private final GroupVolumes volumes;
  private final TerminationMessages messages;
  private final Map<String, Status> known = new ConcurrentHashMap<>();

  /** Containers whose end was told while the engine's list may still say that they run. */
  private final Set<String> died = ConcurrentHashMap.newKeySet();

  EngineViews(
      EngineCalls calls, EngineFacts facts, GroupVolumes volumes, TerminationMessages messages) {
    this.calls = calls;
    this.messages = messages;
    this.facts = facts;
    this.volumes = volumes;
  }

  EngineView view(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    return view(list(Names.ofGroup(installation, group)));
  }

  /** Of all groups, also of those that have nothing but volumes left. */
  Map<ContainerGroupId, EngineView> views(InstallationId installation)
      throws RuntimeUnavailableException {
    Map<String, String> labels = Map.of(Names.INSTALLATION, installation.value());
    Map<ContainerGroupId, List<Container>> groups = new LinkedHashMap<>();
    for (Container container : list(labels)) {
      String group = container.getLabels().get(Names.GROUP);
      if (group != null) {
        groups.computeIfAbsent(new ContainerGroupId(group), _ -> new ArrayList<>()).add(container);
      }
    }
    for (InspectVolumeResponse volume : volumes.find(labels)) {
      String group = volume.getLabels() == null ? null : volume.getLabels().get(Names.GROUP);
      if (group != null) {
        groups.computeIfAbsent(new ContainerGroupId(group), _ -> new ArrayList<>());
      }
    }
    Map<ContainerGroupId, EngineView> views = new LinkedHashMap<>();
    for (Map.Entry<ContainerGroupId, List<Container>> group : groups.entrySet()) {
      views.put(group.getKey(), view(group.getValue()));
    }
    return views;
  }

  /** For whom a group runs, by the label of its sandbox. */
  Optional<AccountId> account(ContainerGroupId group) throws RuntimeUnavailableException {
    return list(Map.of(Names.GROUP, group.value())).stream()
        .map(container -> container.getLabels().get(Names.ACCOUNT))
        .filter(account -> account != null && !account.isEmpty())
        .findFirst()
        .map(AccountId::new);
  }

  /**
   * The engine tells of an end some milliseconds before its list does, and tells it once: from here
   * on the container itself is asked, which waits until the engine has noted the end.
   */
  void died(String engineId) {
    if (!(known.get(engineId) instanceof Status.Exited)) {
      died.add(engineId);
    }
  }

  void forget(String engineId) {
    known.remove(engineId);
    died.remove(engineId);
  }

  private List<Container> list(Map<String, String> labels) throws RuntimeUnavailableException {
    return calls.read(
        docker -> docker.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec());
  }

  private EngineView view(List<Container> found) throws RuntimeUnavailableException {
    List<SandboxView> sandboxes = new ArrayList<>();
    List<ContainerView> containers = new ArrayList<>();
    boolean held = areHeld(found);
    for (Container container : found) {
      Map<String, String> labels = container.getLabels();
      String role = labels.getOrDefault(Names.ROLE, "");
      if (role.equals(Names.ROLE_SANDBOX)) {
        sandboxes.add(
            new SandboxView(
                container.getId(),
                runs(container) && held,
                ip(container.getNetworkSettings()),
                number(labels.get(Names.EPOCH))));
      } else if (role.equals(Names.ROLE_CONTAINER)) {
        status(container)
            .ifPresent(
                status ->
                    containers.add(
                        new ContainerView(
                            container.getId(),
                            labels.getOrDefault(Names.CONTAINER, ""),
                            (int) number(labels.get(Names.ATTEMPT)),
                            number(labels.get(Names.EPOCH)),
                            status)));
      }
    }
    return new EngineView(sandboxes, containers, facts.now());
  }

  /** A group whose volumes nobody holds any more has lost what was in memory. */
  private boolean areHeld(List<Container> found) {
    List<Container> keepers =
        found.stream()
            .filter(c -> Names.ROLE_KEEPER.equals(c.getLabels().get(Names.ROLE)))
            .toList();
    return keepers.stream().noneMatch(keeper -> "exited".equals(keeper.getState()))
        || keepers.stream().anyMatch(this::runs);
  }

  private boolean runs(Container listed) {
    return "running".equals(listed.getState()) && !died.contains(listed.getId());
  }

  private static String ip(@Nullable ContainerNetworkSettings settings) {
    if (settings == null || settings.getNetworks() == null) {
      return "";
    }
    return settings.getNetworks().values().stream()
        .map(ContainerNetwork::getIpAddress)
        .filter(ip -> ip != null && !ip.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static long number(@Nullable String label) {
    try {
      return label == null ? 0 : Long.parseLong(label);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Empty if it vanished while it was looked at. */
  private Optional<Status> status(Container container) throws RuntimeUnavailableException {
    Status before = known.get(container.getId());
    if ((runs(container) && before instanceof Status.Running) || before instanceof Status.Exited) {
      return Optional.of(before);
    }
    Optional<Status> status =
        calls.read(
            docker -> {
              try {
                return Optional.of(
                    status(
                        docker.inspectContainerCmd(container.getId()).exec().getState(),
                        Instant.ofEpochSecond(container.getCreated())));
              } catch (NotFoundException e) {
                return Optional.empty();
              }
            });
    if (status.isPresent() && status.get() instanceof Status.Exited exited) {
      status = Optional.of(said(container, exited));
    }
    status.ifPresent(found -> remember(container.getId(), found));
    return status;
  }

  private Status.Exited said(Container container, Status.Exited exited)
      throws RuntimeUnavailableException {
    return exited.error().isEmpty()
        ? new Status.Exited(
            exited.exitCode(),
            exited.oomKilled(),
            exited.error(),
            messages.of(container.getId(), container.getLabels(), exited.exitCode()),
            exited.startedAt(),
            exited.finishedAt())
        : exited;
  }

  private void remember(String engineId, Status status) {
    if (known.size() > MOST_REMEMBERED || died.size() > MOST_REMEMBERED) {
      known.clear();
      died.clear();
    }
    if (!(status instanceof Status.Created)) {
      known.put(engineId, status);
    }
    if (status instanceof Status.Exited) {
      died.remove(engineId);
    }
  }

  private static Status status(ContainerState state, Instant created) {
    String word = state.getStatus() == null ? "" : state.getStatus();
    return switch (word) {
      case "created" ->
          ContainerStart.cannotRun(state) ? exited(state, created) : new Status.Created();
      case "running", "paused", "restarting" ->
          new Status.Running(time(state.getStartedAt(), created));
      default -> exited(state, created);
    };
  }

  private static Status.Exited exited(ContainerState state, Instant created) {
    Instant started = time(state.getStartedAt(), created);
    Instant finished = time(state.getFinishedAt(), started);
    Long code = state.getExitCodeLong();
    return new Status.Exited(
        code == null ? 0 : code.intValue(),
        Boolean.TRUE.equals(state.getOOMKilled()),
        state.getError() == null ? "" : state.getError(),
        started,
        finished.isBefore(started) ? started : finished);
  }

  /** Engines write the year 1 for what never was. */
  private static Instant time(@Nullable String text, Instant otherwise) {
    try {
      Instant time = text == null ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
      return time.isAfter(Instant.EPOCH) ? time : otherwise;
    } catch (DateTimeParseException e) {
      return otherwise;
    }
  }
}
