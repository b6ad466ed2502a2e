package io.podyard.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.PlacementDecision.NotPlaced;
import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random work on the index and on {@link PlainPlacement} side by side; after every step both must
 * say the same. The seed is the name of the run; {@code -Dpodyard.seed=N} runs one alone.
 */
class PlacementIndexPropertyTest {

  private static final int STEPS = 4_000;
  private static final int HOSTS = 40;

  /** What somebody holds on a host, and the pick it came from. */
  private record Held(Placed pick, Size size) {}

  static LongStream seeds() {
    Long one = Long.getLong("podyard.seed");
    return one == null ? LongStream.range(0, 30) : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theIndexAgreesWithAPlainScanAtEveryStep(long seed) {
    Random random = new Random(seed);
    PlacementPolicy policy = seed % 2 == 0 ? PlacementPolicy.BEST_FIT : PlacementPolicy.SPREAD;
    PlacementIndex index = new PlacementIndex(policy);
    PlainPlacement plain = new PlainPlacement(policy);
    List<Held> held = new ArrayList<>();
    int placed = 0;
    int refused = 0;
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(12)) {
        case 0 -> put(random, index, plain, held);
        case 1 -> remove(random, index, plain, held);
        case 2 -> changeBlindly(random, index, plain);
        case 3, 4 -> undo(random, index, plain, held);
        default -> {
          if (place(random, index, plain, held)) {
            placed++;
          } else {
            refused++;
          }
        }
      }
    }
    plain.hosts.forEach((id, host) -> assertThat(index.host(id)).contains(host));
    assertThat(index.size()).isEqualTo(plain.hosts.size());
    // Otherwise the run said nothing about one of the two.
    assertThat(placed).isGreaterThan(STEPS / 20);
    assertThat(refused).isGreaterThan(STEPS / 20);
  }

  private static void put(
      Random random, PlacementIndex index, PlainPlacement plain, List<Held> held) {
    HostSnapshot host = randomHost(random);
    index.put(host);
    plain.hosts.put(host.id(), host);
    forgetOrDenyUndo(random, index, host.id(), held);
  }

  private static void remove(
      Random random, PlacementIndex index, PlainPlacement plain, List<Held> held) {
    HostId id = randomId(random);
    assertThat(index.remove(id)).isEqualTo(plain.hosts.remove(id) != null);
    assertThat(index.host(id)).isEmpty();
    forgetOrDenyUndo(random, index, id, held);
  }

  /** What was held before a host was put anew can no longer be undone. */
  private static void forgetOrDenyUndo(
      Random random, PlacementIndex index, HostId id, List<Held> held) {
    Optional<HostSnapshot> before = index.host(id);
    for (Held one : List.copyOf(held)) {
      if (one.pick().host().equals(id)) {
        if (random.nextBoolean()) {
          assertThat(index.undo(one.pick(), one.size())).isFalse();
          assertThat(index.host(id)).isEqualTo(before);
        }
        held.remove(one);
      }
    }
  }

  /** Reserves or releases something on some host without a pick, as news of others would. */
  private static void changeBlindly(Random random, PlacementIndex index, PlainPlacement plain) {
    HostId id = randomId(random);
    Size size = randomSize(random);
    HostSnapshot host = plain.hosts.get(id);
    Size now = host == null ? Size.ZERO : host.reserved();
    boolean grows = random.nextBoolean();
    Size then = grows ? now.plus(size) : now;
    boolean possible = host != null && then.fitsIn(host.allocatable());
    if (grows) {
      assertThat(index.reserve(id, size)).isEqualTo(possible);
      if (host != null && possible) {
        plain.hosts.put(id, host.withReserved(then));
      }
    } else {
      // More than there is: refused, and nothing changes.
      assertThat(index.release(id, now.plus(size))).isFalse();
    }
    assertThat(index.host(id)).isEqualTo(Optional.ofNullable(plain.hosts.get(id)));
  }

  private static void undo(
      Random random, PlacementIndex index, PlainPlacement plain, List<Held> held) {
    if (held.isEmpty()) {
      return;
    }
    Held one = held.remove(random.nextInt(held.size()));
    HostId id = one.pick().host();
    assertThat(index.undo(one.pick(), one.size())).isTrue();
    HostSnapshot host = Optional.ofNullable(plain.hosts.get(id)).orElseThrow();
    Size reserved = host.reserved();
    plain.hosts.put(
        id,
        host.withReserved(
            Size.of(
                reserved.cpu().value() - one.size().cpu().value(),
                reserved.memory().value() - one.size().memory().value())));
    assertThat(index.host(id)).contains(plain.hosts.get(id));
  }

  private static boolean place(
      Random random, PlacementIndex index, PlainPlacement plain, List<Held> held) {
    PlacementRequest request = randomRequest(random);
    Optional<HostSnapshot> expected = plain.best(request);
    checkExplanation(index.explain(request), plain, request);
    return switch (index.pick(request)) {
      case NotPlaced(Explanation explanation) -> {
        assertThat(expected).isEmpty();
        checkExplanation(explanation, plain, request);
        yield false;
      }
      case Placed pick -> {
        HostSnapshot host = expected.orElseThrow();
        assertThat(pick.host()).isEqualTo(host.id());
        assertThat(plain.cost(host, request.size()))
            .isEqualByComparingTo(String.valueOf(pick.score()));
        assertThat(pick.version()).isEqualTo(index.version());
        assertThat(index.reserve(pick.host(), request.size())).isTrue();
        HostSnapshot after = host.withReserved(host.reserved().plus(request.size()));
        plain.hosts.put(after.id(), after);
        assertThat(index.host(after.id())).contains(after);
        held.add(new Held(pick, request.size()));
        yield true;
      }
    };
  }

  private static void checkExplanation(
      Explanation explanation, PlainPlacement plain, PlacementRequest request) {
    List<HostSnapshot> region = plain.region(request);
    int sum = explanation.hostsFitting();
    for (RuledOut reason : RuledOut.values()) {
      assertThat((long) explanation.ruledOut(reason))
          .isEqualTo(plain.countRuledOut(reason, request));
      sum += explanation.ruledOut(reason);
    }
    assertThat(explanation.hostsLookedAt()).isEqualTo(region.size()).isEqualTo(sum);
    assertThat((long) explanation.hostsFitting())
        .isEqualTo(region.stream().filter(host -> plain.fits(host, request)).count());
    assertThat(explanation.couldEverFit()).isEqualTo(plain.couldEverFit(request));
    assertThat(explanation.missing().equals(Size.ZERO)).isEqualTo(explanation.hostsFitting() > 0);
    if (explanation.hostsFitting() > 0) {
      assertThat(explanation.couldEverFit()).isTrue();
    }
  }

  private static HostSnapshot randomHost(Random random) {
    Size all = Size.of((1 + random.nextInt(32)) * 500, (1 + random.nextInt(64)) * 512);
    Size reserved =
        Size.of(random.nextInt(all.cpu().value() + 1), random.nextInt(all.memory().value() + 1));
    return new HostSnapshot(
        randomId(random),
        new PoolId("pool"),
        randomRegion(random),
        randomZone(random),
        all,
        random.nextBoolean() ? Size.ZERO : reserved,
        random.nextInt(6) > 0);
  }

  private static PlacementRequest randomRequest(Random random) {
    return new PlacementRequest(
        randomRegion(random),
        random.nextInt(3) == 0 ? randomZone(random) : null,
        random.nextInt(4) == 0 ? randomId(random) : null,
        randomSize(random));
  }

  private static Size randomSize(Random random) {
    int scale = 1 << random.nextInt(6);
    return Size.of((1 + random.nextInt(scale)) * 250, (1 + random.nextInt(scale)) * 512);
  }

  private static HostId randomId(Random random) {
    return new HostId("host-" + random.nextInt(HOSTS));
  }

  private static RegionId randomRegion(Random random) {
    return new RegionId("region-" + random.nextInt(2));
  }

  private static ZoneId randomZone(Random random) {
    return new ZoneId("zone-" + random.nextInt(4));
  }
}
