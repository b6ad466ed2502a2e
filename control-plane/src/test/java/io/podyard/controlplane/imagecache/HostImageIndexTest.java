package io.podyard.controlplane.imagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.containergroup.ImagesOfGroup;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.HostImage;
import io.podyard.scheduler.PlacementRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which hosts have how much of the images of a group. */
class HostImageIndexTest {

  private static final int ALL = PlacementRequest.ALL_IMAGES;
  private static final long MIB = 1L << 20;
  private static final RegionId REGION = new RegionId("r");
  private static final AccountId ACCOUNT = new AccountId("mine");
  private static final HostId A = new HostId("a");
  private static final HostId B = new HostId("b");
  private static final HostId C = new HostId("c");

  private final HostImageIndex index = new HostImageIndex();

  private static String digest(String of) {
    return "sha256:" + "%064x".formatted(of.hashCode());
  }

  /** As everyone may use it, of the digest that its name has here. */
  private static HostedImage image(HostId host, String name, int mib) {
    return image(host, HostedImage.EVERYONE, name, digest(name), mib, 0);
  }

  private static HostedImage image(
      HostId host, String account, String name, String digest, int mib, int second) {
    return new HostedImage(
        host,
        REGION,
        new HostedImage.Content(account, KnownImage.of(name).text(), digest, mib * MIB),
        Instant.ofEpochSecond(second));
  }

  private Map<HostId, Integer> hosts(String... names) {
    return index.hosts(new ImagesOfGroup(ACCOUNT, REGION, Set.of(names), List.of()));
  }

  @Test
  void theMoreBytesAreThereTheMoreAHostIsPreferred() {
    index.replace(
        List.of(image(A, "x", 900), image(A, "y", 600), image(B, "x", 900), image(C, "y", 600)));
    assertThat(hosts("x", "y", "unknown")).isEqualTo(Map.of(A, ALL, B, 600_000, C, 400_000));
    assertThat(hosts("z")).isEmpty();
  }

  @Test
  void whatIsQuicklyPulledCountsLittle() {
    index.replace(List.of(image(A, "x", 100), image(B, "y", 50)));
    assertThat(hosts("x", "y")).isEqualTo(Map.of(A, 100_000, B, 50_000));
  }

  @Test
  void anImageIsKnownHoweverItIsSpelledAndByItsDigest() {
    index.replace(List.of(image(A, "nginx", 1000)));
    String digest = digest("nginx");
    assertThat(hosts("docker.io/library/nginx:latest")).isEqualTo(Map.of(A, ALL));
    assertThat(hosts("index.docker.io/nginx:other@" + digest)).isEqualTo(Map.of(A, ALL));
    assertThat(hosts("nginx:other")).isEmpty();
    assertThat(hosts("nginx", "nginx:latest")).as("it counts once").isEqualTo(Map.of(A, ALL));
    assertThat(index.has(A, ACCOUNT, "docker.io/nginx")).isTrue();
    assertThat(index.has(B, ACCOUNT, "nginx")).isFalse();
  }

  @Test
  void whatAnImageCacheHasIsLookedForByItsDigest() {
    index.replace(
        List.of(
            image(A, HostedImage.EVERYONE, "x", digest("old"), 1000, 1),
            image(B, HostedImage.EVERYONE, "x", digest("new"), 1000, 2)));
    assertThat(
            index.hosts(
                new ImagesOfGroup(
                    ACCOUNT,
                    REGION,
                    Set.of("x"),
                    List.of(new CachedImage("x", digest("old"), "imc-1.1")))))
        .isEqualTo(Map.of(A, ALL));
  }

  @Test
  void aTagStandsForWhatWasSeenLast() {
    HostedImage old = image(A, HostedImage.EVERYONE, "x", digest("old"), 1000, 1);
    index.replace(List.of(old));
    assertThat(hosts("x")).isEqualTo(Map.of(A, ALL));
    index.replace(B, List.of(image(B, HostedImage.EVERYONE, "x", digest("new"), 1000, 2)));
    assertThat(hosts("x")).isEqualTo(Map.of(B, ALL));
    index.replace(B, List.of());
    assertThat(hosts("x")).isEqualTo(Map.of(A, ALL));
    index.replace(A, List.of());
    assertThat(hosts("x")).isEmpty();
    assertThat(index.of(A)).isEmpty();
  }

  @Test
  void whatAnotherAccountOrRegionHasDoesNotCount() {
    HostedImage own = image(A, ACCOUNT.value(), "x", digest("x"), 1000, 1);
    index.replace(List.of(own, image(B, "another", "x", digest("x"), 1000, 2)));
    assertThat(hosts("x")).isEqualTo(Map.of(A, ALL));
    assertThat(index.has(B, ACCOUNT, "x")).isFalse();
    assertThat(
            index.hosts(new ImagesOfGroup(ACCOUNT, new RegionId("other"), Set.of("x"), List.of())))
        .isEmpty();
  }

  @Test
  void whatMostHostsHaveIsNoReasonToPreferAny() {
    List<HostedImage> images = new ArrayList<>();
    for (int i = 0; i < HostImageIndex.MOST_HOSTS; i++) {
      images.add(image(new HostId("h" + i), "common", 500));
    }
    index.replace(images);
    assertThat(hosts("common")).hasSize(HostImageIndex.MOST_HOSTS);
    index.replace(A, List.of(image(A, "common", 500), image(A, "rare", 500)));
    assertThat(hosts("common")).isEmpty();
    assertThat(hosts("common", "rare")).isEqualTo(Map.of(A, ALL / 2));
  }

  @Test
  void whatIsTinyUnknownOrNoNameIsNotKept() {
    AccountId account = new AccountId("one");
    assertThat(
            HostedImage.kept(
                Arrays.asList(
                    new HostImage(null, "nginx", digest("new"), 30 * MIB),
                    new HostImage(null, "docker.io/nginx", digest("old"), 31 * MIB),
                    new HostImage(account, "nginx", digest("own"), 32 * MIB),
                    new HostImage(null, "small", digest("small"), 23 * MIB - 1),
                    new HostImage(null, "unknown", digest("unknown"), 0),
                    new HostImage(null, "No Name", digest("none"), 30 * MIB))))
        .containsExactly(
            new HostedImage.Content("", "docker.io/library/nginx:latest", digest("new"), 30 * MIB),
            new HostedImage.Content(
                "one", "docker.io/library/nginx:latest", digest("own"), 32 * MIB));
    List<HostImage> many = new ArrayList<>();
    for (int i = 0; i <= HostedImage.MOST_OF_HOST; i++) {
      many.add(new HostImage(null, "x:" + i, digest("x"), 30 * MIB));
    }
    assertThat(HostedImage.kept(many))
        .hasSize(HostedImage.MOST_OF_HOST)
        .extracting(HostedImage.Content::image)
        .doesNotContain("docker.io/library/x:" + HostedImage.MOST_OF_HOST);
  }
}
