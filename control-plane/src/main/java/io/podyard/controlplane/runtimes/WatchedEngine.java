package io.podyard.controlplane.runtimes;

import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.Handler;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HostImage;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.ImageNotFetchedException;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.pod.ContainerEngine;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.DiskUsage;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.Observation;
import io.podyard.runtime.pod.PullOrder;
import io.podyard.runtime.pod.SandboxOrder;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An engine that tells of each call that changes something on its host, named as the method: {@link
 * Side#BEFORE} when its fence has been checked and nothing is left but to write to the engine,
 * {@link Side#AFTER} when the engine has answered. For tests that end or hold the process there.
 */
public record WatchedEngine(ContainerEngine engine, CommitPoints points)
    implements ContainerEngine {

  /** Says when the check is behind the caller. */
  private record WatchedFence(Fence fence, String call, CommitPoints points) implements Fence {

    @Override
    public long epoch() {
      return fence.epoch();
    }

    @Override
    public void check() throws StaleFenceException {
      fence.check();
      points.reached(call, Side.BEFORE);
    }
  }

  private Fence watched(String call, Fence fence) {
    return new WatchedFence(fence, call, points);
  }

  private void answered(String call) {
    points.reached(call, Side.AFTER);
  }

  @Override
  public void createSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.createSandbox(order, watched("createSandbox", fence));
    answered("createSandbox");
  }

  @Override
  public void updateSandbox(SandboxOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.updateSandbox(order, watched("updateSandbox", fence));
    answered("updateSandbox");
  }

  @Override
  public void beginPull(PullOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.beginPull(order, watched("beginPull", fence));
    answered("beginPull");
  }

  @Override
  public void createContainer(ContainerOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    engine.createContainer(order, watched("createContainer", fence));
    answered("createContainer");
  }

  @Override
  public void startContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, ContainerRefusedException {
    engine.startContainer(engineId, watched("startContainer", fence));
    answered("startContainer");
  }

  @Override
  public void beginStop(String engineId, Duration grace, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.beginStop(engineId, grace, watched("beginStop", fence));
    answered("beginStop");
  }

  @Override
  public void removeContainer(String engineId, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.removeContainer(engineId, watched("removeContainer", fence));
    answered("removeContainer");
  }

  @Override
  public void removeSandbox(InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.removeSandbox(installation, group, watched("removeSandbox", fence));
    answered("removeSandbox");
  }

  @Override
  public HostReport report() throws RuntimeUnavailableException {
    return engine.report();
  }

  @Override
  public EngineView view(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    return engine.view(installation, group);
  }

  @Override
  public List<ContainerGroupId> groups(InstallationId installation)
      throws RuntimeUnavailableException {
    return engine.groups(installation);
  }

  @Override
  public Observation observe(
      InstallationId installation, ContainerGroupId group, Collection<String> images)
      throws RuntimeUnavailableException {
    return engine.observe(installation, group, images);
  }

  @Override
  public DiskUsage diskUsage(InstallationId installation, ContainerGroupId group, GroupSpec spec)
      throws RuntimeUnavailableException {
    return engine.diskUsage(installation, group, spec);
  }

  @Override
  public List<GroupStatistics> statistics(
      InstallationId installation, Collection<GroupLimits> groups)
      throws RuntimeUnavailableException {
    return engine.statistics(installation, groups);
  }

  @Override
  public Map<ContainerGroupId, EngineView> views(InstallationId installation)
      throws RuntimeUnavailableException {
    return engine.views(installation);
  }

  @Override
  public ImageView image(ContainerGroupId group, String image) throws RuntimeUnavailableException {
    return engine.image(group, image);
  }

  @Override
  public List<Integer> loggedAttempts(
      InstallationId installation, ContainerGroupId group, String container)
      throws RuntimeUnavailableException {
    return engine.loggedAttempts(installation, group, container);
  }

  @Override
  public void forgetLogs(InstallationId installation, ContainerGroupId group) {
    engine.forgetLogs(installation, group);
  }

  @Override
  public String logs(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return engine.logs(name, query);
  }

  @Override
  public ExecResult exec(String engineId, List<String> command, Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    return engine.exec(engineId, command, timeout);
  }

  @Override
  public ExecSession open(String engineId, ExecOrder order)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return engine.open(engineId, order);
  }

  @Override
  public LogStream follow(ContainerName name, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return engine.follow(name, query);
  }

  @Override
  public CheckResult check(
      InstallationId installation,
      ContainerGroupId group,
      String engineId,
      Handler handler,
      String ip,
      Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return engine.check(installation, group, engineId, handler, ip, timeout);
  }

  @Override
  public void commit(String engineId, CommitOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          NoSuchContainerException,
          ImageNotPushedException {
    engine.commit(engineId, order, watched("commitImage", fence));
    answered("commitImage");
  }

  @Override
  public void push(PushOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotPushedException,
          InterruptedException {
    engine.push(order, watched("pushImage", fence));
    answered("pushImage");
  }

  @Override
  public void removeCommitted(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.removeCommitted(installation, task, watched("removeImage", fence));
    answered("removeImage");
  }

  @Override
  public Set<String> committed(InstallationId installation) throws RuntimeUnavailableException {
    return engine.committed(installation);
  }

  @Override
  public void beginCapture(String sandbox, CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    engine.beginCapture(sandbox, order, watched("beginCapture", fence));
    answered("beginCapture");
  }

  @Override
  public Optional<CaptureState> capture(InstallationId installation, String task)
      throws RuntimeUnavailableException {
    return engine.capture(installation, task);
  }

  @Override
  public void endCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.endCapture(installation, task, watched("endCapture", fence));
    answered("endCapture");
  }

  @Override
  public void readCapture(InstallationId installation, String task, OutputStream out)
      throws RuntimeUnavailableException, CaptureRefusedException, IOException {
    engine.readCapture(installation, task, out);
  }

  @Override
  public void removeCapture(InstallationId installation, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.removeCapture(installation, task, watched("removeCapture", fence));
    answered("removeCapture");
  }

  @Override
  public Set<String> captures(InstallationId installation) throws RuntimeUnavailableException {
    return engine.captures(installation);
  }

  @Override
  public Optional<String> noCoreDumpsBecause(
      InstallationId installation, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return engine.noCoreDumpsBecause(installation, group, fence);
  }

  @Override
  public void readCoreDump(String engineId, long mostBytes, Fence fence, OutputStream out)
      throws RuntimeUnavailableException,
          StaleFenceException,
          CoreDumpMissingException,
          IOException {
    engine.readCoreDump(engineId, mostBytes, fence, out);
  }

  @Override
  public List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotFetchedException,
          InterruptedException {
    List<HeldImage> held = engine.hold(order, watched("holdImages", fence), progress);
    answered("holdImages");
    return held;
  }

  @Override
  public void release(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.release(installation, cache, watched("releaseImages", fence));
    answered("releaseImages");
  }

  @Override
  public Set<String> held(InstallationId installation) throws RuntimeUnavailableException {
    return engine.held(installation);
  }

  @Override
  public HeldData holdData(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException {
    HeldData held = engine.holdData(order, watched("holdData", fence), progress);
    answered("holdData");
    return held;
  }

  @Override
  public void releaseData(InstallationId installation, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.releaseData(installation, cache, watched("releaseData", fence));
    answered("releaseData");
  }

  @Override
  public Set<String> heldData(InstallationId installation) throws RuntimeUnavailableException {
    return engine.heldData(installation);
  }

  @Override
  public List<HostImage> images() throws RuntimeUnavailableException {
    return engine.images();
  }

  @Override
  public void removeDisk(InstallationId installation, String disk, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    engine.removeDisk(installation, disk, watched("removeDisk", fence));
    answered("removeDisk");
  }

  @Override
  public Set<String> disks(InstallationId installation) throws RuntimeUnavailableException {
    return engine.disks(installation);
  }

  @Override
  public AutoCloseable watch(InstallationId installation, Consumer<ContainerGroupId> changed) {
    return engine.watch(installation, changed);
  }

  @Override
  public void close() {
    engine.close();
  }
}
