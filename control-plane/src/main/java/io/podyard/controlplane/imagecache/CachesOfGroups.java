package io.podyard.controlplane.imagecache;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.containergroup.GroupImageCaches;
import io.podyard.controlplane.containergroup.ImageCacheUse;
import io.podyard.controlplane.containergroup.ImagesOfGroup;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.GroupSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Finds the caches that groups start from, and the hosts that hold their images. */
@Component
class CachesOfGroups implements GroupImageCaches {

  /** So many caches of an account are looked at for layers that images have in common. */
  private static final int MOST_ALIKE = 100;

  /**
   * So many hosts are told for a list of images: more than a pick needs. Of those that hold the
   * same, any.
   */
  private static final int MOST_HOSTS = 200;

  private final JdbcTemplate jdbc;
  private final ImageCacheStore store;
  private final HeldCaches held;
  private final UseNotes notes;
  private final ImagesOnHosts onHosts;

  CachesOfGroups(
      JdbcTemplate jdbc,
      ImageCacheStore store,
      HeldCaches held,
      UseNotes notes,
      ImagesOnHosts onHosts) {
    this.jdbc = jdbc;
    this.store = store;
    this.held = held;
    this.notes = notes;
    this.onHosts = onHosts;
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
      problems.accept(notFound(snapshot));
      return Found.NONE;
    }
    if (row.get().status() != ImageCacheStatus.READY) {
      problems.accept(
          new Problem(
              ErrorCode.IMAGE_SNAPSHOT_INCORRECT_STATUS,
              "ImageSnapshotId",
              snapshot,
              "names an image cache that is %s; groups start from one that is Ready"
                  .formatted(row.get().status().wireName())));
      return Found.NONE;
    }
    Optional<CacheMatch.Held> cache = held.of(account, region, id).stream().findFirst();
    if (cache.isEmpty()) {
      // Just now it was there.
      problems.accept(notFound(snapshot));
      return Found.NONE;
    }
    return found(CacheMatch.of(images, cache.get()));
  }

  private static Problem notFound(String snapshot) {
    return new Problem(
        ErrorCode.IMAGE_SNAPSHOT_NOT_FOUND,
        "ImageSnapshotId",
        snapshot,
        "names no image cache of this account and region");
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
        hosts(Set.of(images)).getOrDefault(images, Map.of()),
        match.isFull());
  }

  /**
   * An image of one of several lists.
   *
   * @param list its number
   * @param cache the key of the cache that it is taken from
   */
  private record Wanted(int list, String digest, String cache) {}

  /**
   * Whoever holds some of their parts has these, for whatever cache of images that are wanted, and
   * for the newest caches of the same account: other images may have layers in common with them.
   */
  @Override
  public Map<List<CachedImage>, Map<HostId, Integer>> hosts(Set<List<CachedImage>> images) {
    List<List<CachedImage>> lists = List.copyOf(images);
    List<Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < lists.size(); i++) {
      for (CachedImage image : lists.get(i)) {
        wanted.add(new Wanted(i, image.digest(), image.cache()));
      }
    }
    Map<List<CachedImage>, Map<HostId, Integer>> hosts = new HashMap<>();
    if (wanted.isEmpty()) {
      return hosts;
    }
    jdbc.query(
        """
        with wanted as materialized (
          select distinct w.list, w.digest, coalesce(c.account_id, '') as account_id,
              coalesce(c.region, '') as region
          from unnest(?::int4[], ?::text[], ?::text[]) as w (list, digest, cache)
          left join image_cache c on c.id = split_part(w.cache, '.', 1)
        ), part as materialized (
          select distinct w.list, w.account_id, w.region, l.digest, l.bytes
          from wanted w
          cross join lateral (
            select i.cache_id, i.revision, i.position from image_cache_image i
            where i.digest = w.digest limit 1) known
          join image_cache_layer l using (cache_id, revision, position)
        ), looked_at as materialized (
          select w.account_id, w.region, i.cache_id, i.revision
          from wanted w join image_cache_image i on i.digest = w.digest
          union
          select a.account_id, a.region, newest.id, newest.revision
          from (select distinct account_id, region from wanted) a
          cross join lateral (
            select c.id, c.revision from image_cache c
            where c.account_id = a.account_id and c.region = a.region and c.deleting_at is null
            order by c.id desc limit %d) newest
        ), alike as materialized (
          select distinct p.list, c.cache_id, c.revision, p.digest, p.bytes
          from looked_at c
          join part p on p.account_id = c.account_id and p.region = c.region
          join image_cache_layer l on l.digest = p.digest and l.cache_id = c.cache_id
            and l.revision = c.revision
        ), held as materialized (
          select a.list, a.cache_id, a.revision, a.bytes, k.host_id
          from (
            select list, cache_id, revision, sum(bytes) as bytes from alike
            group by list, cache_id, revision) a
          join image_cache_copy k on k.cache_id = a.cache_id and k.revision = a.revision
            and k.held_at is not null and k.finished_at is null
        ), best as (
          select list, host_id from (
            select list, host_id,
                row_number() over (partition by list order by max(bytes) desc, random()) as place
            from held group by list, host_id) ranked
          where place <= %d
        ), there as (
          select distinct h.list, h.host_id, a.digest, a.bytes
          from best b
          join held h on h.list = b.list and h.host_id = b.host_id
          join alike a on a.list = h.list and a.cache_id = h.cache_id
            and a.revision = h.revision
        )
        select list, t.host_id, div(%d * sum(t.bytes), w.bytes)::int4
        from there t
        join (select list, sum(bytes) as bytes from part group by list) w using (list)
        where w.bytes > 0
        group by list, t.host_id, w.bytes
        """
            .formatted(MOST_ALIKE, MOST_HOSTS, ALL),
        Columns.of(wanted).integer(Wanted::list).text(Wanted::digest).text(Wanted::cache),
        row -> {
          int share = row.getInt(3);
          if (share > 0) {
            hosts
                .computeIfAbsent(lists.get(row.getInt(1)), _ -> new HashMap<>())
                .put(new HostId(row.getString(2)), share);
          }
        });
    return hosts;
  }

  @Override
  public Map<HostId, Integer> pulled(ImagesOfGroup images) {
    return onHosts.hosts(images);
  }

  @Override
  public void used(
      AccountId account, RegionId region, Found found, GroupSpec group, boolean matched) {
    notes.used(account, region, found, group, matched);
  }
}
