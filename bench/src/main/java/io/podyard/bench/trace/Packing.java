package io.podyard.bench.trace;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.PlacementDecision.Placed;
import io.podyard.scheduler.PlacementIndex;
import io.podyard.scheduler.PlacementPolicy;
import io.podyard.scheduler.PlacementRequest;
import io.podyard.scheduler.RequestMix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How many hosts of 96 vCPU and 384 GiB a trace's requests need, GPUs aside, if a host is added
 * whenever one does not fit on those that there are. Requests that fit no empty host are left out.
 *
 * @param hosts how many were needed
 * @param bound how many hosts the vCPU, or the memory, of all requests fill without a gap
 */
public record Packing(int hosts, double bound) {

  static final Size HOST = Size.of(96_000, 384 * 1024);

  /** The policy at work, in an order that follows from the seed. */
  public static Packing of(OpenbTrace trace, PlacementPolicy policy, long seed) {
    List<PlacementRequest> requests = new ArrayList<>();
    for (PlacementRequest request : trace.requests()) {
      if (request.size().fitsIn(HOST)) {
        requests.add(PlacementRequest.anywhereIn(OpenbTrace.REGION, request.size()));
      }
    }
    PlacementIndex index = new PlacementIndex(policy);
    index.setMix(RequestMix.of(requests));
    double bound = bound(requests);
    Collections.shuffle(requests, new Random(seed));
    for (PlacementRequest request : requests) {
      if (!(index.pick(request) instanceof Placed)) {
        index.put(host(index.size()));
      }
      if (index.pick(request) instanceof Placed placed) {
        index.reserve(placed.host(), request.size());
      }
    }
    return new Packing(index.size(), bound);
  }

  /** Percent of the bound by which it is exceeded. */
  public double excessPercent() {
    return 100 * (hosts / bound - 1);
  }

  private static double bound(List<PlacementRequest> requests) {
    double cpu = 0;
    double memory = 0;
    for (PlacementRequest request : requests) {
      cpu += request.size().cpu().value();
      memory += request.size().memory().value();
    }
    return Math.max(cpu / HOST.cpu().value(), memory / HOST.memory().value());
  }

  private static HostSnapshot host(int number) {
    return new HostSnapshot(
        new HostId(String.format(Locale.ROOT, "host-%05d", number)),
        new PoolId("packing"),
        OpenbTrace.REGION,
        new ZoneId("openb-a"),
        HOST,
        Size.ZERO,
        true);
  }
}
