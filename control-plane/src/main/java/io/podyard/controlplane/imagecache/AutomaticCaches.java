package io.podyard.controlplane.imagecache;

import io.podyard.api.ApiException;
import io.podyard.controlplane.hosttask.RegistryAccess;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes caches by itself for groups that found none which has all their images (contract section
 * 13). They cost nothing, have a quota of their own, and the one that was used least lately gives
 * way to a new one.
 */
@Component
class AutomaticCaches {

  /** What a group may start from without paying for more (contract section 18). */
  private static final int GIB = 30;

  private static final Logger log = LoggerFactory.getLogger(AutomaticCaches.class);

  private final JdbcTemplate jdbc;
  private final ImageCacheStore store;
  private final CacheRoom room;
  private final CacheEvents events;
  private final SecretBox secrets;
  private final TransactionTemplate transaction;
  private final Duration deadline;
  private final Clock clock;
  private final RandomGenerator random = new SecureRandom();

  AutomaticCaches(
      JdbcTemplate jdbc,
      ImageCacheStore store,
      CacheRoom room,
      CacheEvents events,
      SecretBox secrets,
      TransactionTemplate transaction,
      PodyardSettings settings,
      Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.room = room;
    this.events = events;
    this.secrets = secrets;
    this.transaction = transaction;
    this.deadline = settings.imageCaches().deadline();
    this.clock = clock;
  }

  /**
   * Has one made of the images of a group, unless there is one, or there was none to be had.
   *
   * @param images each once
   * @param access to the registries, as the group has it
   */
  void make(AccountId account, RegionId region, List<String> images, RegistryAccess access) {
    if (isThere(account, region, images)) {
      return;
    }
    try {
      transaction.executeWithoutResult(_ -> makeLocked(account, region, images, access));
    } catch (ApiException e) {
      log.debug("no image cache is made for groups of {}: {}", account, e.getMessage());
    }
  }

  private void makeLocked(
      AccountId account, RegionId region, List<String> images, RegistryAccess access) {
    QuotaPlace place = new QuotaPlace(account, region);
    room.lock(place);
    // Again: now nobody else is at it.
    if (isThere(account, region, images)) {
      return;
    }
    room.make(place, QuotaKind.AUTO_IMAGE_CACHE);
    Instant now = clock.instant();
    String id = ImageCacheIds.next(now, random);
    store.insert(
        id,
        account,
        region,
        new CacheWish(
            "auto-" + id.substring(id.indexOf('-') + 1),
            new CacheWish.Content(images, GIB, true, 1, 1),
            access,
            ImageCacheRules.LRU,
            null,
            null,
            null,
            CacheWish.Kept.NOTHING,
            new TreeMap<>()),
        access.sealed(secrets, id),
        true,
        now,
        deadline);
    events.normal(
        id, "Preparing", "The image cache is made for container groups of these images.", now);
  }

  /** Those of its containers, each once. */
  static List<String> images(GroupSpec group) {
    Map<String, String> images = new LinkedHashMap<>();
    Stream.concat(group.initContainers().stream(), group.containers().stream())
        .map(ContainerSpec::image)
        .forEach(image -> images.putIfAbsent(KnownImage.of(image).text(), image));
    return List.copyOf(images.values());
  }

  /** Also one that is being made, or that failed a while ago, however its images are spelled. */
  private boolean isThere(AccountId account, RegionId region, List<String> images) {
    Set<String> wanted = KnownImage.texts(images);
    return jdbc.query(
            """
            select r.images from image_cache c
            join image_cache_revision r on r.cache_id = c.id
              and r.revision = coalesce(c.making, c.revision)
            where c.account_id = ? and c.region = ? and c.automatic and c.deleting_at is null
            """,
            (row, n) -> KnownImage.texts(Columns.texts(row, 1)),
            account.value(),
            region.value())
        .contains(wanted);
  }
}
