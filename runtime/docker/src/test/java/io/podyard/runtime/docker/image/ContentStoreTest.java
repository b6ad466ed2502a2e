package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.HeldImage;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.Secret;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.testing.TestRegistry.Asked;
import io.podyard.runtime.docker.testing.TestRegistry.Misbehaviour;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What registries sent is kept once for all, right, and for whom it may be. */
class ContentStoreTest extends ContentGround {

  @Test
  void manyEnginesOfAProcessHaveEachPartSentOnce() throws Exception {
    String app = app();
    List<ImageFetcher> engines = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      engines.add(engine("engine-" + i, new MemoryStore(), content()));
    }

    for (ImageFetcher one : engines) {
      for (int i = 0; i < 10; i++) {
        one.begin(order(ALICE, new ContainerGroupId("g" + i), app, 0), FENCE);
      }
    }
    for (ImageFetcher one : engines) {
      for (int i = 0; i < 10; i++) {
        assertThat(await(one, order(ALICE, new ContainerGroupId("g" + i), app, 0)))
            .isInstanceOf(ImageView.Present.class);
      }
    }

    assertThat(registry.asked(layer)).hasSize(1);
    assertThat(registry.asked(config)).hasSize(1);
  }

  @Test
  void processesThatShareTheFolderHaveEachPartSentOnce() throws Exception {
    String app = app();
    registry.once(layer, new Misbehaviour.Slow(200_000));
    Process first = DyingFetch.start(folder, app, null, 0);

    hold(fetcher, CACHE, app);

    assertThat(DyingFetch.await(first, folder)).isZero();
    assertThat(registry.asked(layer)).hasSize(1);
    assertThat(registry.asked(config)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void whoDiesAfterAStepLosesNothingAndLeavesNothing(ContentStore.Step step) throws Exception {
    String app = app();
    for (int times = 1; times <= 2; times++) {
      // The second time only what is done for the layer: some steps are there but once.
      int exit = DyingFetch.await(DyingFetch.start(folder, app, step, times), folder);
      assertThat(exit).isIn(times == 1 ? List.of(DyingFetch.DIED) : List.of(0, DyingFetch.DIED));
    }

    HeldImage held = hold(fetcher, CACHE, app);

    assertThat(held.bytes()).isEqualTo(image.config().length + image.layers().getFirst().length);
    assertThat(registry.asked(layer)).hasSize(1);
    assertThat(registry.asked(config)).hasSize(1);
    content().tidy();
    assertThat(in("new")).isEmpty();
    assertThat(in("parts")).isEmpty();
    assertThat(in("blobs")).containsExactlyInAnyOrder(blob(layer), blob(config));
  }

  @Test
  void whoIsKilledInADownloadIsFollowedFromWhereItBroke() throws Exception {
    String app = app();
    registry.once(layer, new Misbehaviour.StallAfter(150_000));
    Process first = DyingFetch.start(folder, app, null, 0);
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (in("parts").stream().mapToLong(p -> p.toFile().length()).sum() < 150_000) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      assertThat(first.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    first.destroyForcibly().waitFor();

    hold(fetcher, CACHE, app);

    assertThat(registry.asked(layer)).extracting(Asked::range).containsExactly("", "bytes=150000-");
  }

  @Test
  void aPartThatWasSpoiledWhenTheMachineStoppedIsFetchedAgain() throws Exception {
    String app = app();
    registry.once(layer, new Misbehaviour.CutAfter(100_000));
    registry.always(layer, new Misbehaviour.CutAfter(0));
    failed(fetch(order(app)));
    Path part = in("parts").getFirst();
    Files.write(part, new byte[Math.toIntExact(Files.size(part))]);

    registry.behave();
    assertThat(fetch(withGroup("g2", order(app)))).isInstanceOf(ImageView.Present.class);
    assertThat(registry.asked(layer).getLast().range()).isEmpty();
    assertThat(in("parts")).isEmpty();
  }

  @Test
  void aCachedImageComesFromHereWithoutAWordToTheRegistry() throws Exception {
    HeldImage held = hold(fetcher, CACHE, app());
    registry.close();

    ImageFetcher other = engine("other", new MemoryStore(), content());

    assertThat(fetch(other, cached(ALICE, held, false)))
        .isEqualTo(new ImageView.Present(held.bytes(), 0, CACHE));
    assertThat(fetch(fetcher, cached(ALICE, held, false)))
        .isEqualTo(new ImageView.Present(held.bytes(), 0, CACHE));
  }

  @Test
  void whichImagesOfANameAreThereIsToldBeforeAnythingIsFetched() throws Exception {
    String app = app();
    HeldImage held = hold(fetcher, CACHE, app);
    registry.put("app", "1", image(TestImage.DOCKER, 2, 1000));
    HeldImage next = hold(fetcher, "imc-2.1", app);

    assertThat(fetcher.view(ALICE, GROUP, app))
        .isEqualTo(
            ImageView.Present.holding(
                Map.of(held.digest(), held.bytes(), next.digest(), next.bytes())));
    assertThat(fetcher.view(ALICE, GROUP, name("app:2"))).isEqualTo(new ImageView.Absent());
  }

  @Test
  void whoAlwaysAsksIsGivenWhatTheRegistryMeansNow() throws Exception {
    HeldImage held = hold(fetcher, CACHE, app());
    int before = registry.asked().size();

    assertThat(fetch(fetcher, cached(ALICE, held, true)))
        .isEqualTo(new ImageView.Present(held.bytes(), 0, CACHE));
    assertThat(registry.asked().subList(before, registry.asked().size()))
        .extracting(Asked::method)
        .containsExactly("HEAD");

    TestImage next = image(TestImage.DOCKER, 2, 1000);
    registry.put("app", "1", next);
    ImageFetcher other = engine("other", new MemoryStore(), content());
    assertThat(fetch(other, cached(ALICE, held, true)))
        .isInstanceOfSatisfying(
            ImageView.Present.class,
            present -> {
              assertThat(present.cache()).isEmpty();
              assertThat(present.registryBytes()).isEqualTo(present.totalBytes());
            });
  }

  @Test
  void aCachedImageIsOnlyForTheAccountWhoseLoginFetchedIt() throws Exception {
    registry.put("app", "1", image);
    registry.needBasicLogin("user", "right");
    RegistryCredential login = new RegistryCredential(registry.host(), "user", new Secret("right"));
    HeldImage held =
        new HeldImages(fetcher)
            .hold(copy(CACHE, name("app:1"), login), FENCE, CopyProgress.NONE)
            .getFirst();

    ImageFetcher other = engine("other", new MemoryStore(), content());
    assertThat(failed(fetch(other, cached(BOB, held, false))).message()).contains("401");
    assertThat(failed(fetch(fetcher, cached(BOB, held, false))).message()).contains("401");
    assertThat(fetch(other, withGroup("g2", cached(ALICE, held, false))))
        .isEqualTo(new ImageView.Present(held.bytes(), 0, CACHE));
  }

  private static PullOrder withGroup(String group, PullOrder order) {
    return new PullOrder(
        order.account(),
        new ContainerGroupId(group),
        order.image(),
        order.retry(),
        order.credentials(),
        order.plainHttpRegistries(),
        order.insecureRegistries(),
        order.cached(),
        order.always());
  }

  @Test
  void whatWasSpoiledOnTheDiskIsNeitherUsedNorKept() throws Exception {
    String app = app();
    HeldImage held = hold(fetcher, CACHE, app);
    byte[] bytes = Files.readAllBytes(blob(layer));
    bytes[1000] ^= 1;
    Files.write(blob(layer), bytes);

    ImageFetcher other = engine("other", new MemoryStore(), content());
    assertThat(fetch(other, cached(ALICE, held, false))).isInstanceOf(ImageView.Present.class);

    assertThat(registry.asked(layer)).hasSize(2);
    assertThat(TestImage.digest(Files.readAllBytes(blob(layer)))).isEqualTo(layer);

    for (Path manifest : in("manifests")) {
      Files.writeString(manifest, "text/plain\n{}");
    }
    ImageFetcher third = engine("third", new MemoryStore(), content());
    assertThat(fetch(third, cached(ALICE, held, false))).isInstanceOf(ImageView.Present.class);
    assertThat(registry.asked(layer)).hasSize(2);
  }
}
