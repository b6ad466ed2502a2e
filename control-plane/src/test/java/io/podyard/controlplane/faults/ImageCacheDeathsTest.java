package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DescribeImageCachesResponse;
import io.podyard.api.imagecache.ImageCacheResponse;
import io.podyard.controlplane.testing.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server, the engine, or both, die at random moments while image caches are made, changed and
 * deleted on a real engine. None is ever ready by half, and in the end not a byte of them is left.
 */
@Tag("docker")
class ImageCacheDeathsTest {

  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final int LONGEST_DELAY_MILLIS = 1_500;

  /** What is swept only when nobody can be about to use it any more: all limits are shorter. */
  private static final Duration LONG_AGO = Duration.ofDays(3);

  /** Who dies. */
  private enum Victim {
    SERVER,
    ENGINE,
    BOTH
  }

  /** What is done to a cache, one after the other. */
  private enum Phase {
    CREATE,
    UPDATE,
    DELETE
  }

  @TempDir private Path folder;

  private static Map<String, String> environment(PrivateEngine engine) {
    return Map.of(
        "PODYARD_RUNTIME", "docker",
        "DOCKER_HOST", engine.host(),
        // An engine that dies while it takes an image counts as a try.
        "PODYARD_IMAGECACHES_TRIES", "100",
        // What nothing holds goes with the next sweep.
        "PODYARD_CONTENT_BYTES", "0B",
        "PODYARD_DOCKER_IMAGES_HIGH", "0B");
  }

  @Test
  void whoeverDiesAtWhateverMomentNoHalfCacheIsReadyAndNothingIsLeft() throws Exception {
    SplittableRandom random = Length.random(ImageCacheDeathsTest.class);
    int moments = Length.of(8, 50);
    try (SlowImages images = new SlowImages(random.nextLong());
        PrivateEngine engine = PrivateEngine.start(folder, false)) {
      Map<String, String> environment = environment(engine);
      try (ServerProcess server = ServerProcess.in("cachedeaths", environment).start();
          Inspection inspection =
              Inspection.ofDocker(server.database(), environment, folder.resolve("look"));
          Watch watch = new Watch(inspection)) {
        Set<String> before = engine.images();
        Life life = new Life(server, inspection, images);
        for (int i = 0; i < moments; i++) {
          Phase phase = Phase.values()[i % Phase.values().length];
          Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
          int delay = random.nextInt(LONGEST_DELAY_MILLIS);
          String moment = "moment %d: %s dies %d ms into %s".formatted(i, victim, delay, phase);
          long begun = System.nanoTime();
          Future<?> done = life.begin(phase);
          Waiting.during(Duration.ofMillis(delay), server::isAlive);
          kill(victim, server, engine);
          await(done, moment);
          watch.mustHaveSeenNoHalfCache(moment);
          System.out.printf("%s: %.1f s%n", moment, (System.nanoTime() - begun) / 1e9);
        }
        life.end();
        assertThat(server.judge()).contains("on 1 hosts, 0 violations");

        server.kill9();
        age(server.folder());
        server.start();
        // With this one everything is swept.
        for (Phase phase : Phase.values()) {
          await(life.begin(phase), "the end");
        }
        inspection.mustBeContent();
        watch.mustHaveSeenNoHalfCache("the end");
        assertThat(engine.images()).isEqualTo(before);
        assertThat(content(server.folder().resolve("content"))).isEmpty();
        assertThat(server.errors()).isEmpty();
        System.out.printf("%d deaths while image caches were made, changed and deleted%n", moments);
      }
    }
  }

  private static void await(Future<?> done, String moment) throws Exception {
    try {
      done.get(2 * LONGEST.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(moment, e.getCause());
    }
  }

  private static void kill(Victim victim, ServerProcess server, PrivateEngine engine)
      throws Exception {
    if (victim != Victim.SERVER) {
      engine.kill9();
    }
    if (victim != Victim.ENGINE) {
      server.kill9();
    }
    if (victim != Victim.SERVER) {
      engine.start();
    }
    if (victim != Victim.ENGINE) {
      server.start();
    }
  }

  /** As if what was left had been left long ago. */
  private static void age(Path installation) throws IOException {
    FileTime longAgo = FileTime.from(Instant.now().minus(LONG_AGO));
    try (Stream<Path> files = Files.walk(installation)) {
      for (Path file : files.filter(ImageCacheDeathsTest::isOfImages).toList()) {
        Files.setLastModifiedTime(file, longAgo);
      }
    }
  }

  private static boolean isOfImages(Path file) {
    return Files.isRegularFile(file) && !file.toString().contains("/postgres/");
  }

  /** What is kept of images, but for what is merely noted of them. */
  private static List<Path> content(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String part : List.of("blobs", "parts", "new", "pinned")) {
      try (Stream<Path> files = Files.walk(folder.resolve(part))) {
        found.addAll(files.filter(Files::isRegularFile).toList());
      }
    }
    return found;
  }

  /** One cache after the other, each call repeated until it is answered. */
  private static final class Life {

    private final PatientClient client;
    private final Inspection inspection;
    private final SlowImages images;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private int number;
    private String cache = "";

    Life(ServerProcess server, Inspection inspection, SlowImages images) {
      this.client = new PatientClient(server::client, new Told());
      this.inspection = inspection;
      this.images = images;
    }

    Future<?> begin(Phase phase) {
      return threads.submit(
          () -> {
            switch (phase) {
              case CREATE -> create();
              case UPDATE -> update();
              case DELETE -> delete();
            }
          });
    }

    /** Deletes what the last moment left. */
    void end() {
      if (!cache.isEmpty()) {
        delete();
      }
    }

    private void create() {
      number++;
      cache =
          Objects.requireNonNull(
              client
                  .repeated(
                      Action.CREATE_IMAGE_CACHE,
                      Map.of(
                          "ClientToken",
                          "make-" + number,
                          "ImageCacheName",
                          "dying",
                          "Image.1",
                          images.name(number),
                          "Image.2",
                          images.name(number + 1)),
                      CreateImageCacheResponse.class)
                  .imageCacheId());
      awaitHeld(cache + ".1");
    }

    private void update() {
      Object _ =
          client.repeated(
              Action.UPDATE_IMAGE_CACHE,
              Map.of(
                  "ClientToken",
                  "change-" + number,
                  "ImageCacheId",
                  cache,
                  "Image.1",
                  images.name(number + 1),
                  "Image.2",
                  images.name(number + 2)),
              Action.UPDATE_IMAGE_CACHE.responseType());
      awaitHeld(cache + ".2");
    }

    private void delete() {
      Object _ =
          client.repeated(
              Action.DELETE_IMAGE_CACHE,
              Map.of("ClientToken", "end-" + number, "ImageCacheId", cache),
              Action.DELETE_IMAGE_CACHE.responseType());
      Waiting.until(cache + " is gone", LONGEST, () -> count("image_cache") == 0);
      assertThat(count("image_cache_copy where cleared_at is null")).isZero();
      Waiting.until("the engine holds none", LONGEST, () -> inspection.heldCachesAre(Set::isEmpty));
      cache = "";
    }

    private int count(String rows) {
      return Objects.requireNonNull(
          inspection.jdbc().queryForObject("select count(*) from " + rows, Integer.class));
    }

    /** It is ready, and that is true: the engine holds it. */
    private void awaitHeld(String snapshot) {
      Waiting.until(
          snapshot + " is ready",
          LONGEST,
          () -> {
            ImageCacheResponse found =
                client
                    .repeated(
                        Action.DESCRIBE_IMAGE_CACHES,
                        Map.of("ImageCacheId", cache),
                        DescribeImageCachesResponse.class)
                    .imageCaches()
                    .getFirst();
            assertThat(found.status()).doesNotContain("Failed");
            return snapshot.equals(found.snapshotId()) && "Ready".equals(found.status());
          });
      Waiting.until(
          "the engine holds " + snapshot,
          LONGEST,
          () -> inspection.heldCachesAre(held -> held.contains(snapshot)));
    }
  }

  /** Looks all the time at what the tables say. */
  private static final class Watch implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private static final String HALF =
        """
        select concat_ws(' ', c.id, c.status, c.revision) from image_cache c
        where c.revision > 0 and c.deleting_at is null and (
          (select count(*) from image_cache_image i
           where i.cache_id = c.id and i.revision = c.revision) <> 2
          or not exists (
            select 1 from image_cache_revision r
            where r.cache_id = c.id and r.revision = c.revision and r.bytes > 0))
        """;

    private final AtomicBoolean over = new AtomicBoolean();
    private final Set<String> half = ConcurrentHashMap.newKeySet();
    private final Thread thread;

    Watch(Inspection inspection) {
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!over.get()) {
                      half.addAll(inspection.jdbc().queryForList(HALF, String.class));
                      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                    }
                  });
    }

    void mustHaveSeenNoHalfCache(String moment) {
      assertThat(half).as(moment).isEmpty();
      assertThat(thread.isAlive()).as("it still looks").isTrue();
    }

    @Override
    public void close() throws InterruptedException {
      over.set(true);
      thread.join();
    }
  }
}
