package io.podyard.runtime.simulated;

import io.podyard.model.Size;
import io.podyard.runtime.GroupStatistics;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container in the memory of a simulated host; its host's lock guards it. */
final class SimulatedContainer {

  final ContainerName name;
  final String engineId;
  final long epoch;
  final String image;
  final List<String> command;
  final Conduct conduct;
  final List<Call.DiskMount> disks;
  boolean starting;

  private final long seed;

  /** Made when it is first asked for: most containers of a large test never are. */
  private @Nullable SimulatedUse use;

  private ContainerView.Status status = new ContainerView.Status.Created();
  private @Nullable Program program;

  SimulatedContainer(
      ContainerName name,
      String engineId,
      long epoch,
      String image,
      List<String> command,
      Conduct conduct,
      List<Call.DiskMount> disks,
      long seed) {
    this.name = name;
    this.engineId = engineId;
    this.epoch = epoch;
    this.image = image;
    this.command = command;
    this.conduct = conduct;
    this.disks = List.copyOf(disks);
    this.seed = seed;
  }

  ContainerView view() {
    return new ContainerView(engineId, name.container(), name.attempt(), epoch, status);
  }

  boolean created() {
    return status instanceof ContainerView.Status.Created;
  }

  boolean running() {
    return status instanceof ContainerView.Status.Running;
  }

  void run(Program what, Instant now) {
    program = what;
    status = new ContainerView.Status.Running(now);
  }

  /** Ends it if it runs; whether it did. */
  boolean exit(int exitCode, boolean oomKilled, Instant now) {
    if (!(status instanceof ContainerView.Status.Running(Instant since))) {
      return false;
    }
    String message = conduct.lastWords(program, log(now), Duration.between(since, now), exitCode);
    status = new ContainerView.Status.Exited(exitCode, oomKilled, "", message, since, now);
    return true;
  }

  /**
   * What it has used so far; empty if it does not run.
   *
   * @param keepsTo at most as much as the limit
   */
  Optional<GroupStatistics.OfContainer> statistics(Size keepsTo, Size limit, Instant now) {
    if (!(status instanceof ContainerView.Status.Running(Instant since))) {
      return Optional.empty();
    }
    SimulatedUse drawn = use == null ? new SimulatedUse(seed) : use;
    use = drawn;
    Duration ran = Duration.between(since, now);
    return Optional.of(
        new GroupStatistics.OfContainer(
            name.container(),
            name.attempt(),
            since,
            drawn.cpuNanos(ran, keepsTo),
            drawn.memory(ran, keepsTo, limit)));
  }

  /** Whether it came as far as that after its start. */
  boolean reached(Duration at) {
    return switch (status) {
      case ContainerView.Status.Created _ -> false;
      case ContainerView.Status.Running _ -> true;
      case ContainerView.Status.Exited exited ->
          !exited.finishedAt().isBefore(exited.startedAt().plus(at));
    };
  }

  /** How long it has run; empty if it does not. */
  Optional<Duration> runningFor(Instant now) {
    return status instanceof ContainerView.Status.Running(Instant since)
        ? Optional.of(Duration.between(since, now))
        : Optional.empty();
  }

  /** What it wrote until now. */
  LogBook log(Instant now) {
    Program written = program;
    return switch (status) {
      case ContainerView.Status.Created _ -> LogBook.EMPTY;
      case ContainerView.Status.Running(Instant since) -> LogBook.of(written, since, now);
      case ContainerView.Status.Exited exited ->
          LogBook.of(written, exited.startedAt(), exited.finishedAt());
    };
  }
}
