package io.podyard.scheduler;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Hosts and requests by chance, in all dimensions; requests often repeat themselves. */
record RandomHosts(Random random, int hosts, List<PlacementRequest> seen) {

  RandomHosts(Random random, int hosts) {
    this(random, hosts, new ArrayList<>());
  }

  HostSnapshot host() {
    Size all = Size.of((1 + random.nextInt(32)) * 500, (1 + random.nextInt(64)) * 512);
    Size reserved =
        Size.of(random.nextInt(all.cpu().value() + 1), random.nextInt(all.memory().value() + 1));
    int disk = random.nextInt(3) * 10_000;
    return new HostSnapshot(
        id(),
        pool(),
        region(),
        zone(),
        all,
        random.nextBoolean() ? Size.ZERO : reserved,
        random.nextInt(6) > 0,
        new DiskSpace(disk, random.nextInt(disk + 1)),
        gpus(),
        new HostKind(
            letter("arch", 2),
            letter("type", 3),
            letter("model", 3),
            letters("label", 3),
            letter("category", 2)),
        random.nextInt(8) == 0,
        random.nextInt(3) > 0,
        random.nextInt(10) > 0);
  }

  HostId id() {
    return new HostId("host-" + random.nextInt(hosts));
  }

  PlacementRequest request() {
    if (seen.size() > 30 && random.nextInt(4) > 0) {
      return seen.get(random.nextInt(seen.size()));
    }
    PlacementRequest request = fresh();
    if (seen.size() < 60) {
      seen.add(request);
    }
    return request;
  }

  Taken taken() {
    long devices = random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(7);
    int milli = devices == 0 ? 0 : 1 + random.nextInt(1000);
    return new Taken(size(), random.nextInt(2) * random.nextInt(5000), devices, milli);
  }

  private PlacementRequest fresh() {
    HostWishes wishes = HostWishes.ANY;
    if (random.nextInt(3) == 0) {
      wishes =
          switch (random.nextInt(7)) {
            case 0 -> wishes.withArchitecture(letter("arch", 2));
            case 1 -> wishes.withInstanceTypes(letters("type", 3));
            case 2 -> wishes.withGpuModels(letters("model", 3));
            case 3 -> wishes.withLabels(letters("label", 3));
            case 4 -> wishes.withComputeCategory(letter("category", 2));
            case 5 ->
                wishes
                    .withInstanceTypes(letters("type", 3))
                    .withArchitecture(letter("arch", 2))
                    .withLabels(letters("label", 3));
            default -> wishes.inPools(List.of(pool()));
          };
      if (random.nextInt(4) == 0) {
        PoolId first = new PoolId("pool-2");
        wishes = wishes.inPools(List.of(first, new PoolId("pool-" + random.nextInt(2))));
      }
    }
    Map<HostId, Integer> images = new HashMap<>();
    while (random.nextInt(3) == 0) {
      int share = random.nextInt(3) == 0 ? 1_000_000 : 1 + random.nextInt(1_000_000);
      images.put(id(), share);
    }
    return new PlacementRequest(
        region(),
        random.nextInt(4) == 0 ? zone() : null,
        random.nextInt(8) == 0 ? id() : null,
        size(),
        random.nextInt(3) == 0 ? random.nextInt(8000) : 0,
        switch (random.nextInt(5)) {
          case 0 -> GpuRequest.whole(1 + random.nextInt(4));
          case 1, 2 -> GpuRequest.shared(50 * (1 + random.nextInt(19)));
          default -> GpuRequest.NONE;
        },
        wishes,
        images,
        random.nextInt(4) == 0 ? id() : null);
  }

  private Size size() {
    int scale = 1 << random.nextInt(6);
    return Size.of((1 + random.nextInt(scale)) * 250, (1 + random.nextInt(scale)) * 512);
  }

  private GpuDevices gpus() {
    List<Integer> reserved = new ArrayList<>();
    for (int count = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(8); count > 0; count--) {
      reserved.add(random.nextInt(3) == 0 ? 50 * random.nextInt(21) : 0);
    }
    return new GpuDevices(reserved);
  }

  private PoolId pool() {
    return new PoolId("pool-" + random.nextInt(3));
  }

  private RegionId region() {
    return new RegionId("region-" + random.nextInt(2));
  }

  private ZoneId zone() {
    return new ZoneId("zone-" + random.nextInt(4));
  }

  private String letter(String kind, int letters) {
    return kind + "-" + random.nextInt(letters);
  }

  private Set<String> letters(String kind, int letters) {
    Set<String> some = new HashSet<>();
    do {
      some.add(letter(kind, letters));
    } while (random.nextInt(3) == 0);
    return some;
  }
}
