package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HeldData;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hosts hold for data caches, and groups that mount it. */
abstract class DataContract extends GpuContract {

  private static final Fence FENCE = new OpenFence(1);
  private static final long ROOMY = 1L << 30;

  private final String cache = "edc-" + random(16) + ".1";

  /** A source with at least 1 MiB of data, always the same. */
  protected abstract DataSource data();

  /** A source that has nothing. */
  protected abstract DataSource missingData();

  private DataCopyOrder order(String key, DataSource source, @Nullable HeldData known) {
    return new DataCopyOrder(installation, host(), key, source, known, ROOMY);
  }

  private HeldData hold(String key) throws Exception {
    return runtime.holdData(order(key, data(), null), FENCE, DataProgress.NONE);
  }

  private GroupSpec mounting(HeldData held) {
    ContainerSpec app =
        staying("app").withMounts(List.of(new VolumeMount("data", "/data", null, true)));
    return withVolumes(
        spec(RestartPolicy.ALWAYS, app),
        new VolumeSpec.DataCache("data", cache, held.digest(), "", true, "/x", 1024));
  }

  @AfterEach
  void noDataIsHeldInTheEnd() throws Exception {
    try (GroupRuntime fresh = newRuntime()) {
      for (String key : fresh.heldData(installation, host())) {
        fresh.releaseData(installation, host(), key, FENCE);
      }
      assertThat(fresh.heldData(installation, host())).isEmpty();
    }
  }

  @Test
  void dataThatIsHeldIsTold() throws Exception {
    assertThat(runtime.heldData(installation, host())).isEmpty();
    List<Long> read = new ArrayList<>();
    List<Long> onHost = new ArrayList<>();

    HeldData held =
        runtime.holdData(
            order(cache, data(), null),
            FENCE,
            (bytesRead, bytesOnHost, total) -> {
              read.add(bytesRead);
              onHost.add(bytesOnHost);
            });

    assertThat(held.digest()).matches("sha256:[0-9a-f]{64}");
    assertThat(held.bytes()).isGreaterThanOrEqualTo(1 << 20);
    assertThat(held.entries()).isPositive();
    assertThat(read).isSorted().last().isEqualTo(held.bytes());
    assertThat(onHost).isSorted().last().isEqualTo(held.bytes());
    assertThat(runtime.heldData(installation, host())).containsExactly(cache);
  }

  @Test
  void holdingDataAgainReadsNothing() throws Exception {
    HeldData held = hold(cache);
    String second = "edc-" + random(16) + ".1";

    try (GroupRuntime fresh = newRuntime()) {
      assertThat(fresh.holdData(order(cache, missingData(), null), FENCE, DataProgress.NONE))
          .isEqualTo(held);
      assertThat(
              fresh.holdData(
                  order(second, new DataSource.Copy("edc-1"), held), FENCE, DataProgress.NONE))
          .isEqualTo(held);
    }

    assertThat(runtime.heldData(installation, host())).containsExactlyInAnyOrder(cache, second);
    runtime.releaseData(installation, host(), cache, FENCE);
    runtime.releaseData(installation, host(), cache, FENCE);
    assertThat(runtime.heldData(installation, host())).containsExactly(second);
  }

  @Test
  void dataThatCannotBeHadIsNotHeld() throws Exception {
    assertThatThrownBy(
            () -> runtime.holdData(order(cache, missingData(), null), FENCE, DataProgress.NONE))
        .isInstanceOfSatisfying(
            DataNotFetchedException.class,
            e -> assertThat(e.reason()).isEqualTo(DataNotFetchedException.Reason.REFUSED));
    DataCopyOrder small =
        new DataCopyOrder(installation, host(), cache, data(), null, (1 << 20) - 1);
    assertThatThrownBy(() -> runtime.holdData(small, FENCE, DataProgress.NONE))
        .isInstanceOfSatisfying(
            DataNotFetchedException.class,
            e -> assertThat(e.reason()).isEqualTo(DataNotFetchedException.Reason.TOO_LARGE))
        .hasMessageContaining("the cache holds 1048575");
    assertThat(runtime.heldData(installation, host())).isEmpty();
    hold(cache);
  }

  @Test
  void aGroupWaitsForItsDataAndKeepsIt() throws Exception {
    HeldData held = hold(cache);
    runtime.releaseData(installation, host(), cache, FENCE);
    DrivenGroup group = group(mounting(held));
    assertThatThrownBy(() -> group.drive(runtime))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("data cache " + cache + " is not on the host yet");

    hold(cache);
    driveTo(runtime, group, GroupPhase.RUNNING);
    runtime.releaseData(installation, host(), cache, FENCE);
    assertThat(found(runtime, group)).isPresent();
  }

  @Test
  void whoMayNotDriveTheHostHoldsAndReleasesNoData() throws Exception {
    Fence stale =
        new Fence() {
          @Override
          public long epoch() {
            return 1;
          }

          @Override
          public void check() throws StaleFenceException {
            throw new StaleFenceException("test");
          }
        };
    assertThatThrownBy(() -> runtime.holdData(order(cache, data(), null), stale, DataProgress.NONE))
        .isInstanceOf(StaleFenceException.class);
    hold(cache);
    assertThatThrownBy(() -> runtime.releaseData(installation, host(), cache, stale))
        .isInstanceOf(StaleFenceException.class);
    assertThat(runtime.heldData(installation, host())).containsExactly(cache);
  }
}
