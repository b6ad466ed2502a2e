package io.podyard.runtime.simulated;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong on simulated hosts, and how long things take. A plan replaces the one before;
 * counts and times begin when it is set. Patterns are names in which {@code *} stands for any text.
 * In JSON everything may be left out.
 *
 * @param latency factors on all delays
 * @param pulls images that cannot be fetched
 * @param starts containers that cannot be made or started
 * @param exits containers that end otherwise than their command says
 * @param outages hosts that do not answer
 * @param createDelays containers that are made only after the call has failed
 * @param checks probes and hooks that fail
 * @param disks disks that cannot be attached
 */
public record FaultPlan(
    LatencyFactors latency,
    List<PullFault> pulls,
    List<StartFault> starts,
    List<ExitFault> exits,
    List<Outage> outages,
    List<CreateDelay> createDelays,
    // Processes of earlier releases know of none.
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<CheckFault> checks,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<DiskFault> disks) {

  /** Nothing goes wrong. */
  public static final FaultPlan NONE =
      new FaultPlan(LatencyFactors.USUAL, List.of(), List.of(), List.of(), List.of(), List.of());

  /** A plan in which no check and no disk fails. */
  public FaultPlan(
      LatencyFactors latency,
      List<PullFault> pulls,
      List<StartFault> starts,
      List<ExitFault> exits,
      List<Outage> outages,
      List<CreateDelay> createDelays) {
    this(latency, pulls, starts, exits, outages, createDelays, List.of(), List.of());
  }

  public FaultPlan {
    disks = List.copyOf(disks);
    checks = List.copyOf(checks);
    pulls = List.copyOf(pulls);
    starts = List.copyOf(starts);
    exits = List.copyOf(exits);
    outages = List.copyOf(outages);
    createDelays = List.copyOf(createDelays);
  }

  @JsonCreator
  static FaultPlan read(
      @JsonProperty("latency") @Nullable LatencyFactors latency,
      @JsonProperty("pulls") @Nullable List<PullFault> pulls,
      @JsonProperty("starts") @Nullable List<StartFault> starts,
      @JsonProperty("exits") @Nullable List<ExitFault> exits,
      @JsonProperty("outages") @Nullable List<Outage> outages,
      @JsonProperty("createDelays") @Nullable List<CreateDelay> createDelays,
      @JsonProperty("checks") @Nullable List<CheckFault> checks,
      @JsonProperty("disks") @Nullable List<DiskFault> disks) {
    return new FaultPlan(
        Objects.requireNonNullElse(latency, LatencyFactors.USUAL),
        Objects.requireNonNullElse(pulls, List.of()),
        Objects.requireNonNullElse(starts, List.of()),
        Objects.requireNonNullElse(exits, List.of()),
        Objects.requireNonNullElse(outages, List.of()),
        Objects.requireNonNullElse(createDelays, List.of()),
        Objects.requireNonNullElse(checks, List.of()),
        Objects.requireNonNullElse(disks, List.of()));
  }

  /** No delays and no faults: for throughput. */
  public static FaultPlan instant() {
    return NONE.withLatency(LatencyFactors.NONE);
  }

  public FaultPlan withLatency(LatencyFactors factors) {
    return new FaultPlan(factors, pulls, starts, exits, outages, createDelays, checks, disks);
  }

  /** Factors on the usual delays; 0 means at once, 1 the usual one. */
  public record LatencyFactors(double sandbox, double pull, double start, double stop) {

    public static final LatencyFactors USUAL = new LatencyFactors(1, 1, 1, 1);
    public static final LatencyFactors NONE = new LatencyFactors(0, 0, 0, 0);

    /**
     * @throws IllegalArgumentException if a factor is not between 0 and 10,000
     */
    public LatencyFactors {
      for (double factor : new double[] {sandbox, pull, start, stop}) {
        if (!(factor >= 0 && factor <= 10_000)) {
          throw new IllegalArgumentException(
              "a latency factor must be between 0 and 10000, not " + factor);
        }
      }
    }

    @JsonCreator
    static LatencyFactors read(
        @JsonProperty("sandbox") @Nullable Double sandbox,
        @JsonProperty("pull") @Nullable Double pull,
        @JsonProperty("start") @Nullable Double start,
        @JsonProperty("stop") @Nullable Double stop) {
      return new LatencyFactors(
          Objects.requireNonNullElse(sandbox, 1.0),
          Objects.requireNonNullElse(pull, 1.0),
          Objects.requireNonNullElse(start, 1.0),
          Objects.requireNonNullElse(stop, 1.0));
    }
  }

  /**
   * Fetches that fail.
   *
   * @param image pattern
   * @param times how many of them fail, 0 for all
   * @param reason {@code ErrImagePull} or {@code InvalidImageName}
   * @param retryAfterSeconds what the registry asks for, 0 for nothing
   */
  public record PullFault(
      String image, int times, String reason, String message, int retryAfterSeconds) {

    @JsonCreator
    static PullFault read(
        @JsonProperty(value = "image", required = true) String image,
        @JsonProperty("times") int times,
        @JsonProperty("reason") @Nullable String reason,
        @JsonProperty("message") @Nullable String message,
        @JsonProperty("retryAfterSeconds") int retryAfterSeconds) {
      return new PullFault(
          image,
          times,
          Objects.requireNonNullElse(reason, "ErrImagePull"),
          Objects.requireNonNullElse(message, "simulated: " + image + " cannot be fetched"),
          retryAfterSeconds);
    }
  }

  /**
   * Containers that are refused.
   *
   * @param image pattern
   * @param times how many of them, 0 for all
   * @param reason {@code CreateContainerError}: when it is made; anything else: when it is started
   */
  public record StartFault(String image, int times, String reason, String message) {

    @JsonCreator
    static StartFault read(
        @JsonProperty(value = "image", required = true) String image,
        @JsonProperty("times") int times,
        @JsonProperty("reason") @Nullable String reason,
        @JsonProperty("message") @Nullable String message) {
      return new StartFault(
          image,
          times,
          Objects.requireNonNullElse(reason, "ContainerCannotRun"),
          Objects.requireNonNullElse(message, "simulated: " + image + " cannot run"));
    }
  }

  /**
   * Containers that end by themselves.
   *
   * @param image pattern
   * @param times how many of them, 0 for all
   * @param afterMillis how long they run
   * @param oomKilled whether the kernel killed them for memory; the exit code is 137 then
   */
  public record ExitFault(
      @JsonProperty(required = true) String image,
      int times,
      long afterMillis,
      int exitCode,
      boolean oomKilled) {}

  /**
   * A time in which hosts do not answer. Their containers go on.
   *
   * @param host pattern
   * @param afterSeconds from when the plan was set
   * @param forSeconds how long, 0 for ever
   */
  public record Outage(
      @JsonProperty(required = true) String host, long afterSeconds, long forSeconds) {}

  /**
   * Creates whose caller hears that the engine did not answer, and that take effect later.
   *
   * @param image pattern
   * @param times how many of them, 0 for all
   */
  public record CreateDelay(
      @JsonProperty(required = true) String image, int times, long delayMillis) {}

  /**
   * Disks that cannot be attached.
   *
   * @param disk pattern of their ids
   * @param times how many attempts, 0 for all
   */
  public record DiskFault(String disk, int times, String message) {

    @JsonCreator
    static DiskFault read(
        @JsonProperty(value = "disk", required = true) String disk,
        @JsonProperty("times") int times,
        @JsonProperty("message") @Nullable String message) {
      return new DiskFault(
          disk, times, Objects.requireNonNullElse(message, "as the fault plan says"));
    }
  }

  /**
   * Probes and hooks that fail.
   *
   * @param image pattern of the containers' images
   * @param times how many of them, 0 for all
   * @param afterMillis from the start of the container on
   */
  public record CheckFault(String image, int times, long afterMillis, String message) {

    @JsonCreator
    static CheckFault read(
        @JsonProperty(value = "image", required = true) String image,
        @JsonProperty("times") int times,
        @JsonProperty("afterMillis") long afterMillis,
        @JsonProperty("message") @Nullable String message) {
      return new CheckFault(
          image,
          times,
          afterMillis,
          Objects.requireNonNullElse(message, "simulated: a check of " + image + " fails"));
    }
  }
}
