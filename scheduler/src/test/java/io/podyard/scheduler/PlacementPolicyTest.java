package io.podyard.scheduler;

import static io.podyard.scheduler.Hosts.host;
import static io.podyard.scheduler.Hosts.id;
import static io.podyard.scheduler.Hosts.index;
import static io.podyard.scheduler.Hosts.need;
import static io.podyard.scheduler.Hosts.reserved;
import static io.podyard.scheduler.Hosts.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.PoolId;
import io.podyard.scheduler.PlacementDecision.NotPlaced;
import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What policies and their parts look at. */
class PlacementPolicyTest {

  private static final long GPU_MILLI = RequestMix.ONE;
  private static final int ALL = PlacementRequest.ALL_IMAGES;

  private static HostSnapshot gpuHost(String name, int vcpu, Integer... reservedMilli) {
    return host(name, vcpu, 1024).withGpus(new GpuDevices(List.of(reservedMilli)));
  }

  private static HostSnapshot inPool(HostSnapshot host, String pool) {
    return new HostSnapshot(
        host.id(),
        new PoolId(pool),
        host.region(),
        host.zone(),
        host.allocatable(),
        host.reserved(),
        host.schedulable(),
        host.disk(),
        host.gpus(),
        host.kind());
  }

  private static PlacementIndex mixed(List<PlacementRequest> mix, HostSnapshot... hosts) {
    PlacementIndex index =
        Hosts.fill(new PlacementIndex(PlacementPolicy.FRAGMENTATION_AWARE), hosts);
    index.setMix(RequestMix.of(mix));
    return index;
  }

  private static long part(PlacementIndex index, PlacementRequest request, ScorePart part) {
    return index.explain(request).best().getFirst().parts().getOrDefault(part, Long.MIN_VALUE);
  }

  @Test
  void leftOverIsTheCapacityThatStaysFree() {
    PlacementIndex index = index(gpuHost("a", 10, 0, 400));

    assertThat(part(index, need(4, 24).withGpus(GpuRequest.shared(100)), ScorePart.LEFT_OVER))
        .isEqualTo(Capacity.of(6000, 1000 * 1024) + 1500 * Capacity.PER_MILLI_GPU);
  }

  @Test
  void inUseIsThatOfTheScarcestDimension() {
    HostSnapshot host = gpuHost("a", 100, 0, 0, 0, 0).withDisk(new DiskSpace(1000, 100));
    PlacementIndex index = Hosts.fill(new PlacementIndex(PlacementPolicy.SPREAD), host);

    assertThat(part(index, need(20, 1), ScorePart.IN_USE)).isEqualTo(200_000);
    assertThat(part(index, need(20, 512), ScorePart.IN_USE)).isEqualTo(500_000);
    assertThat(part(index, need(20, 1).withDisk(500), ScorePart.IN_USE)).isEqualTo(600_000);
    assertThat(part(index, need(20, 1).withGpus(GpuRequest.whole(3)), ScorePart.IN_USE))
        .isEqualTo(750_000);
  }

  @Test
  void fragmentsAreWhatTypicalRequestsCanNotUse() {
    // Half of the requests want a whole GPU, half of them 300 thousandths of one.
    PlacementRequest whole = need(1, 1).withGpus(GpuRequest.whole(1));
    PlacementRequest share = need(1, 1).withGpus(GpuRequest.shared(300));
    PlacementIndex index = mixed(List.of(whole, share), gpuHost("a", 10, 0, 0));

    // 700 stay on one device, which the whole half can not use.
    assertThat(part(index, share, ScorePart.GPU_FRAGMENTS)).isEqualTo(700 * GPU_MILLI / 2);
    assertThat(part(index, whole, ScorePart.GPU_FRAGMENTS)).isZero();
    // 200 stay, which nobody can use.
    assertThat(part(index, need(1, 1).withGpus(GpuRequest.shared(800)), ScorePart.GPU_FRAGMENTS))
        .isEqualTo(200 * GPU_MILLI);
    // Without vCPU both GPUs are useless.
    assertThat(part(index, need(10, 1), ScorePart.GPU_FRAGMENTS)).isEqualTo(2000 * GPU_MILLI);
  }

  @Test
  void shapesThatWantAnotherModelCanUseNothing() {
    PlacementRequest share = need(1, 1).withGpus(GpuRequest.shared(300));
    PlacementRequest only = share.wishing(HostWishes.ANY.withGpuModels(Set.of("T4", "A10")));
    PlacementIndex index =
        mixed(
            List.of(share, only),
            gpuHost("a", 10, 0).ofKind(HostKind.ofGpuModel("G2")),
            gpuHost("b", 10, 0).ofKind(HostKind.ofGpuModel("A10")));

    // On a, half of the requests could use nothing before and nothing afterwards.
    assertThat(part(index, share, ScorePart.GPU_FRAGMENTS)).isEqualTo(-300 * GPU_MILLI / 2);
    assertThat(((Placed) index.pick(share)).host()).isEqualTo(id("a"));
    assertThat(((Placed) index.pick(only)).host()).isEqualTo(id("b"));
  }

  @Test
  void strandedIsTheGpuWhoseVcpuIsGone() {
    // Typically 10 vCPU to a GPU.
    List<PlacementRequest> mix = List.of(need(10, 10).withGpus(GpuRequest.whole(1)));
    PlacementIndex index = mixed(mix, gpuHost("a", 20, 0, 0));

    assertThat(part(index, need(5, 1), ScorePart.GPU_STRANDED))
        .isBetween(499 * GPU_MILLI * 13 / 16, 500 * GPU_MILLI * 13 / 16);
    assertThat(part(index, mix.getFirst(), ScorePart.GPU_STRANDED)).isLessThan(GPU_MILLI);
  }

  @Test
  void strandedIsTheVcpuWhoseMemoryIsGone() {
    List<PlacementRequest> mix = List.of(need(1, 4));
    PlacementIndex index = mixed(mix, host("a", 10, 40));

    assertThat(part(index, need(2, 8), ScorePart.SIZE_STRANDED)).isZero();
    assertThat(part(index, need(0, 20), ScorePart.SIZE_STRANDED))
        .isBetween(
            4999 * Capacity.PER_MILLI_VCPU * 5 >> 11, 5000 * Capacity.PER_MILLI_VCPU * 5 >> 11);
    assertThat(part(index, need(5, 0), ScorePart.SIZE_STRANDED))
        .isEqualTo(20 * 1024 * Capacity.PER_MIB * 5 >> 11);
  }

  @Test
  void requestsWithMuchVcpuGoWhereGpusHaveMuch() {
    List<PlacementRequest> mix = List.of(need(10, 10).withGpus(GpuRequest.whole(1)));
    PlacementIndex index = mixed(mix, gpuHost("a", 16, 0, 0), gpuHost("b", 104, 0, 0));

    assertThat(((Placed) index.pick(need(12, 10).withGpus(GpuRequest.whole(1)))).host())
        .isEqualTo(id("b"));
    assertThat(((Placed) index.pick(need(3, 10).withGpus(GpuRequest.whole(1)))).host())
        .isEqualTo(id("a"));
  }

  @Test
  void withoutAMixTheFragmentationAwarePolicyIsBestFit() {
    PlacementIndex index =
        Hosts.fill(
            new PlacementIndex(PlacementPolicy.FRAGMENTATION_AWARE),
            host("a", 16, 64),
            reserved(host("b", 16, 64), 12, 48));

    assertThat(((Placed) index.pick(need(2, 4))).host()).isEqualTo(id("b"));
  }

  @Test
  void aNewMixChangesWhatIsGood() {
    PlacementRequest share = need(1, 1).withGpus(GpuRequest.shared(300));
    PlacementRequest whole = need(1, 1).withGpus(GpuRequest.whole(1));
    HostSnapshot opened = gpuHost("b", 90, 400);
    PlacementIndex index = mixed(List.of(whole), gpuHost("a", 10, 0), opened);
    // Nobody shares: the opened device is lost anyway.
    assertThat(((Placed) index.pick(share)).host()).isEqualTo(id("b"));

    index.setMix(
        RequestMix.of(Collections.nCopies(9, need(1, 1).withGpus(GpuRequest.shared(500)))));

    // Only 300 would be left there, which nobody can use.
    assertThat(((Placed) index.pick(share)).host()).isEqualTo(id("a"));
  }

  @Test
  void aHostWithTheImagesIsPreferredUpToABonus() {
    HostSnapshot fuller = reserved(host("a", 96, 384), 90, 360);
    PlacementIndex index = index(fuller, reserved(host("b", 96, 384), 86, 344), host("c", 96, 384));

    assertThat(picked(index, need(2, 8))).isEqualTo("a");
    assertThat(picked(index, withImages("b", ALL))).isEqualTo("b");
    assertThat(picked(index, withImages("c", ALL))).isEqualTo("a");
    Candidate best =
        index
            .explain(need(2, 8).withImagesOn(Map.of(id("b"), ALL, id("unknown"), ALL)))
            .best()
            .getFirst();
    assertThat(best.parts())
        .containsEntry(ScorePart.IMAGES_THERE, -PlacementPolicy.BEST_FIT.imageBonus());
  }

  @ParameterizedTest
  @CsvSource({"0, 0, a", "500000, 32768, a", "990000, 64880, b", "1000000, 65536, b"})
  void theBonusIsAsMuchAsIsThereOfTheImages(int there, long thousandths, String taken) {
    // The one with the images would have 6 vCPU and 24 GiB more left over than the other.
    PlacementIndex index =
        index(
            reserved(host("a", 96, 384), 90, 360),
            reserved(host("b", 96, 384), 84, 336),
            host("c", 96, 384));
    PlacementRequest request = there == 0 ? need(2, 8) : withImages("b", there);

    assertThat(picked(index, request)).isEqualTo(taken);
    Map<ScorePart, Long> parts =
        index.explain(request).best().stream()
            .filter(candidate -> candidate.host().equals(id("b")))
            .findFirst()
            .orElseThrow()
            .parts();
    assertThat(parts.getOrDefault(ScorePart.IMAGES_THERE, 0L) / 1000).isEqualTo(-thousandths);
  }

  @ParameterizedTest
  @EnumSource
  void ofHostsThatAreAlikeThatIsTakenWhichHasMostAndHasRoom(PlacementPolicy policy) {
    PlacementIndex index =
        Hosts.fill(
            new PlacementIndex(policy),
            host("a", 8, 32),
            host("b", 8, 32),
            host("c", 8, 32),
            host("d", 8, 32));
    PlacementRequest request =
        need(8, 32).withImagesOn(Map.of(id("b"), 500_000, id("c"), ALL, id("d"), 990_000));

    for (String next : List.of("c", "d", "b", "a")) {
      assertThat(picked(index, request)).isEqualTo(next);
      assertThat(index.reserve(id(next), size(8, 32))).isTrue();
    }
    assertThat(index.pick(request)).isInstanceOf(NotPlaced.class);
  }

  @Test
  void noHostHasMoreOfTheImagesThanAllOrLessThanSomething() {
    for (int share : List.of(0, -1, ALL + 1)) {
      assertThatThrownBy(() -> withImages("a", share))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(share));
    }
  }

  private static PlacementRequest withImages(String host, int share) {
    return need(2, 8).withImagesOn(Map.of(id(host), share));
  }

  private static String picked(PlacementIndex index, PlacementRequest request) {
    assertThat(index.scan(request)).isEqualTo(index.pick(request));
    return ((Placed) index.pick(request)).host().value();
  }

  @Test
  void poolsOfSeveralPoliciesHaveTheirTurnsOneAfterTheOther() {
    PlacementIndex index =
        index(inPool(host("a", 8, 16), "spread"), inPool(host("b", 4, 16), "packed"));
    index.setPolicy(new PoolId("spread"), PlacementPolicy.SPREAD);

    assertThat(((Placed) index.pick(need(2, 4))).host()).isEqualTo(id("b"));
    assertThat(((Placed) index.pick(need(8, 4))).host()).isEqualTo(id("a"));
    assertThat(index.explain(need(2, 4)).best())
        .extracting(Candidate::policy)
        .containsExactly(PlacementPolicy.BEST_FIT, PlacementPolicy.SPREAD);
  }

  @Test
  void turnsChangeWhenThePoolsDo() {
    PlacementIndex index =
        index(inPool(host("a", 2, 16), "spread"), inPool(host("b", 8, 16), "aware"));
    index.setPolicy(new PoolId("spread"), PlacementPolicy.SPREAD);
    index.setPolicy(new PoolId("aware"), PlacementPolicy.FRAGMENTATION_AWARE);
    index.setPolicy(new PoolId("aware-too"), PlacementPolicy.FRAGMENTATION_AWARE);
    assertThat(((Placed) index.pick(need(1, 4))).host()).isEqualTo(id("a"));

    // No host is left that has its turn before b.
    index.put(inPool(host("a", 2, 16), "aware"));
    index.put(reserved(inPool(host("a", 2, 16), "aware-too"), 2, 16));

    assertThat(((Placed) index.pick(need(1, 4))).host()).isEqualTo(id("b"));
  }

  @Test
  void aRequestHasItsOwnOrderOfPools() {
    PlacementIndex index =
        index(
            inPool(host("a", 8, 16), "large"),
            inPool(host("b", 4, 16), "small"),
            inPool(host("c", 2, 16), "other"));
    PlacementRequest request =
        need(2, 4)
            .wishing(HostWishes.ANY.inPools(List.of(new PoolId("large"), new PoolId("small"))));

    assertThat(((Placed) index.pick(request)).host()).isEqualTo(id("a"));
    index.reserve(id("a"), size(8, 16));
    assertThat(((Placed) index.pick(request)).host()).isEqualTo(id("b"));
    index.reserve(id("b"), size(4, 16));
    NotPlaced refused = (NotPlaced) index.pick(request);
    assertThat(refused.explanation().ruledOut(RuledOut.OTHER_POOL)).isEqualTo(1);
  }
}
