package io.podyard.runtime.docker.image;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.DURATION;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.testing.TestRegistry;
import io.podyard.runtime.docker.testing.TestRegistry.Asked;
import io.podyard.runtime.docker.testing.TestRegistry.Misbehaviour;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Registries that are busy, broken, slow or lying. */
class BrokenRegistryTest extends FetchGround {

  private final TestImage image = image(TestImage.DOCKER, 1, 300_000);
  private final String layer = TestImage.digest(image.layers().getFirst());

  private PullOrder app() {
    registry.put("app", "1", image);
    return order(name("app:1"));
  }

  /** Whatever a registry does: no thread waits on, and what is kept is what its name says. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    for (ImageFetcher one : fetchers()) {
      assertThat(one.isIdleWithin(Duration.ofSeconds(10))).isTrue();
    }
    try (Stream<Path> inside = Files.list(folder)) {
      assertThat(inside.map(file -> file.getFileName().toString()))
          .isSubsetOf("content", "images.json", "used");
    }
    try (Stream<Path> blobs = Files.list(folder.resolve("content/blobs"))) {
      for (Path blob : blobs.toList()) {
        assertThat(TestImage.digest(Files.readAllBytes(blob)))
            .isEqualTo(ContentFolder.digest(blob));
      }
    }
    assertThat(folder.resolve("content/new")).isEmptyDirectory();
  }

  @Test
  void aStallShortOfTheEndIsGivenUpWithTheRestLeftToFetch() throws Exception {
    PullOrder order = app();
    int size = image.layers().getFirst().length;
    int most = size / 100 * 99;
    registry.once(layer, new Misbehaviour.StallAfter(most));
    registry.always(layer, new Misbehaviour.StallAfter(0));

    assertThat(failed(fetch(order)).message()).contains("no data came for", layer);

    registry.behave();
    assertThat(fetch(order(ALICE, GROUP, name("app:1"), 1))).isInstanceOf(ImageView.Present.class);
    assertThat(registry.asked(layer).getLast().range()).isEqualTo("bytes=" + most + "-");
  }

  @Test
  void aBlobShorterThanPromisedIsGivenUp() throws Exception {
    PullOrder order = app();
    registry.always(layer, new Misbehaviour.Status(200, Map.of(), "short"));

    assertThat(failed(fetch(order)).message()).contains("hung up", "blob " + layer);
    assertThat(store.loads).isEmpty();
  }

  @Test
  void aMissingTagIsToldInTheRegistrysWords() throws Exception {
    assertThat(failed(fetch(order(name("app:none")))).message())
        .contains("404 not found", "MANIFEST_UNKNOWN");
  }

  @Test
  void aShortRetryAfterIsWaitedFor() throws Exception {
    PullOrder order = app();
    registry.once(
        "/manifests/", new Misbehaviour.Status(429, Map.of("Retry-After", "7"), "slow down"));

    assertThat(fetch(order)).isInstanceOf(ImageView.Present.class);

    Duration wish = Duration.ofSeconds(7);
    assertThat(pauses).singleElement(as(DURATION)).isBetween(wish, wish.plus(LIMITS.firstPause()));
  }

  @Test
  void aRetryAfterMayBeATime() throws Exception {
    PullOrder order = app();
    String until =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(9));
    registry.once(
        "/manifests/", new Misbehaviour.Status(503, Map.of("Retry-After", until), "later"));

    assertThat(fetch(order)).isInstanceOf(ImageView.Present.class);

    // By the clock of the registry, whose answers are dated when they are sent.
    assertThat(pauses)
        .singleElement(as(DURATION))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(9).plus(LIMITS.firstPause()));
  }

  @Test
  void aLongRetryAfterIsHandedOn() throws Exception {
    PullOrder order = app();
    registry.always(
        "/manifests/",
        new Misbehaviour.Status(
            429,
            Map.of("Retry-After", "3600"),
            "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"pull rate limit\"}]}"));

    ImageView.Failed failed = failed(fetch(order));

    assertThat(failed.retryAfterSeconds()).isEqualTo(3600);
    assertThat(failed.message()).contains("429").contains("TOOMANYREQUESTS: pull rate limit");
    assertThat(pauses).isEmpty();
    assertThat(registry.asked()).hasSize(1);
  }

  @Test
  void aRetryAfterThatIsNoNumberIsNoWish() throws Exception {
    PullOrder order = app();
    registry.once(
        "/manifests/", new Misbehaviour.Status(503, Map.of("Retry-After", "tomorrow"), ""));

    assertThat(fetch(order)).isInstanceOf(ImageView.Present.class);
    assertThat(pauses)
        .singleElement(as(DURATION))
        .isBetween(LIMITS.firstPause().dividedBy(2), LIMITS.firstPause());
  }

  @Test
  void aRegistryOutOfOrderIsAskedAgainWithGrowingPauses() throws Exception {
    PullOrder order = app();
    registry.once("/manifests/", new Misbehaviour.Status(500, Map.of(), ""));
    registry.once("/manifests/", new Misbehaviour.Status(502, Map.of(), ""));

    assertThat(fetch(order)).isInstanceOf(ImageView.Present.class);

    assertThat(pauses).hasSize(2);
    assertThat(pauses.get(0)).isBetween(Duration.ofNanos(500_000), Duration.ofMillis(1));
    assertThat(pauses.get(1)).isBetween(Duration.ofMillis(1), Duration.ofMillis(2));
  }

  @Test
  void aRegistryThatStaysOutOfOrderIsGivenUp() throws Exception {
    PullOrder order = app();
    registry.always(
        "/manifests/", new Misbehaviour.Status(500, Map.of(), "{\"message\":\"ouch\"}"));

    assertThat(failed(fetch(order)).message()).contains("status 500").contains("ouch");
    assertThat(registry.asked()).hasSize(LIMITS.attempts());
  }

  @Test
  void aBrokenDownloadGoesOnWhereItBroke() throws Exception {
    PullOrder order = app();
    registry.once(layer, new Misbehaviour.CutAfter(100_000));

    assertThat(fetch(order)).isInstanceOf(ImageView.Present.class);

    assertThat(registry.asked(layer)).extracting(Asked::range).containsExactly("", "bytes=100000-");
  }

  @Test
  void aDownloadThatBreaksOftenButMovesIsNotGivenUp() throws Exception {
    PullOrder order = app();
    for (int i = 0; i < 10; i++) {
      registry.once(layer, new Misbehaviour.CutAfter(20_000));
    }

    assertThat(fetch(order)).isInstanceOf(ImageView.Present.class);
    assertThat(registry.asked(layer)).hasSize(11);
  }

  @Test
  void aDownloadThatDoesNotMoveIsGivenUpAndGoesOnInTheNextTry() throws Exception {
    PullOrder order = app();
    registry.once(layer, new Misbehaviour.CutAfter(50_000));
    registry.always(layer, new Misbehaviour.CutAfter(0));

    assertThat(failed(fetch(order)).message()).contains("blob " + layer);
    registry.behave();
    ImageFetcher restarted = fetcher(LIMITS, false, false);
    assertThat(fetch(restarted, order)).isInstanceOf(ImageView.Present.class);

    assertThat(registry.asked(layer).getLast().range()).isEqualTo("bytes=50000-");
  }

  @Test
  void aRegistryThatKnowsNoRangesIsAskedForAllOfIt() throws Exception {
    PullOrder order = app();
    registry.once(layer, new Misbehaviour.CutAfter(100_000));
    registry.once(layer, new Misbehaviour.NoRanges());

    assertThat(fetch(order)).isInstanceOf(ImageView.Present.class);
  }

  @Test
  void otherBytesThanPromisedAreNotLoaded() throws Exception {
    PullOrder order = app();
    registry.always(layer, new Misbehaviour.WrongBytes());

    assertThat(failed(fetch(order)).message()).contains("has another digest");
    assertThat(store.loads).isEmpty();
    assertThat(folder.resolve("content/parts")).isEmptyDirectory();
    assertThat(folder.resolve("content/blobs").resolve(layer.replace(':', '-'))).doesNotExist();
  }

  @Test
  void anotherManifestThanAskedForIsNotUsed() throws Exception {
    registry.put("app", "1", image);
    String digest = TestImage.digest(image.manifest());
    registry.once(
        "/manifests/",
        new Misbehaviour.Status(
            200, Map.of(), new String(image.manifest(), StandardCharsets.UTF_8) + " "));

    assertThat(failed(fetch(order(name("app@" + digest)))).message()).contains("is not the one");
  }

  @Test
  void aLayerLargerThanPromisedIsNotReadToItsEnd() throws Exception {
    PullOrder order = app();
    registry.always(layer, new Misbehaviour.Status(200, Map.of(), "x".repeat(2_000_000)));

    assertThat(failed(fetch(order)).message()).contains("sent more than");
  }

  @Test
  void anImageLargerThanTheLimitIsNotFetched() throws Exception {
    TestImage large = image(TestImage.DOCKER, 2, 11 << 20);
    registry.put("large", "1", large);

    assertThat(failed(fetch(order(name("large:1")))).message()).contains("are the most");
    assertThat(registry.asked("/blobs/")).isEmpty();
  }

  @Test
  void aBodyThatStallsIsGivenUpAndResumed() throws Exception {
    PullOrder order = app();
    registry.once(layer, new Misbehaviour.StallAfter(150_000));

    assertThat(fetch(order)).isInstanceOf(ImageView.Present.class);
    assertThat(registry.asked(layer)).hasSize(2);
  }

  @Test
  void aRegistryThatAcceptsAndNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      FetchLimits impatient = impatient();
      ImageView view =
          fetch(
              fetcher(impatient, false, false),
              order("127.0.0.1:" + silent.getLocalPort() + "/app:1"));

      assertThat(failed(view).message()).contains("no answer within 300 ms");
    }
  }

  /** None of its waits is too long, but all of them together are. */
  @Test
  void aRegistryThatDripsIsGivenUpWhenTheTimeIsOverAndGoneOnWithInTheNextTry() throws Exception {
    PullOrder order = app();
    ImageFetcher hurried = fetcher(hurried(), false, false);

    registry.always("/manifests/", new Misbehaviour.Slow(40));
    long begun = System.nanoTime();
    assertThat(failed(fetch(hurried, order)).message()).isEqualTo("the fetch took longer than 1 s");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    assertThat(image.manifest()).as("ten seconds of dripping").hasSizeGreaterThan(400);

    registry.behave();
    registry.always(layer, new Misbehaviour.Slow(40_000));
    assertThat(failed(fetch(hurried, order(ALICE, GROUP, name("app:1"), 1))).message())
        .isEqualTo("the fetch took longer than 1 s");
    assertThat(registry.asked(layer)).hasSize(1);
    assertThat(store.loads).isEmpty();

    registry.behave();
    assertThat(fetch(order)).isInstanceOf(ImageView.Present.class);
    assertThat(registry.asked(layer).getLast().range()).matches("bytes=[1-9]\\d*-");
    assertThat(folder.resolve("content/parts")).isEmptyDirectory();
  }

  @Test
  void aLoginServiceThatDripsIsGivenUpWhenTheTimeIsOver() throws Exception {
    registry.put("app", "1", image);
    registry.needToken("user", "right");
    registry.always("/token", new Misbehaviour.Slow(2));

    long begun = System.nanoTime();
    ImageView view =
        fetch(fetcher(hurried(), false, false), withLogin(ALICE, GROUP, name("app:1"), "right"));

    assertThat(failed(view).message()).isEqualTo("the fetch took longer than 1 s");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    assertThat(registry.asked("/token")).hasSize(1);
  }

  private static FetchLimits hurried() {
    return new FetchLimits(
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        3,
        Duration.ofMillis(1),
        Duration.ofSeconds(10),
        2,
        4,
        10 << 20);
  }

  @Test
  void layersComeSideBySide() throws Exception {
    TestImage two = image(TestImage.DOCKER, 3, 1000, 2000);
    registry.put("two", "1", two);
    String one = TestImage.digest(two.layers().getFirst());
    String other = TestImage.digest(two.layers().getLast());
    registry.once(one, new Misbehaviour.Until(other));
    registry.once(other, new Misbehaviour.Until(one));

    assertThat(fetch(order(name("two:1")))).isInstanceOf(ImageView.Present.class);

    assertThat(registry.asked(one)).hasSize(1);
    assertThat(registry.asked(other)).hasSize(1);
    assertThat(FetchLimits.DEFAULTS.parallelLayers()).isGreaterThan(1);
  }

  @Test
  void aLayerThatUnpacksToMoreThanTheLimitReachesNoEngine() throws Exception {
    byte[] zeros = new byte[(int) LIMITS.mostBytes() + 1];
    TestImage bomb = TestImage.ofUnpacked("amd64", zeros);
    registry.put("bomb", "1", bomb);
    assertThat(bomb.layers().getFirst()).hasSizeLessThan(100_000);

    assertThat(failed(fetch(order(name("bomb:1")))).message())
        .isEqualTo("the image has a layer of more than 10485760 bytes once unpacked");
    assertThat(store.loads).isEmpty();
  }

  private static FetchLimits impatient() {
    return new FetchLimits(
        Duration.ofSeconds(1),
        Duration.ofMillis(300),
        Duration.ofMillis(300),
        Duration.ofSeconds(10),
        2,
        Duration.ofMillis(1),
        Duration.ofSeconds(1),
        1,
        1,
        1 << 20);
  }

  @Test
  void aRegistryThatIsNotThereIsToldSo() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    assertThat(failed(fetch(order("127.0.0.1:" + port + "/app:1"))).message())
        .contains("127.0.0.1:" + port);
  }

  @Test
  void aHostWithoutAddressIsToldSo() throws Exception {
    assertThat(failed(fetch(order("registry.invalid/app:1"))).message())
        .contains("registry.invalid");
  }

  @Test
  void theTokenDanceIsDanced() throws Exception {
    registry.put("app", "1", image);
    registry.needToken("user", "right");

    assertThat(fetch(withLogin(ALICE, GROUP, name("app:1"), "right")))
        .isInstanceOf(ImageView.Present.class);

    assertThat(registry.asked("/token").getFirst().path())
        .contains("service=test")
        .contains("scope=repository%3Aapp%3Apull");
    assertThat(registry.asked("/token")).hasSize(1);
    assertThat(registry.asked("/blobs/")).allMatch(a -> a.authorization().startsWith("Bearer "));
  }

  @Test
  void aBasicLoginIsSent() throws Exception {
    registry.put("app", "1", image);
    registry.needBasicLogin("user", "right");

    assertThat(fetch(withLogin(ALICE, GROUP, name("app:1"), "right")))
        .isInstanceOf(ImageView.Present.class);
    assertThat(failed(fetch(order(BOB, GROUP, name("app:1"), 5))).message()).contains("401");
  }

  @Test
  void aWrongPasswordIsToldInTheRegistrysWords() throws Exception {
    registry.put("app", "1", image);
    registry.needToken("user", "right");

    ImageView.Failed failed = failed(fetch(withLogin(ALICE, GROUP, name("app:1"), "wrong")));

    assertThat(failed.message()).contains("401").contains("wrong name or password");
    assertThat(failed.message()).doesNotContain("dXNlcjp3cm9uZw");
  }

  @Test
  void aForbiddenImageIsToldSo() throws Exception {
    PullOrder order = app();
    registry.always(
        "/manifests/",
        new Misbehaviour.Status(
            403, Map.of(), "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"not yours\"}]}"));

    assertThat(failed(fetch(order)).message())
        .contains("403 forbidden")
        .contains("DENIED: not yours");
    assertThat(registry.asked()).hasSize(1);
  }

  @Test
  void aRedirectIsFollowedWithoutTheLogin() throws Exception {
    registry.put("app", "1", image);
    registry.needBasicLogin("user", "right");
    try (TestRegistry elsewhere = new TestRegistry()) {
      elsewhere.put("app", "1", image);
      registry.once(
          layer,
          new Misbehaviour.Redirect("http://" + elsewhere.host() + "/v2/app/blobs/" + layer));

      assertThat(fetch(withLogin(ALICE, GROUP, name("app:1"), "right")))
          .isInstanceOf(ImageView.Present.class);

      assertThat(elsewhere.asked())
          .singleElement()
          .satisfies(a -> assertThat(a.authorization()).isEmpty());
    }
  }

  @Test
  void redirectsEndAfterAFew() throws Exception {
    PullOrder order = app();
    registry.always(layer, new Misbehaviour.Redirect("/v2/app/blobs/" + layer));

    assertThat(failed(fetch(order)).message()).contains("redirects more than");
    assertThat(registry.asked(layer)).hasSizeLessThan(10);
  }

  @Test
  void redirectsToTheLocalLinkAreNotFollowed() throws Exception {
    for (String target :
        List.of("http://169.254.169.254/latest", "file:///etc/passwd", "http://[bad")) {
      TestRegistry fresh = new TestRegistry();
      try (fresh) {
        fresh.put("app", "1", image);
        fresh.always(layer, new Misbehaviour.Redirect(target));
        assertThat(
                failed(
                        fetch(
                            order(
                                ALICE,
                                new ContainerGroupId("g" + target.hashCode()),
                                fresh.host() + "/app:1",
                                0)))
                    .message())
            .containsAnyOf("from which nothing is fetched", "redirects to no");
      }
    }
  }

  @Test
  void anEngineThatVanishesFailsTheFetch() throws Exception {
    PullOrder order = app();
    registry.once(layer, new Misbehaviour.StallAfter(10));
    fetcher.begin(order, FENCE);
    store.die();

    assertThat(failed(await(fetcher, order)).message())
        .isEqualTo("the engine cannot be reached: gone");
    assertThat(registry.asked(layer)).hasSize(2);
    assertThat(store.loads).isEmpty();
  }
}
