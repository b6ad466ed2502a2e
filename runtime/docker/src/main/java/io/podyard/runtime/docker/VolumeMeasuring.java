package io.podyard.runtime.docker;

import com.github.dockerjava.api.model.Container;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.pod.DiskUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How much of the disk groups take. The engine says what containers wrote; of one volume alone it
 * says nothing, and its storage knows no quota, so our program in the container that holds them
 * counts. All of it in the background and a few at a time.
 */
final class VolumeMeasuring implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(VolumeMeasuring.class.getName());

  /** As often as a kubelet looks, where a volume has a limit of its own. */
  private static final Duration EVERY = Duration.ofSeconds(10);

  /** Of the others only the sum matters, which is large and takes its time to be written. */
  private static final Duration EVERY_OF_OTHERS = Duration.ofSeconds(30);

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final int AT_ONCE = 4;

  /** The program's answer to folders nested so deep that it gives up. */
  private static final int TOO_DEEP = 3;

  private final EngineCalls calls;
  private final VolumeKeepers keepers;
  private final ExecRun execs;
  private final InstantSource clock;
  private final Consumer<ContainerGroupId> changed;
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private final Map<ContainerGroupId, Measured> measured = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("podyard-measure-", 0).factory());

  /**
   * @param changed told of a group that takes more than it may
   */
  VolumeMeasuring(
      EngineCalls calls,
      VolumeKeepers keepers,
      ExecRun execs,
      InstantSource clock,
      Consumer<ContainerGroupId> changed) {
    this.calls = calls;
    this.keepers = keepers;
    this.execs = execs;
    this.clock = clock;
    this.changed = changed;
  }

  /**
   * A look at a group.
   *
   * @param begunAt when the newest look was begun
   * @param under whether it is still under way
   * @param usage of the newest look that has ended
   */
  private record Measured(Instant begunAt, boolean under, DiskUsage usage) {}

  /** The newest figures; begins a look if they are old. */
  DiskUsage usage(InstallationId installation, ContainerGroupId group, GroupSpec spec) {
    Duration every =
        spec.volumes().stream().anyMatch(VolumeMeasuring::isLimited) ? EVERY : EVERY_OF_OTHERS;
    Instant now = clock.instant();
    Measured newest =
        measured.compute(
            group,
            (_, before) -> {
              if (before != null && (before.under || isFresh(before, now, every))) {
                return before;
              }
              threads.execute(() -> measure(installation, group, spec, now));
              return new Measured(now, true, before == null ? DiskUsage.NONE : before.usage);
            });
    return newest.usage;
  }

  /** One that was begun later than now was begun before our clock was set back. */
  private static boolean isFresh(Measured look, Instant now, Duration every) {
    return !now.isBefore(look.begunAt) && now.isBefore(look.begunAt.plus(every));
  }

  private static boolean isLimited(VolumeSpec volume) {
    return volume instanceof VolumeSpec.EmptyDir(_, boolean inMemory, Integer limit)
        ? !inMemory && limit != null
        : volume instanceof VolumeSpec.DataCache data && data.takesDisk();
  }

  /** The folders in which the sandbox sees what is to be measured, by volume. */
  private static Map<String, List<String>> folders(
      InstallationId installation, ContainerGroupId group, GroupSpec spec) {
    Map<String, List<VolumeParts.Part>> parts = VolumeParts.of(installation, group, spec).parts();
    Map<String, List<String>> folders = new LinkedHashMap<>();
    for (int i = 0; i < spec.volumes().size(); i++) {
      int number = i;
      VolumeSpec volume = spec.volumes().get(i);
      if (volume instanceof VolumeSpec.EmptyDir folder && !folder.inMemory()) {
        folders.put(folder.name(), List.of(GroupVolumes.folder(number)));
      } else if (volume instanceof VolumeSpec.DataCache data && data.takesDisk()) {
        int count = parts.getOrDefault(data.name(), List.of()).size();
        folders.put(
            data.name(),
            IntStream.range(0, count)
                .mapToObj(part -> GroupVolumes.written(number, part))
                .toList());
      }
    }
    return folders;
  }

  private void measure(
      InstallationId installation, ContainerGroupId group, GroupSpec spec, Instant begunAt) {
    DiskUsage usage = null;
    try {
      turns.acquire();
      try {
        usage = look(installation, group, folders(installation, group, spec));
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeUnavailableException
        | NoSuchContainerException
        | CommandTimedOutException
        | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "the disk of " + group + " is not measured", e);
    } finally {
      // Whatever went wrong: under way for ever, it would never be measured again.
      ended(group, begunAt, usage);
    }
    if (usage != null && usage.exceeding(spec).isPresent()) {
      changed.accept(group);
    }
  }

  /** One that was forgotten meanwhile stays forgotten. */
  private void ended(ContainerGroupId group, Instant begunAt, @Nullable DiskUsage seen) {
    measured.computeIfPresent(
        group, (_, before) -> new Measured(begunAt, false, seen == null ? before.usage : seen));
  }

  private @Nullable DiskUsage look(
      InstallationId installation, ContainerGroupId group, Map<String, List<String>> folders)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    Map<String, Long> bytes = new LinkedHashMap<>();
    if (!folders.isEmpty()) {
      Optional<String> keeper = keepers.of(installation, group);
      if (keeper.isEmpty()) {
        return null;
      }
      for (Map.Entry<String, List<String>> volume : folders.entrySet()) {
        bytes(keeper.get(), group, volume.getKey(), volume.getValue())
            .ifPresent(size -> bytes.put(volume.getKey(), size));
      }
    }
    return new DiskUsage(bytes, written(installation, group));
  }

  private OptionalLong bytes(
      String keeper, ContainerGroupId group, String volume, List<String> folders)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    List<String> command = new ArrayList<>(List.of(SandboxImage.PROGRAM, "measure"));
    command.addAll(folders);
    ExecResult result = execs.run(keeper, command, LONGEST);
    if (result.exitCode() == TOO_DEEP) {
      // Whatever is down there is not counted, which must not be a way around the limit.
      return OptionalLong.of(Long.MAX_VALUE);
    }
    if (result.exitCode() == 0) {
      return OptionalLong.of(result.output().lines().mapToLong(Long::parseLong).sum());
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "volume {0} of {1} is not measured: {2}",
        volume,
        group,
        result.output().strip());
    return OptionalLong.empty();
  }

  /** What all containers of a group wrote to layers of their own, ended ones included. */
  private long written(InstallationId installation, ContainerGroupId group)
      throws RuntimeUnavailableException {
    return calls
        .read(
            docker ->
                docker
                    .listContainersCmd()
                    .withShowAll(true)
                    .withShowSize(true)
                    .withLabelFilter(Names.ofGroup(installation, group))
                    .exec())
        .stream()
        .map(Container::getSizeRw)
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .sum();
  }

  void forget(ContainerGroupId group) {
    measured.remove(group);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
