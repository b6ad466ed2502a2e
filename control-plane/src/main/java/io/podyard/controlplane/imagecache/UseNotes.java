package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.containergroup.GroupImageCaches.Found;
import io.podyard.controlplane.containergroup.ImageCacheUse;
import io.podyard.controlplane.hosttask.RegistryAccess;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.GroupSpec;
import jakarta.annotation.PreDestroy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Notes that groups start from caches, beside the requests: when a cache was last of use, how fast
 * its content is, and that one is to be made which the next group will ask for again. What waits to
 * be noted already is noted once.
 */
@Component
class UseNotes {

  /** Of so many different ones, more than an account has caches; what is beyond is left out. */
  private static final int MOST_WAITING = 10_000;

  private static final Logger log = LoggerFactory.getLogger(UseNotes.class);

  /**
   * What is to be noted.
   *
   * @param cache that was used, null for none
   * @param unmeasured whether nobody knows how fast its content is
   * @param images of which a cache is to be made; none if it is not
   */
  private record Note(
      AccountId account,
      RegionId region,
      @Nullable String cache,
      boolean unmeasured,
      Set<String> images) {}

  /** What is needed to make a cache: of a group, which may be large, no more is kept waiting. */
  private record Wanted(List<String> images, RegistryAccess access) {}

  private final JdbcTemplate jdbc;
  private final AutomaticCaches automatic;
  private final FetchSpeeds speeds;
  private final Set<Note> waiting = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor notes =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("image-cache-notes").daemon().factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  UseNotes(JdbcTemplate jdbc, AutomaticCaches automatic, FetchSpeeds speeds) {
    this.jdbc = jdbc;
    this.automatic = automatic;
    this.speeds = speeds;
  }

  @PreDestroy
  void close() {
    notes.shutdownNow();
  }

  /** Returns at once, as {@link io.podyard.controlplane.containergroup.GroupImageCaches#used}. */
  void used(AccountId account, RegionId region, Found found, GroupSpec group, boolean matched) {
    ImageCacheUse use = found.use();
    Wanted wanted =
        matched && !found.whole()
            ? new Wanted(AutomaticCaches.images(group), RegistryAccess.of(group))
            : null;
    Note note =
        new Note(
            account,
            region,
            use == null ? null : use.imageCacheId(),
            found.images().stream().mapToLong(CachedImage::bytesPerSecond).anyMatch(s -> s == 0),
            wanted == null ? Set.of() : KnownImage.texts(wanted.images()));
    if (waiting.size() < MOST_WAITING && waiting.add(note)) {
      notes.execute(
          () -> {
            waiting.remove(note);
            try {
              write(note, wanted);
            } catch (RuntimeException e) {
              Mishaps.tell(log, Loop.IMAGE_CACHES, "noting the use of image caches failed", e);
            }
          });
    }
  }

  private void write(Note note, @Nullable Wanted wanted) {
    String cache = note.cache();
    if (cache != null) {
      jdbc.update(
          "update image_cache set last_matched_at = now() where id = ? and (last_matched_at is null"
              + " or last_matched_at < now() - interval '1 second')",
          cache);
      if (note.unmeasured()) {
        speeds.learnNowAndThen(cache);
      }
    }
    if (wanted != null && !wanted.images().isEmpty()) {
      automatic.make(note.account(), note.region(), wanted.images(), wanted.access());
    }
  }
}
