package io.podyard.runtime.pod;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.Handler;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The engine of one host: it knows sandboxes, images and containers, not groups. Every call that
 * changes something checks the fence right before it writes to the engine and carries the epoch.
 * Calls return at once; what takes long (pull, stop) is begun here and seen in the view.
 */
public interface ContainerEngine
    extends CommittingEngine,
        ImageHoldingEngine,
        DataHoldingEngine,
        CapturingEngine,
        DumpingEngine,
        DiskKeepingEngine,
        AutoCloseable {

  /** What the host says of itself. */
  HostReport report() throws RuntimeUnavailableException;

  /** Everything the engine has of one group of an installation. */
  EngineView view(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException;

  /** The groups of an installation of which the engine has anything. */
  List<ContainerGroupId> groups(InstallationId installation) throws RuntimeUnavailableException;

  /**
   * A look at one group and at the images it waits for. An engine that is far away answers it in
   * one go.
   *
   * @param images those to be looked for; all of them are in the answer
   */
  default Observation observe(
      InstallationId installation, ContainerGroupId group, Collection<String> images)
      throws RuntimeUnavailableException {
    Map<String, ImageView> views = new LinkedHashMap<>();
    for (String image : images) {
      views.put(image, image(group, image));
    }
    return new Observation(view(installation, group), views);
  }

  /**
   * What a group takes of the disk. Measured in the background, so the figures are some seconds old
   * and at first there are none; a group that exceeds a limit is told of by {@link #watch}. Engines
   * on whose hosts nothing takes disk have none at all.
   */
  default DiskUsage diskUsage(InstallationId installation, ContainerGroupId group, GroupSpec spec)
      throws RuntimeUnavailableException {
    return DiskUsage.NONE;
  }

  /**
   * What groups used until now; a group of which no container runs, or that could not be asked in
   * time, is left out. An engine that is far away answers it in one go.
   */
  default List<GroupStatistics> statistics(
      InstallationId installation, Collection<GroupLimits> groups)
      throws RuntimeUnavailableException {
    return List.of();
  }

  /** Everything the engine has of an installation, by group. */
  default Map<ContainerGroupId, EngineView> views(InstallationId installation)
      throws RuntimeUnavailableException {
    Map<ContainerGroupId, EngineView> views = new LinkedHashMap<>();
    for (ContainerGroupId group : groups(installation)) {
      views.put(group, view(installation, group));
    }
    return views;
  }

  /**
   * The attempts of a container whose log can be read, in ascending order. Engines that keep the
   * logs of removed containers name these too.
   */
  default List<Integer> loggedAttempts(
      InstallationId installation, ContainerGroupId group, String container)
      throws RuntimeUnavailableException {
    return view(installation, group).containers().stream()
        .filter(c -> c.container().equals(container))
        .map(ContainerView::attempt)
        .sorted()
        .toList();
  }

  /**
   * Makes and starts the sandbox that owns the group's network and volumes. Its name is
   * deterministic, so a second one is a conflict; finding it there is success.
   */
  void createSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Brings volumes, name resolution and limits of a sandbox to those of another spec. Its address
   * stays, and so does what is in the volumes that stay; none of the group's containers that use
   * what changes runs meanwhile.
   */
  void updateSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * What is known of an image on the host, a running or failed fetch of this group included.
   *
   * @param group whose credentials and fetches count
   */
  ImageView image(ContainerGroupId group, String image) throws RuntimeUnavailableException;

  /** Begins to fetch an image unless the same fetch is already under way. */
  void beginPull(PullOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Makes a container, not yet started, named {@code <installation>-<group>-<container>-<attempt>}.
   * A container of that name that is already there is success.
   *
   * @throws ContainerRefusedException if the engine will never make it as ordered
   */
  void createContainer(ContainerOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException;

  /**
   * Starts a container by the engine's own id; one that already ran is left alone.
   *
   * @throws ContainerRefusedException if it cannot run, for example for want of its program
   */
  void startContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException;

  /** Begins to stop a container: its stop signal now, the kill after the grace. */
  void beginStop(String engineId, Duration grace, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Removes a container that does not run, or kills and removes it. One that is not there is fine.
   * Its newest log (10 MiB by default) is kept until {@link #forgetLogs}, or until there are two
   * newer attempts.
   */
  void removeContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Removes the sandbox and the volumes of a group, and takes its disks from it, which stay. What
   * is not there is fine.
   */
  void removeSandbox(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** Drops the kept logs of a group whose record is over. */
  void forgetLogs(InstallationId installation, ContainerGroupId group);

  /**
   * The log of an attempt of a container, removed ones included. The attempt is the one named: who
   * calls has already turned {@link LogQuery#previous()} into a number.
   *
   * @throws NoSuchContainerException if nothing is known of that attempt
   */
  String logs(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException;

  /**
   * Runs a command in a running container and waits for its end. A command that takes longer than
   * it may is ended, with all that it started in its session.
   *
   * @throws NoSuchContainerException if it does not run
   * @throws CommandTimedOutException if the time is over; says whether the command was ended
   */
  ExecResult exec(String engineId, List<String> command, Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException;

  /**
   * Runs a command in a running container and talks with it.
   *
   * @throws NoSuchContainerException if it does not run
   */
  ExecSession open(String engineId, ExecOrder order)
      throws RuntimeUnavailableException, NoSuchContainerException;

  /**
   * Follows the log of a started attempt of a container to its end, that of a removed one included.
   *
   * @throws NoSuchContainerException if nothing is known of that attempt
   */
  LogStream follow(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException;

  /**
   * Does a check in a running container or from inside its group's network, and waits for its end.
   * A check that is not through in its time failed, and nothing of it goes on.
   *
   * @param ip the group's address
   * @throws NoSuchContainerException if the container does not run
   * @throws RuntimeUnavailableException if nobody can tell what came of it
   */
  CheckResult check(
      InstallationId installation,
      ContainerGroupId group,
      String engineId,
      Handler handler,
      String ip,
      Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException;

  /** Calls back, quickly and from any thread, when something may have changed with a group. */
  AutoCloseable watch(InstallationId installation, Consumer<ContainerGroupId> changed);

  @Override
  void close();

  /** Everything there is of one group; {@code now} is the engine's own time of the look. */
  record EngineView(List<SandboxView> sandboxes, List<ContainerView> containers, Instant now) {
    public EngineView {
      sandboxes = List.copyOf(sandboxes);
      containers = List.copyOf(containers);
    }

    public boolean isEmpty() {
      return sandboxes.isEmpty() && containers.isEmpty();
    }
  }
}
