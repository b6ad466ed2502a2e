package io.podyard.controlplane.imagecache;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.containergroup.GroupImageCaches;
import io.podyard.controlplane.containergroup.ImageCacheUse;
import io.podyard.controlplane.mishap.Loop;
import io.podyard.controlplane.mishap.Mishaps;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.GroupSpec;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Finds the caches that groups start from, and notes that they do. The notes are made beside the
 * requests, and are left out when there are too many: they say when a cache was last of use, and
 * have one made that the next group will ask for again.
 */
@Component
class CachesOfGroups implements GroupImageCaches {

  private static final int NOTES_WAITING = 200;

  private static final Logger log = LoggerFactory.getLogger(CachesOfGroups.class);

  private final JdbcTemplate jdbc;
  private final ImageCacheStore store;
  private final HeldCaches held;
  private final AutomaticCaches automatic;
  private final FetchSpeeds speeds;
  private final ThreadPoolExecutor notes =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(NOTES_WAITING),
          Thread.ofPlatform().name("image-cache-notes").daemon().factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  CachesOfGroups(
      JdbcTemplate jdbc,
      ImageCacheStore store,
      HeldCaches held,
      AutomaticCaches automatic,
      FetchSpeeds speeds) {
    this.jdbc = jdbc;
    this.store = store;
    this.held = held;
    this.automatic = automatic;
    this.speeds = speeds;
  }

  @PreDestroy
  void close() {
    notes.shutdownNow();
  }

  /** A cache, or what it was once, is named. */
  @Override
  public Found named(
      AccountId account,
      RegionId region,
      String snapshot,
      Collection<String> images,
      Consumer<Problem> problems) {
    int dot = snapshot.indexOf('.');
    String id = dot < 0 ? snapshot : snapshot.substring(0, dot);
    Optional<ImageCacheRow> row =
        ImageCacheIds.isId(id) ? store.find(account, region, id) : Optional.empty();
    if (row.isEmpty() || (dot >= 0 && !snapshot.equals(snapshotOf(row.get())))) {
      problems.accept(
          new Problem(
              ErrorCode.IMAGE_SNAPSHOT_NOT_FOUND,
              "ImageSnapshotId",
              snapshot,
              "names no image cache of this account and region"));
      return Found.NONE;
    }
    if (row.get().revision() == 0) {
      problems.accept(
          new Problem(
              ErrorCode.IMAGE_SNAPSHOT_INCORRECT_STATUS,
              "ImageSnapshotId",
              snapshot,
              "names an image cache that is %s; groups start from one that is ready"
                  .formatted(row.get().status().wireName())));
      return Found.NONE;
    }
    return held.of(account, region, id).stream()
        .findFirst()
        .map(cache -> found(CacheMatch.of(images, cache)))
        .orElse(Found.NONE);
  }

  private static String snapshotOf(ImageCacheRow row) {
    return ImageCacheIds.key(row.id(), row.revision());
  }

  @Override
  public Found best(AccountId account, RegionId region, Collection<String> images) {
    return CacheMatch.ranked(images, held.of(account, region, null)).stream()
        .findFirst()
        .map(this::found)
        .orElse(Found.NONE);
  }

  private Found found(CacheMatch match) {
    CacheMatch.Held cache = match.cache();
    List<CachedImage> images = new ArrayList<>();
    match
        .images()
        .forEach(
            (name, image) ->
                images.add(
                    new CachedImage(name, image.digest(), cache.key(), cache.bytesPerSecond())));
    return new Found(
        new ImageCacheUse(cache.id(), cache.key(), match.bytes(), cache.sizeGib()),
        images,
        hosts(Set.of(images)).getOrDefault(images, Set.of()),
        match.isFull());
  }

  /**
   * An image of one of several lists.
   *
   * @param list its number
   */
  private record Wanted(int list, String digest) {}

  /** Those that hold most bytes of them, for whatever cache. */
  @Override
  public Map<List<CachedImage>, Set<HostId>> hosts(Set<List<CachedImage>> images) {
    List<List<CachedImage>> lists = List.copyOf(images);
    List<Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < lists.size(); i++) {
      for (CachedImage image : lists.get(i)) {
        wanted.add(new Wanted(i, image.digest()));
      }
    }
    Map<List<CachedImage>, Set<HostId>> hosts = new HashMap<>();
    if (wanted.isEmpty()) {
      return hosts;
    }
    jdbc.query(
        """
        select list, host_id from (
          select list, host_id, rank() over (partition by list order by sum(bytes) desc) as place
          from (
            select distinct w.list, k.host_id, i.digest, i.bytes
            from unnest(?::int4[], ?::text[]) as w (list, digest)
            join image_cache_image i on i.digest = w.digest
            join image_cache_copy k on k.cache_id = i.cache_id and k.revision = i.revision
            where k.held_at is not null and k.finished_at is null) there
          group by list, host_id) ranked
        where place = 1
        """,
        Columns.of(wanted).integer(Wanted::list).text(Wanted::digest),
        row -> {
          hosts
              .computeIfAbsent(lists.get(row.getInt(1)), _ -> new HashSet<>())
              .add(new HostId(row.getString(2)));
        });
    return hosts;
  }

  @Override
  public void used(
      AccountId account, RegionId region, Found found, GroupSpec group, boolean matched) {
    ImageCacheUse use = found.use();
    notes.execute(
        () -> {
          try {
            note(use);
            learn(use, found.images());
            if (matched && !found.whole()) {
              automatic.makeFor(account, region, group);
            }
          } catch (RuntimeException e) {
            Mishaps.tell(log, Loop.IMAGE_CACHES, "noting the use of image caches failed", e);
          }
        });
  }

  /** How fast its content is, for the groups to come. */
  private void learn(@Nullable ImageCacheUse use, List<CachedImage> images) {
    if (use != null && images.stream().anyMatch(image -> image.bytesPerSecond() == 0)) {
      speeds.learnNowAndThen(use.imageCacheId());
    }
  }

  private void note(@Nullable ImageCacheUse use) {
    if (use != null) {
      jdbc.update(
          "update image_cache set last_matched_at = now() where id = ? and (last_matched_at is null"
              + " or last_matched_at < now() - interval '1 second')",
          use.imageCacheId());
    }
  }
}
