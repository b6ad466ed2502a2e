package io.podyard.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.scheduler.PlacementDecision.NotPlaced;
import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random work on the index and on {@link PlainPlacement} side by side, in all dimensions and by all
 * policies; after every step both must say the same. The seed is the name of the run; {@code
 * -Dpodyard.seed=N} runs one alone.
 */
class PlacementIndexPropertyTest {

  private static final int STEPS = 2_500;

  /** Steps of a run with few hosts and of one with so many that the index has several blocks. */
  private static final int STEPS_WITH_MANY_HOSTS = 600;

  /** What somebody holds on a host, and the pick it came from. */
  private record Held(Placed pick, Taken taken) {}

  private final List<Held> held = new ArrayList<>();
  private int placed;
  private int refused;

  static LongStream seeds() {
    Long one = Long.getLong("podyard.seed");
    return one == null ? LongStream.range(0, 40) : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theIndexAgreesWithAPlainScanAtEveryStep(long seed) {
    Random random = new Random(seed);
    boolean many = seed % 5 == 4;
    RandomHosts hosts = new RandomHosts(random, many ? 150 : 40);
    PlacementPolicy policy =
        PlacementPolicy.values()[(int) (seed % PlacementPolicy.values().length)];
    // Every other run has pools of several policies.
    boolean several = seed % 2 == 1;
    PlacementIndex index = new PlacementIndex(policy);
    PlainPlacement plain = new PlainPlacement(policy);
    int steps = many ? STEPS_WITH_MANY_HOSTS : STEPS;
    for (int i = 0; many && i < 150; i++) {
      put(hosts, index, plain);
    }
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(14)) {
        case 0 -> put(hosts, index, plain);
        case 1 -> remove(hosts, index, plain);
        case 2 -> changeBlindly(random, hosts, index, plain);
        case 3, 4 -> undo(random, index, plain);
        case 5 -> changeWhatIsGood(random, several, hosts, index, plain);
        default -> place(random, hosts, index, plain);
      }
    }
    plain.hosts.forEach((id, host) -> assertThat(index.host(id)).contains(host));
    assertThat(index.size()).isEqualTo(plain.hosts.size());
    // Otherwise the run said nothing about one of the two.
    assertThat(placed).isGreaterThan(steps / 20);
    assertThat(refused).isGreaterThan(steps / 40);
  }

  private void put(RandomHosts hosts, PlacementIndex index, PlainPlacement plain) {
    HostSnapshot host = hosts.host();
    index.put(host);
    plain.hosts.put(host.id(), host);
    forgetOrDenyUndo(hosts.random(), index, host.id());
  }

  private void remove(RandomHosts hosts, PlacementIndex index, PlainPlacement plain) {
    HostId id = hosts.id();
    assertThat(index.remove(id)).isEqualTo(plain.hosts.remove(id) != null);
    assertThat(index.host(id)).isEmpty();
    forgetOrDenyUndo(hosts.random(), index, id);
  }

  /** What was held before a host was put anew can no longer be undone. */
  private void forgetOrDenyUndo(Random random, PlacementIndex index, HostId id) {
    Optional<HostSnapshot> before = index.host(id);
    for (Held one : List.copyOf(held)) {
      if (one.pick().host().equals(id)) {
        if (random.nextBoolean()) {
          assertThat(index.undo(one.pick(), one.taken())).isFalse();
          assertThat(index.host(id)).isEqualTo(before);
        }
        held.remove(one);
      }
    }
  }

  /** Reserves or releases something on some host without a pick, as news of others would. */
  private static void changeBlindly(
      Random random, RandomHosts hosts, PlacementIndex index, PlainPlacement plain) {
    HostId id = hosts.id();
    Taken taken = hosts.taken();
    HostSnapshot host = plain.hosts.get(id);
    if (random.nextBoolean()) {
      boolean possible = host != null && hasRoom(host, taken);
      assertThat(index.reserve(id, taken)).isEqualTo(possible);
      if (host != null && possible) {
        plain.hosts.put(id, PlainPlacement.after(host, taken));
      }
    } else {
      // More than there is: refused, and nothing changes.
      Size now = host == null ? Size.ZERO : host.reserved();
      Taken tooMuch =
          new Taken(
              now.plus(taken.size()), taken.diskMib(), taken.gpuDevices(), taken.gpuMilliEach());
      assertThat(index.release(id, tooMuch)).isFalse();
    }
    assertThat(index.host(id)).isEqualTo(Optional.ofNullable(plain.hosts.get(id)));
  }

  private static boolean hasRoom(HostSnapshot host, Taken taken) {
    boolean gpus = 64 - Long.numberOfLeadingZeros(taken.gpuDevices()) <= host.gpus().count();
    for (int device = 0; gpus && device < host.gpus().count(); device++) {
      boolean wanted = (taken.gpuDevices() & 1L << device) != 0;
      gpus = !wanted || 1000 - host.gpus().reservedMilli().get(device) >= taken.gpuMilliEach();
    }
    DiskSpace disk = host.disk();
    return gpus
        && taken.size().fitsIn(host.free())
        && (disk.allocatableMib() == 0
            || disk.allocatableMib() - disk.reservedMib() >= taken.diskMib());
  }

  private void undo(Random random, PlacementIndex index, PlainPlacement plain) {
    if (held.isEmpty()) {
      return;
    }
    Held one = held.remove(random.nextInt(held.size()));
    HostId id = one.pick().host();
    HostSnapshot host = Optional.ofNullable(plain.hosts.get(id)).orElseThrow();
    assertThat(index.undo(one.pick(), one.taken())).isTrue();
    HostSnapshot now = index.host(id).orElseThrow();
    // Taken again, it is as it was before.
    assertThat(PlainPlacement.after(now, one.taken())).isEqualTo(host);
    plain.hosts.put(id, now);
  }

  private static void changeWhatIsGood(
      Random random,
      boolean several,
      RandomHosts hosts,
      PlacementIndex index,
      PlainPlacement plain) {
    switch (random.nextInt(8)) {
      case 0 -> {
        List<PlacementRequest> seen = Stream.generate(hosts::request).limit(60).toList();
        plain.mixed = seen;
        plain.mix = RequestMix.of(seen);
        index.setMix(plain.mix);
      }
      case 1 -> {
        PlacementPolicy policy =
            PlacementPolicy.values()[random.nextInt(PlacementPolicy.values().length)];
        if (several) {
          HostSnapshot host = hosts.host();
          index.setPolicy(host.pool(), policy);
          plain.policies.put(host.pool(), policy);
        }
      }
      default -> {
        // A change of that kind forgets much of what the index keeps: not too often.
      }
    }
  }

  private void place(Random random, RandomHosts hosts, PlacementIndex index, PlainPlacement plain) {
    PlacementRequest request = hosts.request();
    List<PlainPlacement.Choice> expected = plain.ranked(request);
    if (random.nextInt(3) == 0) {
      checkExplanation(index.explain(request), plain, request, expected);
      assertThat(index.closest(request)).isEqualTo(plain.closest(request));
    }
    switch (index.pick(request)) {
      case NotPlaced(Explanation explanation) -> {
        assertThat(expected).isEmpty();
        checkExplanation(explanation, plain, request, expected);
        refused++;
      }
      case Placed pick -> {
        PlainPlacement.Choice best = expected.getFirst();
        assertThat(pick.host()).isEqualTo(best.host().id());
        assertThat(pick.score()).isEqualTo(best.score());
        assertThat(pick.gpuDevices()).isEqualTo(best.devices());
        assertThat(pick.version()).isEqualTo(index.version());
        if (random.nextInt(4) == 0) {
          checkExplains(index.explain(request), pick);
        }
        Taken taken = request.taking(pick.gpuDevices());
        assertThat(index.reserve(pick.host(), taken)).isTrue();
        HostSnapshot after = PlainPlacement.after(best.host(), taken);
        plain.hosts.put(after.id(), after);
        assertThat(index.host(after.id())).contains(after);
        held.add(new Held(pick, taken));
        placed++;
      }
    }
  }

  /** The host that a pick takes is the first of its explanation, and for the same score. */
  private static void checkExplains(Explanation explanation, Placed pick) {
    Candidate first = explanation.best().getFirst();
    assertThat(first.host()).isEqualTo(pick.host());
    assertThat(first.score()).isEqualTo(pick.score());
    assertThat(first.gpuDevices()).isEqualTo(pick.gpuDevices());
  }

  private static void checkExplanation(
      Explanation explanation,
      PlainPlacement plain,
      PlacementRequest request,
      List<PlainPlacement.Choice> expected) {
    List<HostSnapshot> region = plain.region(request);
    int sum = explanation.hostsFitting();
    for (RuledOut reason : RuledOut.values()) {
      assertThat((long) explanation.ruledOut(reason))
          .isEqualTo(
              region.stream()
                  .filter(host -> plain.whyNot(host, request).equals(Optional.of(reason)))
                  .count());
      sum += explanation.ruledOut(reason);
    }
    assertThat(explanation.hostsLookedAt()).isEqualTo(region.size()).isEqualTo(sum);
    assertThat(explanation.hostsFitting()).isEqualTo(expected.size());
    assertThat(explanation.couldEverFit()).isEqualTo(plain.couldEverFit(request));
    assertThat(explanation.lacking().equals(Room.NONE)).isEqualTo(!expected.isEmpty());
    if (explanation.hostsFitting() > 0) {
      assertThat(explanation.couldEverFit()).isTrue();
    }
    assertThat(explanation.best()).hasSize(Math.min(3, expected.size()));
    for (int i = 0; i < explanation.best().size(); i++) {
      Candidate candidate = explanation.best().get(i);
      PlainPlacement.Choice choice = expected.get(i);
      assertThat(candidate.host()).isEqualTo(choice.host().id());
      assertThat(candidate.policy()).isEqualTo(plain.policyOf(choice.host()));
      assertThat(candidate.score()).isEqualTo(choice.score());
      assertThat(candidate.gpuDevices()).isEqualTo(choice.devices());
      assertThat(candidate.parts().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(candidate.score());
    }
    for (HostSnapshot host : region) {
      assertThat(explanation.sentence()).doesNotContain(host.id().value());
    }
  }
}
