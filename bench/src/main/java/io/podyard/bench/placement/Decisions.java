package io.podyard.bench.placement;

import io.podyard.scheduler.PlacementDecision;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What JMH measures: pick, reserve, and the release that keeps the fleet as full as it is; of what
 * was placed longest ago, or of the same.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class Decisions {

  static final String EMPTY = "0";
  static final String FULL = "90";

  /** Which hosts, requests and policy. */
  public enum Kind {
    BEST_FIT,
    FRAGMENTATION_AWARE
  }

  /** How many of the decisions were refusals, which cost an explanation. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Outcomes {
    public long placed;
    public long refused;
  }

  @Param public Kind kind = Kind.BEST_FIT;

  @Param({EMPTY, "50", FULL})
  public int percent;

  private FullFleet fleet = new FullFleet(Fleet.NONE, 0);
  private long placedBefore;
  private long refusedBefore;

  @Setup(Level.Trial)
  public void fill() {
    fleet =
        new FullFleet(
            switch (kind) {
              case BEST_FIT -> Fleet.general();
              case FRAGMENTATION_AWARE -> Fleet.openb();
            },
            percent);
  }

  @Setup(Level.Iteration)
  public void startCounting() {
    placedBefore = fleet.placed();
    refusedBefore = fleet.refused();
  }

  @TearDown(Level.Iteration)
  public void count(Outcomes outcomes) {
    outcomes.placed += fleet.placed() - placedBefore;
    outcomes.refused += fleet.refused() - refusedBefore;
  }

  @Benchmark
  public PlacementDecision index() {
    return fleet.decideByIndex();
  }

  @Benchmark
  public PlacementDecision indexUndone() {
    return fleet.decideAndUndo();
  }

  @Benchmark
  public PlacementDecision scan() {
    return fleet.decideByScan();
  }
}
