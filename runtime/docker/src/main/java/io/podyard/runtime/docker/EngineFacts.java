package io.podyard.runtime.docker;

import com.github.dockerjava.api.model.Info;
import io.podyard.model.Size;
import io.podyard.runtime.HostReport;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What an engine says of itself, asked again now and then. */
final class EngineFacts {

  private static final Duration FRESH = Duration.ofSeconds(60);

  /**
   * By how much our clock may go otherwise than {@code nanoTime} before it was set: a clock that is
   * brought to the right time little by little goes 30 ms wrong in a minute.
   */
  private static final Duration SET = Duration.ofMillis(100);

  private static final long MIB = 1 << 20;

  private final EngineCalls calls;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private volatile @Nullable Facts newest;

  EngineFacts(EngineCalls calls, InstantSource clock, LongSupplier nanoTime) {
    this.calls = calls;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * @param architecture {@code amd64}, {@code arm64}, or as the engine calls another one
   * @param cgroupfs whether the engine makes cgroups by itself, as folders
   * @param ahead of our clock
   * @param askedAt when the question began, by our clock
   * @param askedNanos the same by {@code nanoTime}
   * @param gpus how many GPUs it tells of
   */
  record Facts(
      String version,
      String architecture,
      int cores,
      long memoryBytes,
      boolean cgroupfs,
      Duration ahead,
      Instant askedAt,
      long askedNanos,
      int gpus) {}

  Facts get() throws RuntimeUnavailableException {
    Facts facts = newest;
    return facts != null && isFresh(facts) ? facts : ask();
  }

  /** Not once our clock was set: the engine's is ahead of it by something else then. */
  private boolean isFresh(Facts facts) {
    Duration age = Duration.ofNanos(nanoTime.getAsLong() - facts.askedNanos());
    Duration byClock = Duration.between(facts.askedAt(), clock.instant());
    return age.compareTo(FRESH) < 0 && byClock.minus(age).abs().compareTo(SET) < 0;
  }

  /** Asks the engine itself, so that its silence is noticed. */
  HostReport report() throws RuntimeUnavailableException {
    Facts facts = ask();
    return new HostReport(
        "docker " + facts.version(),
        Size.of(
            Math.multiplyExact(facts.cores(), 1000),
            (int) Math.min(facts.memoryBytes() / MIB, Integer.MAX_VALUE)),
        facts.architecture(),
        facts.gpus(),
        facts.gpus() == 0 ? "" : HostReport.UNKNOWN_MODEL);
  }

  /** The engine's time. */
  Instant now() throws RuntimeUnavailableException {
    Facts facts = get();
    return clock.instant().plus(facts.ahead());
  }

  private Facts ask() throws RuntimeUnavailableException {
    long askedNanos = nanoTime.getAsLong();
    Instant before = clock.instant();
    Info info = calls.read(docker -> docker.infoCmd().exec());
    Instant after = clock.instant();
    Map<String, Object> raw = info.getRawValues();
    Facts facts =
        new Facts(
            text(info.getServerVersion()),
            architecture(text(info.getArchitecture())),
            info.getNCPU() == null ? 1 : Math.max(1, info.getNCPU()),
            info.getMemTotal() == null ? 0 : info.getMemTotal(),
            "cgroupfs".equals(raw.get("CgroupDriver")),
            ahead(text(info.getSystemTime()), before, after),
            // From before, so that a clock that was set meanwhile is noticed.
            before,
            askedNanos,
            ToldGpus.count(raw));
    newest = facts;
    return facts;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String architecture(String engines) {
    return switch (engines) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      default -> engines;
    };
  }

  private static Duration ahead(String systemTime, Instant before, Instant after) {
    try {
      Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
      Instant engines = OffsetDateTime.parse(systemTime).toInstant();
      // Less than the question itself took is no difference that could be seen.
      boolean same = !engines.isBefore(before) && !engines.isAfter(after);
      return same ? Duration.ZERO : Duration.between(middle, engines);
    } catch (DateTimeParseException e) {
      return Duration.ZERO;
    }
  }
}
