package io.podyard.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who gives way, and where. */
class SpotVictimsTest {

  private static final RegionId REGION = new RegionId("cn-hangzhou");
  private static final ZoneId ZONE = new ZoneId("cn-hangzhou-b");
  private static final Instant T0 = Instant.parse("2026-03-01T08:00:00Z");

  static LongStream seeds() {
    Long one = Long.getLong("podyard.seed");
    return one == null ? LongStream.range(0, 50) : LongStream.of(one);
  }

  private static SpotHost.Group group(String id, int vcpu, long age) {
    return new SpotHost.Group(new ContainerGroupId(id), Taken.of(size(vcpu)), T0.minusSeconds(age));
  }

  private static Size size(int vcpu) {
    return Size.of(1000 * vcpu, 4096 * vcpu);
  }

  private static HostSnapshot host(String id, int vcpu, int reserved) {
    return new HostSnapshot(
        new HostId(id), new PoolId("p"), REGION, ZONE, size(vcpu), size(reserved), true);
  }

  private static PlacementRequest wants(int vcpu) {
    return PlacementRequest.anywhereIn(REGION, size(vcpu));
  }

  private static List<String> leave(PlacementRequest request, SpotHost... hosts) {
    return SpotVictims.choose(request, List.of(hosts))
        .map(
            choice -> choice.groups().stream().map(id -> choice.host().value() + "/" + id).toList())
        .orElse(List.of("nobody can"));
  }

  @Test
  void theFewestGoThenTheSmallestThenTheYoungest() {
    SpotHost many =
        new SpotHost(
            host("a", 8, 8), List.of(group("a1", 1, 0), group("a2", 1, 0), group("a3", 6, 0)));
    SpotHost old = new SpotHost(host("b", 8, 8), List.of(group("b1", 4, 50), group("b2", 4, 60)));
    SpotHost young = new SpotHost(host("c", 8, 8), List.of(group("c1", 4, 10)));

    assertThat(leave(wants(2), many)).containsExactly("a/a3");
    assertThat(leave(wants(2), many, old)).containsExactly("b/b1");
    assertThat(leave(wants(2), many, old, young)).containsExactly("c/c1");
    assertThat(leave(wants(7), many)).containsExactly("a/a1", "a/a3");
    assertThat(leave(wants(8), many, old)).containsExactly("b/b1", "b/b2");
  }

  @Test
  void whatIsFreeCountsAndNobodyLeavesInVain() {
    SpotHost host = new SpotHost(host("a", 8, 6), List.of(group("a1", 2, 0), group("a2", 1, 0)));

    assertThat(leave(wants(3), host)).containsExactly("a/a2");
    assertThat(leave(wants(4), host)).containsExactly("a/a1");
    assertThat(leave(wants(2), host)).as("there is room as it is").isEmpty();
    assertThat(leave(wants(6), host)).containsExactly("nobody can");
  }

  @Test
  void aHostThatWouldNotDoAnywayIsLeftAlone() {
    SpotHost elsewhere = new SpotHost(host("a", 8, 8), List.of(group("a1", 8, 0)));
    PlacementRequest request =
        PlacementRequest.inZone(REGION, new ZoneId("cn-hangzhou-c"), size(2));

    assertThat(leave(request, elsewhere)).containsExactly("nobody can");
  }

  @Test
  void roomThatIsLeftAlreadyIsGivenOutOnce() {
    List<SpotHost.Group> others = List.of(group("a2", 2, 0));
    List<Taken> leaving = List.of(Taken.of(size(4)));

    assertThat(leave(wants(4), new SpotHost(host("a", 8, 8), others, leaving, List.of())))
        .as("what leaves already is enough")
        .isEmpty();
    assertThat(
            leave(
                wants(2),
                new SpotHost(host("a", 8, 8), others, leaving, List.of(Taken.of(size(3))))))
        .containsExactly("a/a2");
    assertThat(
            leave(
                wants(4),
                new SpotHost(host("a", 8, 8), others, leaving, List.of(Taken.of(size(3))))))
        .containsExactly("nobody can");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void itIsAsGoodAsTryingAll(long seed) {
    Random random = new Random(seed);
    List<SpotHost> hosts = new ArrayList<>();
    for (int h = 0; h < 4; h++) {
      List<SpotHost.Group> groups = new ArrayList<>();
      int reserved = random.nextInt(4);
      for (int g = random.nextInt(7); g > 0; g--) {
        int vcpu = 1 + random.nextInt(4);
        groups.add(group("h" + h + "g" + g, vcpu, random.nextInt(5)));
        reserved += vcpu;
      }
      hosts.add(new SpotHost(host("h" + h, 32, reserved), groups));
    }
    int wanted = 1 + random.nextInt(32);

    Optional<SpotVictims.Choice> choice = SpotVictims.choose(wants(wanted), hosts);

    int fewest = hosts.stream().mapToInt(host -> fewest(host, wanted)).min().orElseThrow();
    assertThat(choice.isPresent()).isEqualTo(fewest < Integer.MAX_VALUE);
    choice.ifPresent(
        found -> {
          SpotHost on =
              hosts.stream()
                  .filter(host -> host.host().id().equals(found.host()))
                  .findFirst()
                  .orElseThrow();
          assertThat(freeWithout(on, found.groups())).isGreaterThanOrEqualTo(wanted);
          for (ContainerGroupId one : found.groups()) {
            List<ContainerGroupId> others = new ArrayList<>(found.groups());
            others.remove(one);
            assertThat(freeWithout(on, others)).as("each is needed").isLessThan(wanted);
          }
          if (fewest <= 2) {
            assertThat(found.groups()).hasSize(fewest);
          }
        });
  }

  private static int freeWithout(SpotHost host, List<ContainerGroupId> gone) {
    return vcpu(host.host().free())
        + host.groups().stream()
            .filter(group -> gone.contains(group.id()))
            .mapToInt(group -> vcpu(group.taken().size()))
            .sum();
  }

  private static int fewest(SpotHost host, int wanted) {
    int fewest = Integer.MAX_VALUE;
    int count = host.groups().size();
    for (int set = 0; set < 1 << count; set++) {
      int free = vcpu(host.host().free());
      for (int i = 0; i < count; i++) {
        free += (set >> i & 1) == 1 ? vcpu(host.groups().get(i).taken().size()) : 0;
      }
      if (free >= wanted) {
        fewest = Math.min(fewest, Integer.bitCount(set));
      }
    }
    return fewest;
  }

  private static int vcpu(Size size) {
    return size.cpu().value() / 1000;
  }
}
