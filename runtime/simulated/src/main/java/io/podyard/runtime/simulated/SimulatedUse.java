package io.podyard.runtime.simulated;

import io.podyard.model.Size;
import io.podyard.runtime.GroupStatistics;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a simulated container or group uses with time: drawn from a seed, moving slowly, never more
 * than it may. The same seed and the same times give the same figures.
 */
final class SimulatedUse {

  /** Bytes of a usual packet, and of a usual operation on a device. */
  private static final double PACKET = 800;

  private static final double OPERATION = 16_384;
  private static final double NANOS = 1e9;
  private static final double KIB = 1024;

  /** How long memory takes to come near to what it will be. */
  private static final double WARM_UP_SECONDS = 60;

  private static final double CACHE_SECONDS = 300;

  /** Something that goes up and down around a mean, as shares of what it may be. */
  private record Wave(double mean, double swing, double period, double phase) {

    static Wave of(SplittableRandom random, double least, double most) {
      double mean = random.nextDouble(least, most);
      return new Wave(
          mean,
          mean * random.nextDouble(0.2, 0.8),
          random.nextDouble(60, 600),
          random.nextDouble(0, 2 * Math.PI));
    }

    /** All of it from 0 to then; never goes down, since the swing is less than the mean. */
    double until(double seconds) {
      double turn = 2 * Math.PI / period;
      return mean * seconds + swing / turn * (Math.cos(phase) - Math.cos(turn * seconds + phase));
    }
  }

  private final Wave cpu;
  private final Wave received;
  private final Wave sent;
  private final Wave read;
  private final Wave written;
  private final double rss;
  private final double cache;

  /** A limit may change while a container runs, but what was used stays used. */
  private double cpuNanos;

  private double cpuUntil;

  SimulatedUse(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    cpu = Wave.of(random, 0.05, 0.45);
    received = Wave.of(random, 1, 200);
    sent = Wave.of(random, 1, 200);
    read = Wave.of(random, 0.1, 50);
    written = Wave.of(random, 0.1, 50);
    rss = random.nextDouble(0.1, 0.6);
    cache = random.nextDouble(0.02, 0.2);
  }

  private static double seconds(Duration time) {
    return Math.max(0, time.toNanos() / NANOS);
  }

  /** Nanoseconds of one core that were used so far; at most 81 % of the limit at any time. */
  long cpuNanos(Duration ran, Size limit) {
    double until = seconds(ran);
    if (until > cpuUntil) {
      double cores = limit.cpu().value() / 1000.0;
      cpuNanos += cores * NANOS * (cpu.until(until) - cpu.until(cpuUntil));
      cpuUntil = until;
    }
    return (long) cpuNanos;
  }

  /**
   * At most 80 % of what it keeps to.
   *
   * @param limit what it might use
   */
  GroupStatistics.Memory memory(Duration ran, Size keepsTo, Size limit) {
    double bytes = keepsTo.memory().bytes();
    double warm = 1 - 0.7 * Math.exp(-seconds(ran) / WARM_UP_SECONDS);
    long anonymous = (long) (bytes * rss * warm);
    long files = (long) (bytes * cache * (1 - Math.exp(-seconds(ran) / CACHE_SECONDS)));
    return GroupStatistics.Memory.of(
        anonymous + files, anonymous, files, files / 2, limit.memory().bytes());
  }

  List<GroupStatistics.Interface> interfaces(Duration ran) {
    double in = received.until(seconds(ran)) * KIB;
    double out = sent.until(seconds(ran)) * KIB;
    return List.of(
        new GroupStatistics.Interface(
            "eth0",
            (long) in,
            (long) (in / PACKET),
            0,
            0,
            (long) out,
            (long) (out / PACKET),
            0,
            0));
  }

  List<GroupStatistics.Disk> disks(Duration ran) {
    double in = read.until(seconds(ran)) * KIB;
    double out = written.until(seconds(ran)) * KIB;
    return List.of(
        new GroupStatistics.Disk(
            "vda", (long) in, (long) (in / OPERATION), (long) out, (long) (out / OPERATION)));
  }
}
