package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.HostImage;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.testing.TestRegistry;
import io.podyard.runtime.docker.testing.TestRegistry.Asked;
import io.podyard.runtime.docker.testing.TestRegistry.Misbehaviour;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is fetched, for whom it counts, and when it is fetched again. */
class FetchTest extends FetchGround {

  @Test
  void anImageComesFromTheRegistryIntoTheStore() throws Exception {
    TestImage image = image(TestImage.DOCKER, 1, 1000, 300_000);
    registry.put("team/app", "1", image);

    assertThat(fetcher.view(ALICE, GROUP, name("team/app:1"))).isEqualTo(new ImageView.Absent());
    assertThat(fetch(order(name("team/app:1")))).isInstanceOf(ImageView.Present.class);

    assertThat(fetcher.imageId(ALICE, name("team/app:1")))
        .contains(TestImage.digest(image.config()));
    assertThat(folder.resolve("content/parts")).isEmptyDirectory();
  }

  @Test
  void ociImagesComeAsWell() throws Exception {
    registry.put("app", "1", image(TestImage.OCI, 2, 5000));

    assertThat(fetch(order(name("app:1")))).isInstanceOf(ImageView.Present.class);
  }

  @Test
  void ofAListTheImageOfTheEnginesArchitectureComes() throws Exception {
    TestImage amd = image(TestImage.OCI, 3, 100);
    TestImage arm = TestImage.of(TestImage.OCI, "arm64", Map.of("x", text("arm")));
    registry.put("app", "amd", amd).put("app", "arm", arm);
    registry.putManifest(
        "app", "1", Manifest.OCI_INDEX, TestImage.list(Map.of("amd64", amd, "arm64", arm)));

    assertThat(fetch(order(name("app:1")))).isInstanceOf(ImageView.Present.class);
    assertThat(fetcher.imageId(ALICE, name("app:1"))).contains(TestImage.digest(amd.config()));
  }

  @Test
  void anImageCanBeAskedForByDigest() throws Exception {
    TestImage image = image(TestImage.DOCKER, 4, 100);
    registry.put("app", "1", image);
    String digest = TestImage.digest(image.manifest());

    assertThat(fetch(order(name("app@" + digest)))).isInstanceOf(ImageView.Present.class);
    assertThat(fetcher.view(ALICE, GROUP, name("app:1"))).isEqualTo(new ImageView.Absent());
  }

  @Test
  void whatIsUnderWayTellsItsProgress() throws Exception {
    TestImage image = image(TestImage.DOCKER, 5, 200_000);
    registry.put("app", "1", image);
    registry.once(TestImage.digest(image.layers().getFirst()), new Misbehaviour.StallAfter(1000));
    PullOrder order = order(name("app:1"));

    fetcher.begin(order, FENCE);
    awaitBytes(order, 1000, 200_000);

    assertThat(await(fetcher, order)).isInstanceOf(ImageView.Present.class);
  }

  private void awaitBytes(PullOrder order, long atLeast, long ofMoreThan) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    ImageView view = fetcher.view(order.account(), order.group(), order.image());
    while (!(view instanceof ImageView.Pulling(long bytes, long total, long _)
        && bytes >= atLeast
        && total > ofMoreThan)) {
      assertThat(System.nanoTime()).as("is %s", view).isLessThan(deadline);
      Thread.onSpinWait();
      view = fetcher.view(order.account(), order.group(), order.image());
    }
  }

  @Test
  void severalGroupsThatWantTheSameImageAtOnceFetchItOnce() throws Exception {
    TestImage image = image(TestImage.DOCKER, 6, 100_000);
    registry.put("app", "1", image);
    List<PullOrder> orders = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      orders.add(order(ALICE, new ContainerGroupId("g" + i), name("app:1"), 0));
    }

    for (PullOrder order : orders) {
      fetcher.begin(order, FENCE);
    }
    for (PullOrder order : orders) {
      assertThat(await(fetcher, order)).isInstanceOf(ImageView.Present.class);
    }

    assertThat(store.loads).hasSize(1);
    assertThat(registry.asked(TestImage.digest(image.layers().getFirst()))).hasSize(1);
  }

  @Test
  void whatTheEngineHasIsOnlyAskedAboutTheNextTime() throws Exception {
    registry.put("app", "1", image(TestImage.DOCKER, 7, 100));
    fetch(order(name("app:1")));
    int before = registry.asked().size();

    ContainerGroupId other = new ContainerGroupId("g2");
    assertThat(fetch(order(ALICE, other, name("app:1"), 0))).isInstanceOf(ImageView.Present.class);

    assertThat(registry.asked().subList(before, registry.asked().size()))
        .extracting(Asked::method)
        .containsExactly("HEAD");
  }

  @Test
  void aTagThatMovedIsFetchedAgain() throws Exception {
    registry.put("app", "1", image(TestImage.DOCKER, 8, 100));
    fetch(order(name("app:1")));
    TestImage next = image(TestImage.DOCKER, 9, 100);
    registry.put("app", "1", next);

    fetch(order(ALICE, new ContainerGroupId("g2"), name("app:1"), 0));

    assertThat(fetcher.imageId(ALICE, name("app:1"))).contains(TestImage.digest(next.config()));
  }

  @Test
  void aFreshProcessKnowsWhatWasFetched() throws Exception {
    registry.put("app", "1", image(TestImage.DOCKER, 10, 100));
    fetch(order(name("app:1")));

    assertThat(fetcher(LIMITS, false, false).view(ALICE, GROUP, name("app:1")))
        .isInstanceOf(ImageView.Present.class);
  }

  @Test
  void anImageRemovedFromTheEngineIsAbsentAndFetchedAgain() throws Exception {
    TestImage image = image(TestImage.DOCKER, 11, 100);
    registry.put("app", "1", image);
    fetch(order(name("app:1")));

    store.remove(TestImage.digest(image.config()));
    assertThat(fetcher.view(ALICE, GROUP, name("app:1"))).isEqualTo(new ImageView.Absent());

    assertThat(fetch(order(name("app:1")))).isInstanceOf(ImageView.Present.class);
    assertThat(store.loads).hasSize(2);
  }

  @Test
  void equalTagsOfDifferentRegistriesDoNotClash() throws Exception {
    TestImage one = image(TestImage.DOCKER, 12, 100);
    TestImage two = image(TestImage.DOCKER, 13, 100);
    registry.put("one/app", "1", one).put("two/app", "1", two);

    fetch(order(name("one/app:1")));
    fetch(order(name("two/app:1")));

    assertThat(fetcher.imageId(ALICE, name("one/app:1"))).contains(TestImage.digest(one.config()));
    assertThat(fetcher.imageId(ALICE, name("two/app:1"))).contains(TestImage.digest(two.config()));
  }

  @Test
  void anImageFetchedWithCredentialsIsForTheirAccountOnly() throws Exception {
    registry.put("private/app", "1", image(TestImage.DOCKER, 14, 100));
    registry.needToken("user", "right");
    String image = name("private/app:1");

    assertThat(fetch(withLogin(ALICE, GROUP, image, "right")))
        .isInstanceOf(ImageView.Present.class);

    ContainerGroupId bobs = new ContainerGroupId("g2");
    assertThat(fetcher.view(BOB, bobs, image)).isEqualTo(new ImageView.Absent());
    assertThat(fetcher.view(null, bobs, image)).isEqualTo(new ImageView.Absent());
    assertThat(fetcher.imageId(BOB, image)).isEmpty();
    failed(fetch(order(BOB, bobs, image, 0)));
    failed(fetch(withLogin(BOB, new ContainerGroupId("g3"), image, "wrong")));
    assertThat(new HeldImages(fetcher).images())
        .as("for whom it is there")
        .extracting(HostImage::account)
        .containsExactly(ALICE);
    assertThat(fetch(withLogin(BOB, new ContainerGroupId("g4"), image, "right")))
        .isInstanceOf(ImageView.Present.class);
    assertThat(store.loads).hasSize(1);
  }

  @Test
  void anImageFetchedWithoutCredentialsIsForEveryone() throws Exception {
    registry.put("app", "1", image(TestImage.DOCKER, 15, 100));
    fetch(order(name("app:1")));

    assertThat(fetcher.view(BOB, new ContainerGroupId("g2"), name("app:1")))
        .isInstanceOf(ImageView.Present.class);
  }

  @Test
  void toNameTheLayersOfAPrivateImageDoesNotGiveThem() throws Exception {
    TestImage secret = image(TestImage.DOCKER, 16, 100);
    registry.put("private/app", "1", secret);
    fetch(withLogin(ALICE, GROUP, name("private/app:1"), "any"));

    // Another repository with the same manifest, but without what it names.
    try (var thief = new TestRegistry()) {
      thief.putManifest("stolen", "1", secret.mediaType(), secret.manifest());
      String stolen = thief.host() + "/stolen:1";

      ImageView.Failed failed = failed(fetch(order(BOB, GROUP, stolen, 0)));
      assertThat(failed.message()).contains("BLOB_UNKNOWN");
      assertThat(fetcher.imageId(BOB, stolen)).isEmpty();
    }
  }

  @Test
  void toNameUnpackedLayersOfAPrivateImageDoesNotGiveThem() throws Exception {
    TestImage secret = image(TestImage.DOCKER, 22, 1000);
    registry.put("private/app", "1", secret);
    fetch(withLogin(ALICE, GROUP, name("private/app:1"), "any"));

    // The engine knows the layer by its unpacked digest and would not look at this one.
    TestImage junk = image(TestImage.DOCKER, 23, 1000);
    TestImage stolen = TestImage.withConfigOf(junk, secret);
    registry.put("stolen", "1", stolen);

    assertThat(failed(fetch(order(BOB, GROUP, name("stolen:1"), 0))).message())
        .contains("not the one of its configuration");
    assertThat(store.loads).hasSize(1);
  }

  @Test
  void layersThatCannotBeCheckedAreNotLoaded() throws Exception {
    TestImage good = image(TestImage.DOCKER, 24, 100);
    byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0};
    registry.put("zstd", "1", TestImage.withLayer(good, zstd));
    byte[] half = Arrays.copyOf(good.layers().getFirst(), 50);
    registry.put("half", "1", TestImage.withLayer(good, half));

    assertThat(failed(fetch(order(name("zstd:1")))).message()).contains("packed by zstd");
    assertThat(failed(fetch(order(name("half:1")))).message()).contains("cannot be unpacked");
    assertThat(store.loads).isEmpty();
  }

  @Test
  void aFailedFetchIsRepeatedOnlyAsAnotherTry() throws Exception {
    String image = name("late/app:1");
    failed(fetch(order(image)));
    int before = registry.asked().size();
    registry.put("late/app", "1", image(TestImage.DOCKER, 17, 100));

    failed(fetch(order(image)));
    assertThat(registry.asked()).hasSize(before);

    assertThat(fetch(order(ALICE, GROUP, image, 1))).isInstanceOf(ImageView.Present.class);
  }

  @Test
  void whatFailedForOneGroupIsPresentOnceAnotherFetchedIt() throws Exception {
    String image = name("late/app:1");
    failed(fetch(order(image)));
    registry.put("late/app", "1", image(TestImage.DOCKER, 18, 100));
    fetch(order(ALICE, new ContainerGroupId("g2"), image, 0));

    assertThat(fetcher.view(ALICE, GROUP, image)).isInstanceOf(ImageView.Present.class);
  }

  @Test
  void anOlderImageDoesNotHideThatANewFetchFailed() throws Exception {
    registry.put("app", "1", image(TestImage.DOCKER, 19, 100));
    String image = name("app:1");
    fetch(order(image));
    registry.remove("app", "1");

    ContainerGroupId other = new ContainerGroupId("g2");
    assertThat(failed(fetch(order(ALICE, other, image, 0))).message())
        .contains("404 not found")
        .contains("MANIFEST_UNKNOWN: manifest unknown");
    assertThat(fetcher.view(ALICE, GROUP, image)).isInstanceOf(ImageView.Present.class);
  }

  @Test
  void aBadNameIsToldAsSuch() throws Exception {
    ImageView view = fetch(order("Not A Name"));

    assertThat(view)
        .isInstanceOfSatisfying(
            ImageView.Failed.class, f -> assertThat(f.reason()).isEqualTo("InvalidImageName"));
    assertThat(registry.asked()).isEmpty();
  }

  @Test
  void whoMayNotDriveAnyMoreLoadsNothing() throws Exception {
    registry.put("app", "1", image(TestImage.DOCKER, 20, 100));
    boolean[] over = {false};
    Fence fence =
        new Fence() {
          @Override
          public long epoch() {
            return 1;
          }

          @Override
          public void check() throws StaleFenceException {
            if (over[0]) {
              throw new StaleFenceException("over");
            }
            over[0] = true;
          }
        };
    PullOrder order = order(name("app:1"));

    fetcher.begin(order, fence);
    assertThat(await(fetcher, order)).isEqualTo(new ImageView.Absent());

    assertThat(store.loads).isEmpty();
    assertThatThrownBy(() -> fetcher.begin(order, fence)).isInstanceOf(StaleFenceException.class);
  }

  @Test
  void aFetchThatRunsOutOfMemoryHasFailedAndMayBeRepeated() throws Exception {
    registry.put("app", "1", image(TestImage.DOCKER, 20, 100));
    boolean[] begun = {false};
    Fence fence =
        new Fence() {
          @Override
          public long epoch() {
            return 1;
          }

          @Override
          public void check() {
            if (begun[0]) {
              throw new OutOfMemoryError("planted");
            }
            begun[0] = true;
          }
        };
    PullOrder order = order(name("app:1"));

    fetcher.begin(order, fence);
    assertThat(failed(await(fetcher, order)).message()).contains("the fetch failed", "planted");

    assertThat(fetch(order(ALICE, GROUP, name("app:1"), 1))).isInstanceOf(ImageView.Present.class);
  }

  @Test
  void theFetchOfAGroupThatIsGoneIsGivenUp() throws Exception {
    TestImage image = image(TestImage.DOCKER, 21, 200_000);
    registry.put("app", "1", image);
    String layer = TestImage.digest(image.layers().getFirst());
    registry.once(layer, new Misbehaviour.StallAfter(100_000));
    PullOrder order = order(name("app:1"));
    fetcher.begin(order, FENCE);
    awaitBytes(order, 100_000, 200_000);

    fetcher.forget(GROUP);
    assertThat(fetcher.view(ALICE, GROUP, order.image())).isEqualTo(new ImageView.Absent());
    assertThat(fetch(order(ALICE, new ContainerGroupId("g2"), order.image(), 0)))
        .isInstanceOf(ImageView.Present.class);

    // The second request is that of the other group, which goes on where the first was.
    assertThat(registry.asked(layer)).extracting(Asked::range).containsExactly("", "bytes=100000-");
  }

  @Test
  void localImagesCountOnlyWhereTheSettingSaysSo() throws Exception {
    store.tag("docker.io/library/mine:1", "local-id");

    assertThat(fetcher.view(ALICE, GROUP, "mine:1")).isEqualTo(new ImageView.Absent());
    ImageFetcher using = fetcher(LIMITS, true, false);
    assertThat(using.view(ALICE, GROUP, "mine:1")).isInstanceOf(ImageView.Present.class);
    assertThat(using.imageId(ALICE, "mine:1")).contains("local-id");
    assertThat(using.imageId(ALICE, "local-id")).isEmpty();
  }

  @Test
  void theImageBroughtAlongNeedsNoRegistry() throws Exception {
    assertThat(fetch(order("podyard/tiny:1"))).isInstanceOf(ImageView.Present.class);
    assertThat(fetcher.imageId(ALICE, "podyard/tiny:1")).contains("tiny");
  }

  @Test
  void theEngineTriesOnlyWhereTheSettingSaysSo() throws Exception {
    failed(fetch(order(name("none:1"))));
    assertThat(store.pulls).isEmpty();

    ImageFetcher asking = fetcher(LIMITS, false, true);
    assertThat(fetch(asking, order(name("none:1")))).isInstanceOf(ImageView.Present.class);
    assertThat(store.pulls).containsExactly(name("none:1"));
    assertThat(asking.imageId(BOB, name("none:1"))).contains("pulled");
  }
}
