package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.AccountId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.HeldLayer;
import io.podyard.runtime.HostImage;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.ImageNotFetchedException;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.PullProgress;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.StaleFenceException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What hosts hold for image caches, and groups that start from it. */
abstract class CopyContract extends DataContract {

  private static final Fence FENCE = new OpenFence(1);

  private final String cache = "imc-" + random(16) + ".1";

  private ImageCopyOrder order(String key, String... images) {
    return order(installation, key, images);
  }

  private ImageCopyOrder order(InstallationId of, String key, String... images) {
    return new ImageCopyOrder(
        of,
        host(),
        new AccountId("contract"),
        key,
        List.of(images),
        List.of(),
        List.of(),
        List.of());
  }

  private HeldImage hold(String key) throws Exception {
    return runtime.hold(order(key, image()), FENCE, CopyProgress.NONE).getFirst();
  }

  private GroupSpec from(HeldImage held, PullPolicy policy) {
    ContainerSpec app = staying("app").with(policy);
    return spec(RestartPolicy.ALWAYS, app)
        .withCachedImages(List.of(new CachedImage(image(), held.digest(), cache)));
  }

  @AfterEach
  void nothingIsHeldInTheEnd() throws Exception {
    try (GroupRuntime fresh = newRuntime()) {
      for (String key : fresh.held(installation, host())) {
        fresh.release(installation, host(), key, FENCE);
      }
      assertThat(fresh.held(installation, host())).isEmpty();
    }
  }

  @Test
  void whatIsHeldIsTold() throws Exception {
    assertThat(runtime.held(installation, host())).isEmpty();
    List<Long> told = new ArrayList<>();

    List<HeldImage> held =
        runtime.hold(
            order(cache, image()),
            FENCE,
            (bytes, total, registry) -> {
              told.add(bytes);
              assertThat(registry).isBetween(0L, bytes);
              if (total > 0) {
                assertThat(bytes).isBetween(0L, total);
              }
            });

    assertThat(held)
        .singleElement()
        .satisfies(
            image -> {
              assertThat(image.image()).isEqualTo(image());
              assertThat(image.digest()).matches("sha256:[0-9a-f]{64}");
              assertThat(image.layers()).hasSizeGreaterThan(1).doesNotHaveDuplicates();
              assertThat(image.bytes())
                  .isPositive()
                  .isEqualTo(image.layers().stream().mapToLong(HeldLayer::bytes).sum());
            });
    assertThat(told).isSorted().last().isEqualTo(held.getFirst().bytes());
    assertThat(runtime.held(installation, host())).containsExactly(cache);
    assertThat(runtime.imagesOn(installation, host()))
        .filteredOn(image -> image.digest().equals(held.getFirst().digest()))
        .isNotEmpty()
        .allSatisfy(
            image -> {
              assertThat(image.image()).endsWith(image());
              assertThat(image.bytes()).isEqualTo(held.getFirst().bytes());
              assertThat(image.account()).as("a registry that asks nobody").isNull();
            });
  }

  @Test
  void holdingAgainChangesNothingAndAsksForNothing() throws Exception {
    HeldImage first = hold(cache);
    List<Long> fromRegistry = new ArrayList<>();

    try (GroupRuntime fresh = newRuntime()) {
      assertThat(
              fresh.hold(
                  order(cache, image()),
                  FENCE,
                  (_, _, registryBytes) -> fromRegistry.add(registryBytes)))
          .containsExactly(first);
    }
    String second = "imc-" + random(16) + ".1";
    assertThat(
            runtime.hold(
                order(second, image()),
                FENCE,
                (_, _, registryBytes) -> fromRegistry.add(registryBytes)))
        .containsExactly(first);

    assertThat(runtime.held(installation, host())).containsExactlyInAnyOrder(cache, second);
    runtime.release(installation, host(), cache, FENCE);
    assertThat(runtime.held(installation, host())).containsExactly(second);
    assertThat(runtime.imagesOn(installation, host()))
        .extracting(HostImage::digest)
        .contains(first.digest());
  }

  @Test
  void whatIsReleasedIsHeldNoMore() throws Exception {
    hold(cache);
    InstallationId other = new InstallationId("other-" + random(8));
    runtime.release(other, host(), cache, FENCE);
    assertThat(runtime.held(other, host())).isEmpty();
    assertThat(runtime.held(installation, host())).containsExactly(cache);

    runtime.release(installation, host(), cache, FENCE);
    runtime.release(installation, host(), cache, FENCE);

    assertThat(runtime.held(installation, host())).isEmpty();
  }

  @Test
  void anImageThatCannotBeHadIsSaidWithItsReason() {
    assertThatThrownBy(
            () -> runtime.hold(order(cache, image(), failingImage()), FENCE, CopyProgress.NONE))
        .isInstanceOfSatisfying(
            ImageNotFetchedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo("ErrImagePull");
              assertThat(e).hasMessageContaining("not found");
            });
    assertThatThrownBy(() -> runtime.hold(order(cache, "No/Image"), FENCE, CopyProgress.NONE))
        .isInstanceOfSatisfying(
            ImageNotFetchedException.class,
            e -> assertThat(e.reason()).isEqualTo("InvalidImageName"));
  }

  @Test
  void whoLostTheHostHoldsAndReleasesNothing() throws Exception {
    assertThatThrownBy(() -> runtime.hold(order(cache, image()), LOST, CopyProgress.NONE))
        .isInstanceOf(StaleFenceException.class);
    assertThat(runtime.held(installation, host())).isEmpty();
    hold(cache);
    assertThatThrownBy(() -> runtime.release(installation, host(), cache, LOST))
        .isInstanceOf(StaleFenceException.class);
    assertThat(runtime.held(installation, host())).containsExactly(cache);
  }

  @ParameterizedTest
  @EnumSource(names = {"IF_NOT_PRESENT", "ALWAYS"})
  void aGroupStartsFromWhatIsHeld(PullPolicy policy) throws Exception {
    HeldImage held = hold(cache);
    DrivenGroup group = group(from(held, policy));

    driveTo(runtime, group, GroupPhase.RUNNING);

    PullProgress pull = group.stored().pull(image()).orElseThrow();
    assertThat(pull.finishedAt()).isNotNull();
    assertThat(pull.cache()).isEqualTo(cache);
    assertThat(pull.registryBytes()).isZero();
    assertThat(pull.totalBytes()).isEqualTo(held.bytes());
    assertThat(group.told("Pulled"))
        .anySatisfy(
            words ->
                assertThat(words).contains(image(), held.bytes() + " bytes", "registry: 0", cache));
    if (policy == PullPolicy.IF_NOT_PRESENT) {
      assertThat(group.told("Pulling")).isEmpty();
      assertThat(pull.startedAt()).isEqualTo(pull.finishedAt());
    }
    runtime.release(installation, host(), cache, FENCE);
    assertThat(group.container("app").current()).isInstanceOf(ContainerStatus.Running.class);
  }

  @Test
  void aGroupWhoseCacheIsGoneStartsLikeAnyOther() throws Exception {
    HeldImage held = hold(cache);
    runtime.release(installation, host(), cache, FENCE);

    driveTo(runtime, group(from(held, PullPolicy.IF_NOT_PRESENT)), GroupPhase.RUNNING);

    HeldImage never = new HeldImage(image(), "sha256:" + "0".repeat(64), 1, List.of());
    driveTo(runtime, group(from(never, PullPolicy.IF_NOT_PRESENT)), GroupPhase.RUNNING);
  }
}
