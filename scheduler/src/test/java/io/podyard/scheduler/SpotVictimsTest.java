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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
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
    List<SpotHost.Promise> promised = List.of(promise(3, GpuRequest.NONE));

    assertThat(leave(wants(4), new SpotHost(host("a", 8, 8), others, leaving, List.of())))
        .as("what leaves already is enough")
        .isEmpty();
    assertThat(leave(wants(2), new SpotHost(host("a", 8, 8), others, leaving, promised)))
        .containsExactly("a/a2");
    assertThat(leave(wants(4), new SpotHost(host("a", 8, 8), others, leaving, promised)))
        .containsExactly("nobody can");
  }

  private static SpotHost.Promise promise(int vcpu, GpuRequest gpus) {
    return new SpotHost.Promise(size(vcpu), 0, gpus);
  }

  /** A host whose vCPU and memory nobody lacks. */
  private static HostSnapshot gpuHost(String id, Integer... reservedMilli) {
    return host(id, 64, 32).withGpus(new GpuDevices(List.of(reservedMilli)));
  }

  /** Of 1 vCPU, with so much of each of these devices. */
  private static SpotHost.Group onGpus(String id, int milli, int... devices) {
    return new SpotHost.Group(new ContainerGroupId(id), taking(milli, devices), T0);
  }

  private static Taken taking(int milli, int... devices) {
    long bits = 0;
    for (int device : devices) {
      bits |= 1L << device;
    }
    return new Taken(size(1), 0, bits, milli);
  }

  private static PlacementRequest wants(GpuRequest gpus) {
    return wants(1).withGpus(gpus);
  }

  @Test
  void whoHoldsGpusGoesForAGroupThatNeedsThem() {
    SpotHost host =
        new SpotHost(
            gpuHost("a", 1000, 1000, 1000, 1000),
            List.of(
                group("large", 16, 0),
                onGpus("one", 1000, 0),
                onGpus("two", 1000, 1, 2),
                onGpus("other", 1000, 3)));

    assertThat(leave(wants(GpuRequest.whole(1)), host)).containsExactly("a/one");
    assertThat(leave(wants(GpuRequest.whole(2)), host)).containsExactly("a/two");
    assertThat(leave(wants(GpuRequest.whole(3)), host)).containsExactly("a/one", "a/two");
    assertThat(leave(wants(GpuRequest.whole(4)), host))
        .containsExactly("a/one", "a/other", "a/two");
    assertThat(leave(wants(GpuRequest.whole(5)), host)).containsExactly("nobody can");
    SpotHost small =
        new SpotHost(gpuHost("a", 1000), List.of(group("x", 4, 0), onGpus("y", 1000, 0)));
    assertThat(leave(wants(33), small)).as("a GPU is worth more").containsExactly("a/x");
    assertThat(leave(wants(40), host)).as("GPUs are dear").containsExactly("a/large");
  }

  @Test
  void allThatShareAGpuGoForAWholeOneAndAsFewAsPossible() {
    SpotHost shared =
        new SpotHost(
            gpuHost("a", 900, 1000, 800),
            List.of(
                onGpus("a1", 500, 0),
                onGpus("a2", 200, 0),
                onGpus("a3", 200, 0),
                onGpus("b1", 250, 1),
                onGpus("b2", 250, 1),
                onGpus("b3", 250, 1),
                onGpus("b4", 250, 1),
                // beside somebody who pays in full
                onGpus("c1", 300, 2)));

    assertThat(leave(wants(GpuRequest.whole(1)), shared)).containsExactly("a/a1", "a/a2", "a/a3");
    assertThat(leave(wants(GpuRequest.shared(600)), shared)).containsExactly("a/a1");
    assertThat(leave(wants(GpuRequest.shared(500)), shared)).hasSize(1);
    assertThat(leave(wants(GpuRequest.shared(200)), shared)).as("there is room").isEmpty();
    assertThat(leave(wants(GpuRequest.whole(3)), shared)).containsExactly("nobody can");
  }

  @Test
  void aHostWithGpusOfAnotherModelIsLeftAlone() {
    SpotHost host =
        new SpotHost(
            gpuHost("a", 1000).ofKind(HostKind.ofGpuModel("T4")), List.of(onGpus("a1", 1000, 0)));
    PlacementRequest one = wants(GpuRequest.whole(1));

    assertThat(leave(one.wishing(HostWishes.ANY.withGpuModels(Set.of("A10"))), host))
        .containsExactly("nobody can");
    assertThat(leave(one.wishing(HostWishes.ANY.withGpuModels(Set.of("T4"))), host))
        .containsExactly("a/a1");
  }

  @Test
  void gpusThatAreLeftAlreadyAreGivenOutOnce() {
    List<SpotHost.Group> others = List.of(onGpus("a3", 1000, 2));
    List<Taken> leaving = List.of(taking(1000, 0, 1));
    List<SpotHost.Promise> promised = List.of(promise(1, GpuRequest.whole(1)));
    SpotHost host = new SpotHost(gpuHost("a", 1000, 1000, 1000), others, leaving, promised);

    assertThat(leave(wants(GpuRequest.whole(1)), host)).as("the other one").isEmpty();
    assertThat(leave(wants(GpuRequest.whole(2)), host)).containsExactly("a/a3");
    assertThat(leave(wants(GpuRequest.whole(3)), host)).containsExactly("nobody can");
    // Whom it was promised to may be on the other device by now: it is a number that is promised.
    SpotHost later =
        new SpotHost(gpuHost("a", 1000, 0, 1000), others, List.of(taking(1000, 0)), promised);
    assertThat(leave(wants(GpuRequest.whole(1)), later)).isEmpty();
    assertThat(leave(wants(GpuRequest.whole(2)), later)).containsExactly("a/a3");
  }

  @Test
  void ephemeralDiskCountsWhereAHostHasSome() {
    HostSnapshot full = host("a", 64, 32).withDisk(new DiskSpace(100, 100));
    List<SpotHost.Group> groups = List.of(disk("a1", 20), disk("a2", 30), disk("a3", 50));

    assertThat(leave(wants(1).withDisk(30), new SpotHost(full, groups))).containsExactly("a/a2");
    assertThat(leave(wants(1).withDisk(60), new SpotHost(full, groups)))
        .containsExactly("a/a1", "a/a3");
    SpotHost promised =
        new SpotHost(
            full,
            groups.subList(0, 1),
            List.of(groups.get(1).taken(), groups.get(2).taken()),
            List.of(new SpotHost.Promise(size(1), 70, GpuRequest.NONE)));
    assertThat(leave(wants(1).withDisk(10), promised)).isEmpty();
    assertThat(leave(wants(1).withDisk(11), promised)).containsExactly("a/a1");
  }

  private static SpotHost.Group disk(String id, int mib) {
    return new SpotHost.Group(new ContainerGroupId(id), new Taken(size(1), mib, 0, 0), T0);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nobodyLeavesAGpuInVain(long seed) {
    Random random = new Random(seed);
    int[] reserved = new int[4];
    List<SpotHost.Group> groups = new ArrayList<>();
    for (int g = 0; g < 9; g++) {
      int device = random.nextInt(reserved.length);
      int milli = 100 * (1 + random.nextInt(5));
      if (reserved[device] + milli <= GpuRequest.WHOLE) {
        reserved[device] += milli;
        groups.add(onGpus("g" + g, milli, device));
      }
    }
    SpotHost host =
        new SpotHost(gpuHost("a", Arrays.stream(reserved).boxed().toArray(Integer[]::new)), groups);
    GpuRequest wanted = GpuRequest.whole(1 + random.nextInt(reserved.length));

    SpotVictims.Choice choice = SpotVictims.choose(wants(wanted), List.of(host)).orElseThrow();

    // Of whole devices the cheapest are those that fewest are on.
    int fewest =
        IntStream.range(0, reserved.length)
            .map(device -> (int) groups.stream().filter(group -> isOn(group, device)).count())
            .sorted()
            .limit(wanted.count())
            .sum();
    assertThat(choice.groups()).hasSize(fewest);
  }

  private static boolean isOn(SpotHost.Group group, int device) {
    return (group.taken().gpuDevices() >>> device & 1) == 1;
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
