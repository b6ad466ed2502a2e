package io.podyard.bench.trace;

import io.podyard.bench.Figures;
import io.podyard.bench.Machine;
import io.podyard.bench.Settings;
import io.podyard.bench.Table;
import io.podyard.scheduler.PlacementPolicy;
import java.nio.file.Path;
import java.util.Locale;

/** What policies make of the published trace, beside what was published of others. */
public final class TraceBenchmark {

  private static final int DIGITS = 2;

  /** A policy of the paper's table, with percent of the GPUs allocated. */
  private record Published(String policy, double atCapacity, double atEnd) {}

  private static final Published[] PUBLISHED = {
    new Published("published: random", 86.30, 87.47),
    new Published("published: dot product", 90.62, 90.85),
    new Published("published: GPU packing", 91.78, 92.00),
    new Published("published: best fit", 92.86, 93.08),
    new Published("published: fragmentation gradient descent", 95.23, 95.39),
  };

  private TraceBenchmark() {}

  public static void main(String[] args) {
    int seeds = Settings.number("BENCH_ROUNDS", 10);
    String file = System.getenv("BENCH_REQUESTS");
    OpenbTrace trace =
        file == null || file.isBlank()
            ? OpenbTrace.published()
            : OpenbTrace.withRequestsOf(Path.of(file));
    System.out.println("trace: placement on a published production trace");
    Machine.describe(System.out);
    System.out.printf(
        Locale.ROOT,
        "%,d hosts with %,d GPUs, %,d requests, seeds 0 to %d%n%n",
        trace.hosts().size(),
        trace.gpuMilli() / 1000,
        trace.requests().size(),
        seeds - 1);
    allocation(trace, seeds);
    System.out.println();
    packing(trace, seeds);
  }

  private static void allocation(OpenbTrace trace, int seeds) {
    Table table =
        new Table("GPUs allocated (%), mean", "at 100 %", "at 130 %", "worst at 130 %", "1000/s");
    for (Published each : PUBLISHED) {
      table.row(
          each.policy(),
          Table.figure(each.atCapacity(), DIGITS),
          Table.figure(each.atEnd(), DIGITS),
          "-",
          "-");
    }
    for (PlacementPolicy policy : PlacementPolicy.values()) {
      Figures atCapacity = new Figures();
      Figures atEnd = new Figures();
      Figures thousands = new Figures();
      for (int seed = 0; seed < seeds; seed++) {
        long start = System.nanoTime();
        GpuAllocation run = GpuAllocation.of(trace, policy, seed);
        thousands.add(run.decisions() * 1e6 / (System.nanoTime() - start));
        atCapacity.add(run.atCapacity());
        atEnd.add(run.atEnd());
      }
      table.row(
          policy.name(),
          Table.figure(atCapacity.mean(), DIGITS),
          Table.figure(atEnd.mean(), DIGITS),
          Table.figure(atEnd.quantile(0), DIGITS),
          Table.figure(thousands.median(), 0));
    }
    table.print(System.out);
  }

  private static void packing(OpenbTrace trace, int seeds) {
    Table table =
        new Table("Hosts of 96 vCPU, 384 GiB (GPUs aside)", "volume", "hosts", "% more", "worst");
    for (PlacementPolicy policy : PlacementPolicy.values()) {
      if (policy == PlacementPolicy.SPREAD) {
        continue;
      }
      Figures hosts = new Figures();
      Figures excess = new Figures();
      double bound = 0;
      for (int seed = 0; seed < seeds; seed++) {
        Packing packing = Packing.of(trace, policy, seed);
        bound = packing.bound();
        hosts.add(packing.hosts());
        excess.add(packing.excessPercent());
      }
      table.row(
          policy.name(),
          Table.figure(bound, 1),
          Table.figure(hosts.mean(), 1),
          Table.figure(excess.mean(), DIGITS),
          Table.figure(excess.quantile(1), DIGITS));
    }
    table.print(System.out);
  }
}
