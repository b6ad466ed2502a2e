package io.podyard.runtime.simulated;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.pod.PullOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a client asks of the process of the simulated hosts. Ids travel as plain text. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Call.Hello.class, name = "hello"),
  @JsonSubTypes.Type(value = Call.Hosts.class, name = "hosts"),
  @JsonSubTypes.Type(value = Call.Revisions.class, name = "revisions"),
  @JsonSubTypes.Type(value = Call.EnsureHosts.class, name = "ensureHosts"),
  @JsonSubTypes.Type(value = Call.Configure.class, name = "configure"),
  @JsonSubTypes.Type(value = Call.Watch.class, name = "watch"),
  @JsonSubTypes.Type(value = Call.Report.class, name = "report"),
  @JsonSubTypes.Type(value = Call.Observe.class, name = "observe"),
  @JsonSubTypes.Type(value = Call.Views.class, name = "views"),
  @JsonSubTypes.Type(value = Call.CreateSandbox.class, name = "createSandbox"),
  @JsonSubTypes.Type(value = Call.BeginPull.class, name = "beginPull"),
  @JsonSubTypes.Type(value = Call.CreateContainer.class, name = "createContainer"),
  @JsonSubTypes.Type(value = Call.StartContainer.class, name = "startContainer"),
  @JsonSubTypes.Type(value = Call.BeginStop.class, name = "beginStop"),
  @JsonSubTypes.Type(value = Call.RemoveContainer.class, name = "removeContainer"),
  @JsonSubTypes.Type(value = Call.RemoveSandbox.class, name = "removeSandbox"),
  @JsonSubTypes.Type(value = Call.ForgetLogs.class, name = "forgetLogs"),
  @JsonSubTypes.Type(value = Call.LoggedAttempts.class, name = "loggedAttempts"),
  @JsonSubTypes.Type(value = Call.Logs.class, name = "logs"),
  @JsonSubTypes.Type(value = Call.Exec.class, name = "exec"),
  @JsonSubTypes.Type(value = Call.UpdateSandbox.class, name = "updateSandbox"),
  @JsonSubTypes.Type(value = Call.Check.class, name = "check"),
  @JsonSubTypes.Type(value = Call.CommitImage.class, name = "commitImage"),
  @JsonSubTypes.Type(value = Call.PushImage.class, name = "pushImage"),
  @JsonSubTypes.Type(value = Call.RemoveImage.class, name = "removeImage"),
  @JsonSubTypes.Type(value = Call.CommittedImages.class, name = "committedImages"),
  @JsonSubTypes.Type(value = Call.RemoveDisk.class, name = "removeDisk"),
  @JsonSubTypes.Type(value = Call.Disks.class, name = "disks"),
  @JsonSubTypes.Type(value = Call.OpenExec.class, name = "openExec"),
  @JsonSubTypes.Type(value = Call.FollowLog.class, name = "followLog"),
  @JsonSubTypes.Type(value = Call.Statistics.class, name = "statistics"),
  @JsonSubTypes.Type(value = Call.BeginCapture.class, name = "beginCapture"),
  @JsonSubTypes.Type(value = Call.LookAtCapture.class, name = "capture"),
  @JsonSubTypes.Type(value = Call.EndCapture.class, name = "endCapture"),
  @JsonSubTypes.Type(value = Call.ReadCapture.class, name = "readCapture"),
  @JsonSubTypes.Type(value = Call.RemoveCapture.class, name = "removeCapture"),
  @JsonSubTypes.Type(value = Call.Captures.class, name = "captures"),
  @JsonSubTypes.Type(value = Call.ReadCoreDump.class, name = "readCoreDump"),
  @JsonSubTypes.Type(value = Call.BeginCopies.class, name = "beginCopies"),
  @JsonSubTypes.Type(value = Call.LookAtCopies.class, name = "copies"),
  @JsonSubTypes.Type(value = Call.ReleaseCopies.class, name = "releaseCopies"),
  @JsonSubTypes.Type(value = Call.HeldCaches.class, name = "heldCaches"),
  @JsonSubTypes.Type(value = Call.Images.class, name = "images"),
  @JsonSubTypes.Type(value = Call.HoldData.class, name = "holdData"),
  @JsonSubTypes.Type(value = Call.LookAtData.class, name = "data"),
  @JsonSubTypes.Type(value = Call.ReleaseData.class, name = "releaseData"),
  @JsonSubTypes.Type(value = Call.HeldDataCaches.class, name = "heldData")
})
sealed interface Call {

  /** What the process speaks; each version knows all that those before it did. */
  int VERSION = 11;

  /** The first version that knows what came after {@code exec}, up to {@code check}. */
  int CHECKS = 2;

  /** The first version that knows {@link Talk}. */
  int TALKS = 3;

  /** The first version that makes images of containers. */
  int COMMITS = 3;

  /** The first version that tells what groups use. */
  int STATISTICS = 4;

  /** The first version that keeps disks. */
  int DISKS = 5;

  /** The first version that captures packets. */
  int CAPTURES = 6;

  /** The first version that hands out core dumps. */
  int CORE_DUMPS = 7;

  /** The first version that gives a sandbox the address it is to have. */
  int ADDRESSES = 8;

  /** The first version whose containers see GPUs. */
  int GPUS = 9;

  /** The first version that tells of all hosts at once what they are at. */
  int REVISIONS = 9;

  /** The first version that keeps images for caches. */
  int COPIES = 10;

  /** The first version that keeps the content of data caches. */
  int DATA = 11;

  /** The first call of a connection: which version the client speaks. */
  record Hello(int version) implements Call {}

  /** All hosts. */
  record Hosts() implements Call {}

  /** Of each host that answers the number of what it has; see {@code GroupRuntime}. */
  record Revisions() implements Call {}

  record EnsureHosts(int count, int milliCpu, int memoryMib) implements Call {}

  record Configure(FaultPlan plan) implements Call {}

  /** From now on this connection is told of changes of the installation's groups. */
  record Watch(String installation) implements Call {}

  /** A call to the engine of one host. */
  sealed interface OfHost extends Call {
    String host();
  }

  record Report(String host) implements OfHost {}

  record Observe(String host, String installation, String group, List<String> images)
      implements OfHost {}

  record Views(String host, String installation) implements OfHost {}

  record Statistics(String host, String installation, List<Limits> groups) implements OfHost {}

  /** What a container or a group may use. */
  record Allowance(int milliCpu, int memoryMib) {

    static Allowance of(Size size) {
      return new Allowance(size.cpu().value(), size.memory().value());
    }

    Size size() {
      return Size.of(milliCpu, memoryMib);
    }
  }

  /** What a group may use, and those of its containers that have a limit of their own. */
  record Limits(String group, Allowance size, Map<String, Allowance> containers) {

    static Limits of(GroupLimits limits) {
      Map<String, Allowance> containers = new TreeMap<>();
      limits.containers().forEach((name, size) -> containers.put(name, Allowance.of(size)));
      return new Limits(limits.group().value(), Allowance.of(limits.size()), containers);
    }

    GroupLimits limits() {
      Map<String, Size> sizes = new TreeMap<>();
      containers.forEach((name, allowance) -> sizes.put(name, allowance.size()));
      return new GroupLimits(new ContainerGroupId(group), size.size(), sizes);
    }
  }

  /**
   * @param disks null of a client that knows none
   * @param address null if the host chooses one
   */
  record CreateSandbox(
      String host,
      String installation,
      String group,
      long epoch,
      @Nullable List<Disk> disks,
      @Nullable GroupAddress address)
      implements OfHost {}

  /**
   * @param cached null if no cache has it
   */
  record BeginPull(String host, String group, String image, int retry, @Nullable Cached cached)
      implements OfHost {}

  /**
   * What of an image is kept for a cache.
   *
   * @param always whether the registry is asked nevertheless which image it is
   */
  record Cached(String digest, String cache, boolean always) {

    static @Nullable Cached of(PullOrder order) {
      CachedImage cached = order.cached();
      return cached == null ? null : new Cached(cached.digest(), cached.cache(), order.always());
    }
  }

  record BeginCopies(String host, String installation, String cache, List<String> images)
      implements OfHost {}

  record LookAtCopies(String host, String installation, String cache, List<String> images)
      implements OfHost {}

  record ReleaseCopies(String host, String installation, String cache) implements OfHost {}

  record HeldCaches(String host, String installation) implements OfHost {}

  record Images(String host) implements OfHost {}

  /**
   * @param source in words; see {@link SimulatedSource}
   * @param known null if no host has it yet
   */
  record HoldData(
      String host,
      String installation,
      String cache,
      String source,
      @Nullable HeldData known,
      long mostBytes)
      implements OfHost {

    static HoldData of(DataCopyOrder order) {
      return new HoldData(
          order.host().value(),
          order.installation().value(),
          order.cache(),
          SimulatedSource.of(order.source()).words(),
          order.known(),
          order.mostBytes());
    }
  }

  record LookAtData(String host, String installation, String cache) implements OfHost {}

  record ReleaseData(String host, String installation, String cache) implements OfHost {}

  record HeldDataCaches(String host, String installation) implements OfHost {}

  /**
   * @param conduct null for {@link Conduct#PLAIN}
   * @param disks null for none
   */
  record CreateContainer(
      String host,
      String installation,
      String group,
      String container,
      int attempt,
      String image,
      List<String> command,
      long epoch,
      @Nullable Conduct conduct,
      @Nullable List<DiskMount> disks)
      implements OfHost {}

  /**
   * @param disks null of a client that knows none
   */
  record UpdateSandbox(String host, String installation, String group, @Nullable List<Disk> disks)
      implements OfHost {}

  /**
   * @param command empty unless the kind is a command
   */
  record Check(
      String host, String engineId, CheckKind kind, List<String> command, long timeoutMillis)
      implements OfHost {}

  record StartContainer(String host, String engineId) implements OfHost {}

  record BeginStop(String host, String engineId, long graceMillis) implements OfHost {}

  record RemoveContainer(String host, String engineId) implements OfHost {}

  record RemoveSandbox(String host, String installation, String group) implements OfHost {}

  record ForgetLogs(String host, String installation, String group) implements OfHost {}

  record LoggedAttempts(String host, String installation, String group, String container)
      implements OfHost {}

  record Logs(
      String host,
      String installation,
      String group,
      String container,
      int attempt,
      int tailLines,
      int limitBytes,
      @Nullable Instant since,
      boolean timestamps)
      implements OfHost {}

  record Exec(String host, String engineId, List<String> command, long timeoutMillis)
      implements OfHost {}

  record CommitImage(String host, String installation, String engineId, String task)
      implements OfHost {}

  record PushImage(String host, String installation, String task, String image) implements OfHost {}

  record RemoveImage(String host, String installation, String task) implements OfHost {}

  record CommittedImages(String host, String installation) implements OfHost {}

  record BeginCapture(
      String host, String installation, String group, String task, CaptureFilter filter)
      implements OfHost {}

  record LookAtCapture(String host, String installation, String task) implements OfHost {}

  record EndCapture(String host, String installation, String task) implements OfHost {}

  record ReadCapture(String host, String installation, String task) implements OfHost {}

  record RemoveCapture(String host, String installation, String task) implements OfHost {}

  record Captures(String host, String installation) implements OfHost {}

  record ReadCoreDump(String host, String engineId) implements OfHost {}

  /**
   * A disk that a group has.
   *
   * @param volume what the group calls it
   */
  record Disk(String volume, String id, int sizeGib) {}

  /**
   * Where a container sees a disk.
   *
   * @param subPath empty for all of it
   */
  record DiskMount(String path, String disk, String subPath, boolean readOnly) {}

  record RemoveDisk(String host, String installation, String disk) implements OfHost {}

  record Disks(String host, String installation) implements OfHost {}

  /** The last call of a connection, which from its answer on carries {@link TalkFrame}s. */
  sealed interface Talk extends OfHost {}

  record OpenExec(
      String host, String engineId, List<String> command, boolean input, boolean terminal)
      implements Talk {}

  record FollowLog(
      String host,
      String installation,
      String group,
      String container,
      int attempt,
      int tailLines,
      @Nullable Instant since)
      implements Talk {}
}
