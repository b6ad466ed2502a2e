package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
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
 * The server, the engine, or both, die at random moments while an image cache and a data cache are
 * made, changed and deleted on a real engine. None is ever ready by half, and in the end not a byte
 * of them is left.
 */
@Tag("docker")
class CacheDeathsTest {

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
        "PODYARD_DATACACHES_THISMACHINE", "true",
        // An engine that dies while it takes an image or data counts as a try.
        "PODYARD_IMAGECACHES_TRIES", "100",
        "PODYARD_DATACACHES_TRIES", "100",
        // What nothing holds goes with the next sweep.
        "PODYARD_CONTENT_BYTES", "0B",
        "PODYARD_DOCKER_IMAGES_HIGH", "0B");
  }

  @Test
  void whoeverDiesAtWhateverMomentNoHalfCacheIsReadyAndNothingIsLeft() throws Exception {
    SplittableRandom random = Length.random(CacheDeathsTest.class);
    int moments = Length.of(8, 50);
    try (SlowImages images = new SlowImages(random.nextLong());
        SlowFiles files = SlowFiles.serve(random.nextLong());
        PrivateEngine engine = PrivateEngine.start(folder, false)) {
      Map<String, String> environment = environment(engine);
      try (ServerProcess server = ServerProcess.in("cachedeaths", environment).start();
          Inspection inspection =
              Inspection.ofDocker(server.database(), environment, folder.resolve("look"));
          Watch watch = new Watch(inspection)) {
        Set<String> before = engine.images();
        PatientClient client = new PatientClient(server::client, new Told());
        Lives lives =
            new Lives(
                new ImageCacheLife(client, inspection, images),
                new DataCacheLife(client, inspection, files));
        for (int i = 0; i < moments; i++) {
          Phase phase = Phase.values()[i % Phase.values().length];
          Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
          int delay = random.nextInt(LONGEST_DELAY_MILLIS);
          String moment = "moment %d: %s dies %d ms into %s".formatted(i, victim, delay, phase);
          long begun = System.nanoTime();
          Future<?> done = lives.begin(phase);
          Waiting.during(Duration.ofMillis(delay), server::isAlive);
          kill(victim, server, engine);
          await(done, moment);
          watch.mustHaveSeenNoHalfCache(moment);
          System.out.printf("%s: %.1f s%n", moment, (System.nanoTime() - begun) / 1e9);
        }
        lives.end();
        assertThat(server.judge()).contains("on 1 hosts, 0 violations");

        server.kill9();
        age(server.folder());
        server.start();
        // With this one everything is swept.
        for (Phase phase : Phase.values()) {
          await(lives.begin(phase), "the end");
        }
        inspection.mustBeContent();
        watch.mustHaveSeenNoHalfCache("the end");
        assertThat(engine.images()).isEqualTo(before);
        assertThat(engine.volumes()).isEmpty();
        assertThat(content(server.folder().resolve("content"))).isEmpty();
        assertThat(server.errors()).isEmpty();
        System.out.printf("%d deaths while caches were made, changed and deleted%n", moments);
      }
    }
  }

  private static void await(Future<?> done, String moment) throws Exception {
    try {
      done.get(2 * CacheLife.LONGEST.toSeconds(), TimeUnit.SECONDS);
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
      for (Path file : files.filter(CacheDeathsTest::isOfCaches).toList()) {
        Files.setLastModifiedTime(file, longAgo);
      }
    }
  }

  private static boolean isOfCaches(Path file) {
    return Files.isRegularFile(file) && !file.toString().contains("/postgres/");
  }

  /** What is kept of images and data, but for what is merely noted of them. */
  private static List<Path> content(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String part : List.of("blobs", "parts", "new", "pinned")) {
      try (Stream<Path> files = Files.walk(folder.resolve(part))) {
        found.addAll(files.filter(Files::isRegularFile).toList());
      }
    }
    return found;
  }

  /** Of both kinds of caches at once. */
  private static final class Lives {

    private final List<CacheLife> lives;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Lives(CacheLife... lives) {
      this.lives = List.of(lives);
    }

    Future<?> begin(Phase phase) {
      return CompletableFuture.allOf(
          lives.stream()
              .map(life -> CompletableFuture.runAsync(() -> pass(phase, life), threads))
              .toArray(CompletableFuture<?>[]::new));
    }

    private static void pass(Phase phase, CacheLife life) {
      switch (phase) {
        case CREATE -> life.create();
        case UPDATE -> life.update();
        case DELETE -> life.delete();
      }
    }

    /** Deletes what the last moment left. */
    void end() {
      for (CacheLife life : lives) {
        if (life.has()) {
          life.delete();
        }
      }
    }
  }

  /** Looks all the time at what the tables say. */
  private static final class Watch implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private static final String HALF =
        """
        select concat_ws(' ', c.id, c.status, c.revision) from data_cache c
        where c.revision > 0 and c.deleting_at is null and not exists (
          select 1 from data_cache_revision r
          where r.cache_id = c.id and r.revision = c.revision and r.digest is not null)
        union all
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
