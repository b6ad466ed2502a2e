package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.imagecache.CacheWish.Content;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.sql.Array;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of caches. What changes something runs inside the caller's transaction. */
@Component
class ImageCacheStore {

  private final JdbcTemplate jdbc;

  ImageCacheStore(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** A cache of the account that is neither deleted nor past its time. */
  Optional<ImageCacheRow> find(AccountId account, RegionId region, String id) {
    return rows(
            " where c.id = ? and c.account_id = ? and c.region = ? and c.deleting_at is null"
                + " and (c.expires_at is null or c.expires_at > now())",
            id,
            account.value(),
            region.value())
        .stream()
        .findFirst();
  }

  /** A cache of the account that is not deleted, locked. */
  Optional<ImageCacheRow> lock(AccountId account, RegionId region, String id) {
    return lock(id, "")
        .filter(row -> !row.deleting())
        .filter(row -> row.account().equals(account) && row.region().equals(region));
  }

  /** A cache whoever's it is, deleted or not; empty if another transaction has it. */
  Optional<ImageCacheRow> lockUnlessLocked(String id) {
    return lock(id, " skip locked");
  }

  private Optional<ImageCacheRow> lock(String id, String otherwise) {
    // Locked before it is read: what it says has to be what it is while it is locked.
    boolean locked =
        !jdbc.query(
                "select id from image_cache where id = ? for no key update" + otherwise,
                (row, n) -> row.getString(1),
                id)
            .isEmpty();
    return locked ? rows(" where c.id = ?", id).stream().findFirst() : Optional.empty();
  }

  private List<ImageCacheRow> rows(String where, Object... arguments) {
    return jdbc.query(
        ImageCacheRows.SELECT + where, (row, n) -> ImageCacheRows.read(row), arguments);
  }

  /**
   * Writes a new cache, which is then to be made.
   *
   * @param access sealed
   */
  void insert(
      String id,
      AccountId account,
      RegionId region,
      CacheWish wish,
      String access,
      boolean automatic,
      Instant now,
      Duration deadline) {
    jdbc.update(
        """
        insert into image_cache (id, account_id, region, name, automatic, status, making,
            elimination, retention_days, resource_group, zone, kept, tags, created_at)
        values (?, ?, ?, ?, ?, 'Preparing', 1, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?)
        """,
        id,
        account.value(),
        region.value(),
        wish.name(),
        automatic,
        wish.elimination(),
        wish.retentionDays(),
        wish.resourceGroup(),
        wish.zone(),
        ImageCacheRows.json(wish.kept()),
        ImageCacheRows.json(wish.tags()),
        at(now));
    insertRevision(id, 1, wish.content(), access, now, deadline);
  }

  /**
   * @param access sealed
   */
  void insertRevision(
      String id, int revision, Content content, String access, Instant now, Duration deadline) {
    jdbc.update(
        """
        insert into image_cache_revision (cache_id, revision, images, size_gib, flash,
            flash_copies, standard_copies, access, asked_at, deadline_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        id,
        revision,
        array(content.images()),
        content.sizeGib(),
        content.flash(),
        content.flashCopies(),
        content.standardCopies(),
        access,
        at(now),
        at(now.plus(deadline)));
  }

  private @Nullable Array array(List<String> texts) {
    return jdbc.execute(
        (ConnectionCallback<Array>)
            connection -> connection.createArrayOf("text", texts.toArray()));
  }

  /** The logins of a revision, sealed. */
  String access(String id, int revision) {
    String access =
        jdbc.queryForObject(
            "select access from image_cache_revision where cache_id = ? and revision = ?",
            String.class,
            id,
            revision);
    return access == null ? "" : access;
  }

  /** Begins to make the next revision of a cache. */
  void beginUpdate(String id, int revision) {
    jdbc.update(
        """
        update image_cache set status = 'Updating', making = ?, last_revision = ?, changed_at = now()
        where id = ?
        """,
        revision,
        revision,
        id);
  }

  /** Changes what needs no new revision. */
  void change(ImageCacheRow row, CacheChange change, @Nullable Instant expiresAt) {
    jdbc.update(
        """
        update image_cache
        set name = ?, elimination = ?, retention_days = ?, resource_group = ?, kept = ?::jsonb,
            tags = ?::jsonb, expires_at = ?, changed_at = now()
        where id = ?
        """,
        change.name() == null ? row.name() : change.name(),
        change.eliminationAfter(row.elimination()),
        change.retentionDays() == null ? row.retentionDays() : change.retentionDays(),
        change.resourceGroup() == null ? row.resourceGroup() : change.resourceGroup(),
        ImageCacheRows.json(change.applied(row.kept())),
        ImageCacheRows.json(change.tags().isEmpty() ? row.tags() : change.tags()),
        expiresAt == null ? null : at(expiresAt),
        row.id());
  }

  /** Nobody can use it from now on; its row goes when hosts hold nothing of it any more. */
  void delete(String id) {
    jdbc.update(
        "update image_cache set deleting_at = now(), changed_at = now() where id = ? and"
            + " deleting_at is null",
        id);
    endCopies(id, null);
  }

  /** Hosts are to let go of a revision, or of all of a cache. */
  void endCopies(String id, @Nullable Integer revision) {
    jdbc.update(
        "update image_cache_copy set finished_at = now() where cache_id = ? and finished_at is null"
            + " and revision = coalesce(?::int4, revision)",
        id,
        revision);
  }

  /**
   * Deletes the cache of an account that gives way when another one is to be made: of those that
   * may, the one that was used least lately.
   *
   * @return whether there was one
   */
  boolean eliminate(AccountId account, RegionId region, boolean automatic) {
    List<String> least =
        jdbc.query(
            """
            select id from image_cache
            where account_id = ? and region = ? and automatic = ? and deleting_at is null
              and elimination = 'LRU' and status in ('Ready', 'Failed', 'UpdateFailed')
            order by coalesce(last_matched_at, created_at), id limit 1
            for no key update skip locked
            """,
            (row, n) -> row.getString(1),
            account.value(),
            region.value(),
            automatic);
    least.forEach(this::delete);
    return !least.isEmpty();
  }

  long count(AccountId account, RegionId region, boolean automatic) {
    Long count =
        jdbc.queryForObject(
            "select count(*) from image_cache where account_id = ? and region = ? and automatic = ?"
                + " and deleting_at is null",
            Long.class,
            account.value(),
            region.value(),
            automatic);
    return count == null ? 0 : count;
  }

  /** Sets the tags of a cache. */
  void tag(String id, Map<String, String> tags) {
    jdbc.update(
        "update image_cache set tags = ?::jsonb, changed_at = now() where id = ?",
        ImageCacheRows.json(tags),
        id);
  }

  static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
