package io.podyard.runtime.docker;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.VolumeSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How much of the disk the volumes of groups take. Engines do not say it of one volume alone, and
 * their storage knows no quota, so our program in the container that holds them counts, in the
 * background and a few at a time.
 */
final class VolumeMeasuring implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(VolumeMeasuring.class.getName());

  /** As often as a kubelet looks. */
  private static final Duration EVERY = Duration.ofSeconds(10);

  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final int AT_ONCE = 4;

  /** The program's answer to folders nested so deep that it gives up. */
  private static final int TOO_DEEP = 3;

  private final VolumeKeepers keepers;
  private final ExecRun execs;
  private final InstantSource clock;
  private final Consumer<ContainerGroupId> changed;
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private final Map<ContainerGroupId, Measured> measured = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("podyard-measure-", 0).factory());

  /**
   * @param changed told of a group with a volume that holds more than it may
   */
  VolumeMeasuring(
      VolumeKeepers keepers,
      ExecRun execs,
      InstantSource clock,
      Consumer<ContainerGroupId> changed) {
    this.keepers = keepers;
    this.execs = execs;
    this.clock = clock;
    this.changed = changed;
  }

  /**
   * A look at the volumes of a group.
   *
   * @param begunAt when the newest look was begun
   * @param under whether it is still under way
   * @param bytes by volume, of the newest look that has ended
   */
  private record Measured(Instant begunAt, boolean under, Map<String, Long> bytes) {}

  /** The newest figures, by volume; begins a look if they are old. */
  Map<String, Long> bytes(InstallationId installation, ContainerGroupId group, GroupSpec spec) {
    Map<String, VolumeSpec.EmptyDir> limited = limited(spec);
    if (limited.isEmpty()) {
      return Map.of();
    }
    Instant now = clock.instant();
    Measured newest =
        measured.compute(
            group,
            (_, before) -> {
              if (before != null && (before.under || now.isBefore(before.begunAt.plus(EVERY)))) {
                return before;
              }
              Map<String, Long> known = before == null ? Map.<String, Long>of() : before.bytes;
              threads.execute(() -> measure(installation, group, limited, now));
              return new Measured(now, true, known);
            });
    return newest.bytes;
  }

  /** The volumes to be measured, by the folder in which the sandbox sees them. */
  private static Map<String, VolumeSpec.EmptyDir> limited(GroupSpec spec) {
    Map<String, VolumeSpec.EmptyDir> limited = new LinkedHashMap<>();
    for (int i = 0; i < spec.volumes().size(); i++) {
      if (spec.volumes().get(i) instanceof VolumeSpec.EmptyDir folder
          && !folder.inMemory()
          && folder.sizeLimitMib() != null) {
        limited.put(GroupVolumes.folder(i), folder);
      }
    }
    return limited;
  }

  private void measure(
      InstallationId installation,
      ContainerGroupId group,
      Map<String, VolumeSpec.EmptyDir> limited,
      Instant begunAt) {
    Map<String, Long> bytes = null;
    try {
      turns.acquire();
      try {
        bytes = look(installation, group, limited);
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeUnavailableException
        | NoSuchContainerException
        | CommandTimedOutException
        | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "the volumes of " + group + " are not measured", e);
    }
    Map<String, Long> seen = bytes;
    // One that was forgotten meanwhile stays forgotten.
    measured.computeIfPresent(
        group, (_, before) -> new Measured(begunAt, false, seen == null ? before.bytes : seen));
    if (seen != null && limited.values().stream().anyMatch(folder -> exceeds(folder, seen))) {
      changed.accept(group);
    }
  }

  private static boolean exceeds(VolumeSpec.EmptyDir folder, Map<String, Long> bytes) {
    Integer limit = folder.sizeLimitMib();
    return limit != null && bytes.getOrDefault(folder.name(), 0L) > (long) limit << 20;
  }

  private @Nullable Map<String, Long> look(
      InstallationId installation, ContainerGroupId group, Map<String, VolumeSpec.EmptyDir> limited)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException {
    Optional<String> keeper = keepers.of(installation, group);
    if (keeper.isEmpty()) {
      return null;
    }
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (Map.Entry<String, VolumeSpec.EmptyDir> folder : limited.entrySet()) {
      List<String> command =
          new ArrayList<>(List.of(SandboxImage.PROGRAM, "measure", folder.getKey()));
      ExecResult result = execs.run(keeper.get(), command, LONGEST);
      if (result.exitCode() == TOO_DEEP) {
        // Whatever is down there is not counted, which must not be a way around the limit.
        bytes.put(folder.getValue().name(), Long.MAX_VALUE);
      } else if (result.exitCode() == 0) {
        bytes.put(folder.getValue().name(), Long.parseLong(result.output().strip()));
      } else {
        LOG.log(
            System.Logger.Level.WARNING,
            "volume {0} of {1} is not measured: {2}",
            folder.getValue().name(),
            group,
            result.output().strip());
      }
    }
    return bytes;
  }

  void forget(ContainerGroupId group) {
    measured.remove(group);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
