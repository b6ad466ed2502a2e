package io.podyard.controlplane.driving;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.CaptureState;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.Fence;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupJournal;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupOrder;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.GroupStatistics;
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
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Simulated hosts some of which do not answer at once, or hang until the test lets them go. */
final class FaultyHosts implements GroupRuntime {

  private final GroupRuntime hosts;
  private final Set<HostId> silent = ConcurrentHashMap.newKeySet();
  private final Set<HostId> failingDrives = ConcurrentHashMap.newKeySet();
  private final Map<HostId, AtomicInteger> failedDrives = new ConcurrentHashMap<>();
  private final Map<HostId, CountDownLatch> hanging = new ConcurrentHashMap<>();
  private final Map<HostId, CountDownLatch> busy = new ConcurrentHashMap<>();
  private volatile boolean tells;
  private final Map<HostId, AtomicInteger> lists = new ConcurrentHashMap<>();
  private final Map<HostId, AtomicInteger> hangingLists = new ConcurrentHashMap<>();
  private final Map<HostId, AtomicInteger> driving = new ConcurrentHashMap<>();

  FaultyHosts(GroupRuntime hosts) {
    this.hosts = hosts;
  }

  /** Its calls fail at once from now on. */
  void silence(HostId host) {
    silent.add(host);
  }

  /** Its calls do not come back from now on. */
  void hang(HostId host) {
    hanging.put(host, new CountDownLatch(1));
  }

  /** What is to run on it waits there for its turn from now on; all else it does at once. */
  void hangStarts(HostId host) {
    busy.put(host, new CountDownLatch(1));
  }

  /** It can do nothing with its groups from now on, but tells what it has. */
  void failDrives(HostId host) {
    failingDrives.add(host);
  }

  /** It answers again; calls that hang fail. */
  void heal(HostId host) {
    silent.remove(host);
    failingDrives.remove(host);
    release(hanging.remove(host));
    release(busy.remove(host));
  }

  private static void release(@Nullable CountDownLatch latch) {
    if (latch != null) {
      latch.countDown();
    }
  }

  /** How many lists of a host were answered. */
  int lists(HostId host) {
    return count(lists, host).get();
  }

  /** How many lists of a host hang. */
  int hangingLists(HostId host) {
    return count(hangingLists, host).get();
  }

  /** How many drives of a host have failed that were to. */
  int failedDrives(HostId host) {
    return count(failedDrives, host).get();
  }

  /** How many groups of a host are driven right now. */
  int driving(HostId host) {
    return count(driving, host).get();
  }

  private static AtomicInteger count(Map<HostId, AtomicInteger> counts, HostId host) {
    return counts.computeIfAbsent(host, _ -> new AtomicInteger());
  }

  private void reach(HostId host) throws RuntimeUnavailableException {
    reach(host, new AtomicInteger());
  }

  private void reach(HostId host, AtomicInteger hangs) throws RuntimeUnavailableException {
    if (silent.contains(host)) {
      throw new RuntimeUnavailableException(host + " is silent on purpose");
    }
    CountDownLatch latch = hanging.get(host);
    if (latch != null) {
      hangs.incrementAndGet();
      await(latch);
      hangs.decrementAndGet();
      throw new RuntimeUnavailableException(host + " hung on purpose");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String name() {
    return hosts.name();
  }

  @Override
  public HostReport report(HostId host) throws RuntimeUnavailableException {
    reach(host);
    return hosts.report(host);
  }

  /** All that answer tell at once what they are at from now on, until then each is asked. */
  void tellRevisions() {
    tells = true;
  }

  @Override
  public Optional<Map<HostId, Long>> revisions() throws RuntimeUnavailableException {
    if (!tells) {
      return Optional.empty();
    }
    Map<HostId, Long> answering = new HashMap<>(hosts.revisions().orElseThrow());
    answering.keySet().removeAll(silent);
    answering.keySet().removeAll(hanging.keySet());
    return Optional.of(answering);
  }

  @Override
  public List<FoundGroup> list(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    reach(host, count(hangingLists, host));
    List<FoundGroup> found = hosts.list(installation, host);
    count(lists, host).incrementAndGet();
    return found;
  }

  @Override
  public List<GroupStatistics> statistics(
      InstallationId installation, HostId host, Collection<GroupLimits> groups)
      throws RuntimeUnavailableException {
    reach(host);
    return hosts.statistics(installation, host, groups);
  }

  @Override
  public Optional<Instant> drive(GroupOrder order, Fence fence, GroupJournal journal)
      throws RuntimeUnavailableException, StaleFenceException {
    count(driving, order.host()).incrementAndGet();
    try {
      reach(order.host());
      if (failingDrives.contains(order.host())) {
        count(failedDrives, order.host()).incrementAndGet();
        throw new RuntimeUnavailableException(order.group() + " fails on purpose");
      }
      CountDownLatch turn = busy.get(order.host());
      if (turn != null && order.goal() instanceof Goal.Run) {
        await(turn);
      }
      return hosts.drive(order, fence, journal);
    } finally {
      count(driving, order.host()).decrementAndGet();
    }
  }

  @Override
  public void removeUnknown(
      InstallationId installation, HostId host, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    reach(host);
    hosts.removeUnknown(installation, host, group, fence);
  }

  @Override
  public void forget(InstallationId installation, HostId host, ContainerGroupId group) {
    hosts.forget(installation, host, group);
  }

  @Override
  public void abandon(InstallationId installation, HostId host, ContainerGroupId group) {
    hosts.abandon(installation, host, group);
  }

  @Override
  public AutoCloseable watch(
      InstallationId installation, HostId host, Consumer<ContainerGroupId> changed) {
    return hosts.watch(installation, host, changed);
  }

  @Override
  public String logs(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    reach(host);
    return hosts.logs(installation, host, group, container, query);
  }

  @Override
  public ExecResult exec(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      List<String> command,
      Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    reach(host);
    return hosts.exec(installation, host, group, container, command, timeout);
  }

  @Override
  public void commit(CommitOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          NoSuchContainerException,
          ImageNotPushedException {
    hosts.commit(order, fence);
  }

  @Override
  public void push(PushOrder order, Fence fence)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotPushedException,
          InterruptedException {
    hosts.push(order, fence);
  }

  @Override
  public void removeCommitted(InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    hosts.removeCommitted(installation, host, task, fence);
  }

  @Override
  public Set<String> committed(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return hosts.committed(installation, host);
  }

  @Override
  public boolean beginCapture(CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    return hosts.beginCapture(order, fence);
  }

  @Override
  public Optional<CaptureState> capture(InstallationId installation, HostId host, String task)
      throws RuntimeUnavailableException {
    return hosts.capture(installation, host, task);
  }

  @Override
  public void endCapture(InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    hosts.endCapture(installation, host, task, fence);
  }

  @Override
  public void readCapture(InstallationId installation, HostId host, String task, OutputStream out)
      throws RuntimeUnavailableException, CaptureRefusedException, IOException {
    hosts.readCapture(installation, host, task, out);
  }

  @Override
  public void removeCapture(InstallationId installation, HostId host, String task, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    hosts.removeCapture(installation, host, task, fence);
  }

  @Override
  public Set<String> captures(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    return hosts.captures(installation, host);
  }

  @Override
  public Optional<String> noCoreDumpsBecause(
      InstallationId installation, HostId host, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    return hosts.noCoreDumpsBecause(installation, host, group, fence);
  }

  @Override
  public List<HeldImage> hold(ImageCopyOrder order, Fence fence, CopyProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          ImageNotFetchedException,
          InterruptedException {
    reach(order.host());
    return hosts.hold(order, fence, progress);
  }

  @Override
  public void release(InstallationId installation, HostId host, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    reach(host);
    hosts.release(installation, host, cache, fence);
  }

  @Override
  public Set<String> held(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    reach(host);
    return hosts.held(installation, host);
  }

  @Override
  public HeldData holdData(DataCopyOrder order, Fence fence, DataProgress progress)
      throws RuntimeUnavailableException,
          StaleFenceException,
          DataNotFetchedException,
          InterruptedException {
    reach(order.host());
    return hosts.holdData(order, fence, progress);
  }

  @Override
  public void releaseData(InstallationId installation, HostId host, String cache, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    reach(host);
    hosts.releaseData(installation, host, cache, fence);
  }

  @Override
  public Set<String> heldData(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    reach(host);
    return hosts.heldData(installation, host);
  }

  @Override
  public List<HostImage> imagesOn(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    reach(host);
    return hosts.imagesOn(installation, host);
  }

  @Override
  public void removeDisk(InstallationId installation, HostId host, String disk, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    reach(host);
    hosts.removeDisk(installation, host, disk, fence);
  }

  @Override
  public Set<String> disks(InstallationId installation, HostId host)
      throws RuntimeUnavailableException {
    reach(host);
    return hosts.disks(installation, host);
  }

  @Override
  public ExecSession open(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      ExecOrder order)
      throws RuntimeUnavailableException, NoSuchContainerException {
    reach(host);
    return hosts.open(installation, host, group, container, order);
  }

  @Override
  public LogStream follow(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      int firstAttempt,
      LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    reach(host);
    return hosts.follow(installation, host, group, container, firstAttempt, query);
  }

  @Override
  public void close() {
    Set.copyOf(hanging.keySet()).forEach(this::heal);
    Set.copyOf(busy.keySet()).forEach(this::heal);
    hosts.close();
  }
}
