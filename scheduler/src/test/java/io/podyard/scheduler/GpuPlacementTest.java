package io.podyard.scheduler;

import static io.podyard.scheduler.Hosts.host;
import static io.podyard.scheduler.Hosts.id;
import static io.podyard.scheduler.Hosts.index;
import static io.podyard.scheduler.Hosts.need;
import static io.podyard.scheduler.Hosts.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.scheduler.PlacementDecision.NotPlaced;
import io.podyard.scheduler.PlacementDecision.Placed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** GPUs by device, disks by MiB. */
class GpuPlacementTest {

  private static HostSnapshot withGpus(String name, Integer... reservedMilli) {
    return host(name, 96, 384).withGpus(new GpuDevices(List.of(reservedMilli)));
  }

  @Test
  void wholeDevicesAreThoseThatNobodyUses() {
    PlacementIndex index = index(withGpus("a", 0, 10, 0, 1000), withGpus("b", 500, 500));
    PlacementRequest request = need(1, 1).withGpus(GpuRequest.whole(2));

    Placed pick = (Placed) index.pick(request);

    assertThat(pick.host()).isEqualTo(id("a"));
    assertThat(pick.gpuDevices()).isEqualTo(0b0101);
    assertThat(index.pick(need(1, 1).withGpus(GpuRequest.whole(3)))).isInstanceOf(NotPlaced.class);
  }

  @Test
  void aShareIsOfOneDeviceAndTheFullestThatHasEnoughIsTaken() {
    PlacementIndex index = index(withGpus("a", 0, 300, 600));

    assertThat(devices(index, GpuRequest.shared(400))).isEqualTo(0b100);
    assertThat(devices(index, GpuRequest.shared(500))).isEqualTo(0b010);
    assertThat(devices(index, GpuRequest.shared(900))).isEqualTo(0b001);
  }

  @Test
  void spreadSharesTheEmptiestDevice() {
    PlacementIndex index =
        Hosts.fill(new PlacementIndex(PlacementPolicy.SPREAD), withGpus("a", 300, 0, 600));

    assertThat(devices(index, GpuRequest.shared(400))).isEqualTo(0b010);
  }

  @Test
  void twoDevicesWithHalfFreeAreNoWholeOne() {
    PlacementIndex index = index(withGpus("a", 500, 500));

    assertThat(index.pick(need(1, 1).withGpus(GpuRequest.shared(600))))
        .isInstanceOf(NotPlaced.class);
    assertThat(index.pick(need(1, 1).withGpus(GpuRequest.whole(1)))).isInstanceOf(NotPlaced.class);
  }

  @Test
  void devicesAreReservedReleasedAndUndoneOneByOne() {
    PlacementIndex index = index(withGpus("a", 0, 0));
    PlacementRequest request = need(2, 4).withGpus(GpuRequest.shared(700));
    Placed pick = (Placed) index.pick(request);
    Taken taken = request.taking(pick.gpuDevices());

    assertThat(index.reserve(pick.host(), taken)).isTrue();
    assertThat(reserved(index)).containsExactly(700, 0);
    assertThat(index.reserve(pick.host(), taken)).isFalse();
    assertThat(index.release(id("a"), new Taken(size(2, 4), 0, 0b10, 700))).isFalse();
    assertThat(index.reserve(id("a"), new Taken(size(2, 4), 0, 0b100, 700))).isFalse();
    assertThat(reserved(index)).containsExactly(700, 0);
    assertThat(index.undo(pick, taken)).isTrue();
    assertThat(index.host(id("a"))).contains(withGpus("a", 0, 0));
  }

  @Test
  void bestFitKeepsGpusForWhoNeedsThem() {
    PlacementIndex index = index(withGpus("a", 0), host("b", 96, 384));

    assertThat(((Placed) index.pick(need(2, 4))).host()).isEqualTo(id("b"));
    assertThat(((Placed) index.pick(need(2, 4).withGpus(GpuRequest.whole(1)))).host())
        .isEqualTo(id("a"));
  }

  @Test
  void aDiskThatNobodyCountsTakesEverything() {
    PlacementIndex index = index(host("a", 8, 16).withDisk(DiskSpace.of(1024)), host("b", 96, 384));

    assertThat(((Placed) index.pick(need(1, 1).withDisk(1024))).host()).isEqualTo(id("a"));
    assertThat(((Placed) index.pick(need(1, 1).withDisk(1025))).host()).isEqualTo(id("b"));
    assertThat(index.reserve(id("a"), new Taken(size(1, 1), 1000, 0, 0))).isTrue();
    assertThat(index.reserve(id("a"), new Taken(size(1, 1), 25, 0, 0))).isFalse();
    assertThat(((Placed) index.pick(need(1, 1).withDisk(25))).host()).isEqualTo(id("b"));
    assertThat(index.host(id("a")).orElseThrow().disk()).isEqualTo(new DiskSpace(1024, 1000));
    assertThat(index.release(id("a"), new Taken(size(1, 1), 1001, 0, 0))).isFalse();
  }

  @Test
  void whatCannotBeAskedForIsRefused() {
    assertThatThrownBy(() -> new GpuRequest(2, 500)).hasMessageContaining("2 with 500");
    assertThatThrownBy(() -> GpuRequest.shared(1001)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GpuDevices(List.of(1001))).hasMessageContaining("1001");
    assertThatThrownBy(() -> new Taken(size(1, 1), 0, 1, 0)).hasMessageContaining("GPUs 1");
    assertThatThrownBy(() -> new DiskSpace(10, 11)).hasMessageContaining("11 of 10 MiB");
    assertThatThrownBy(() -> need(1, 1).withDisk(-1)).hasMessageContaining("-1 MiB");
  }

  private static long devices(PlacementIndex index, GpuRequest gpus) {
    return ((Placed) index.pick(need(1, 1).withGpus(gpus))).gpuDevices();
  }

  private static List<Integer> reserved(PlacementIndex index) {
    return index.host(id("a")).orElseThrow().gpus().reservedMilli();
  }
}
