package io.podyard.bench.trace;

import io.podyard.model.PoolId;
import io.podyard.scheduler.PlacementDecision.Placed;
import io.podyard.scheduler.PlacementIndex;
import io.podyard.scheduler.PlacementPolicy;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.RequestMix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How much of a trace's GPUs a policy allocates when more is asked for than there is: the published
 * protocol. Requests come in an order by chance, then copies of them by chance until their GPUs are
 * 1.3 times those of the hosts; each is placed or rejected once, and nothing ends.
 *
 * @param atCapacity percent of the GPUs allocated when as many were asked for as there are
 * @param atEnd percent when 1.3 times as many were
 * @param decisions requests placed or rejected
 */
public record GpuAllocation(double atCapacity, double atEnd, int decisions) {

  private static final double ASKED_FOR = 1.3;

  /** The policy at work on the trace, in an order that follows from the seed. */
  public static GpuAllocation of(OpenbTrace trace, PlacementPolicy policy, long seed) {
    PlacementIndex index = new PlacementIndex();
    for (PoolId pool : trace.hosts().stream().map(host -> host.pool()).distinct().toList()) {
      index.setPolicy(pool, policy);
    }
    index.setMix(RequestMix.of(trace.requests()));
    trace.hosts().forEach(index::put);
    long all = trace.gpuMilli();
    long asked = 0;
    long allocated = 0;
    double atCapacity = Double.NaN;
    List<PlacementRequest> arrivals = arrivals(trace, seed);
    for (PlacementRequest request : arrivals) {
      asked += request.gpus().milli();
      if (index.pick(request) instanceof Placed placed) {
        index.reserve(placed.host(), request.taking(placed.gpuDevices()));
        allocated += request.gpus().milli();
      }
      if (Double.isNaN(atCapacity) && asked >= all) {
        atCapacity = 100.0 * allocated / all;
      }
    }
    return new GpuAllocation(atCapacity, 100.0 * allocated / all, arrivals.size());
  }

  private static List<PlacementRequest> arrivals(OpenbTrace trace, long seed) {
    Random random = new Random(seed);
    List<PlacementRequest> arrivals = new ArrayList<>(trace.requests());
    Collections.shuffle(arrivals, random);
    long asked = arrivals.stream().mapToLong(request -> request.gpus().milli()).sum();
    while (asked < ASKED_FOR * trace.gpuMilli()) {
      PlacementRequest copy = trace.requests().get(random.nextInt(trace.requests().size()));
      arrivals.add(copy);
      asked += copy.gpus().milli();
    }
    return arrivals;
  }
}
