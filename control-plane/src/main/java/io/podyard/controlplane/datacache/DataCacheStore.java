package io.podyard.controlplane.datacache;

import io.podyard.controlplane.secret.SecretBox;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import io.podyard.runtime.HeldData;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of caches. What changes something runs inside the caller's transaction. */
@Component
class DataCacheStore {

  private final JdbcTemplate jdbc;
  private final SecretBox secrets;

  DataCacheStore(JdbcTemplate jdbc, SecretBox secrets) {
    this.jdbc = jdbc;
    this.secrets = secrets;
  }

  /** A cache of the account that is not deleted. */
  Optional<DataCacheRow> find(AccountId account, RegionId region, String id) {
    return rows(
            " where c.id = ? and c.account_id = ? and c.region = ? and c.deleting_at is null",
            id,
            account.value(),
            region.value())
        .stream()
        .findFirst();
  }

  /** The one at a place; one that failed only if there is no other. */
  Optional<DataCacheRow> at(AccountId account, RegionId region, String bucket, String path) {
    return rows(
            """
             where c.account_id = ? and c.region = ? and c.bucket = ? and c.path = ?
              and c.deleting_at is null order by c.status = 'Failed', c.id desc limit 1
            """,
            account.value(),
            region.value(),
            bucket,
            path)
        .stream()
        .findFirst();
  }

  /** A cache of the account that is not deleted, locked. */
  Optional<DataCacheRow> lock(AccountId account, RegionId region, String id) {
    return lock(id, "")
        .filter(row -> !row.deleting())
        .filter(row -> row.account().equals(account) && row.region().equals(region));
  }

  /** A cache whoever's it is, deleted or not; empty if another transaction has it. */
  Optional<DataCacheRow> lockUnlessLocked(String id) {
    return lock(id, " skip locked");
  }

  private Optional<DataCacheRow> lock(String id, String otherwise) {
    // Locked before it is read: what it says has to be what it is while it is locked.
    boolean locked =
        !jdbc.query(
                "select id from data_cache where id = ? for no key update" + otherwise,
                (row, n) -> row.getString(1),
                id)
            .isEmpty();
    return locked ? rows(" where c.id = ?", id).stream().findFirst() : Optional.empty();
  }

  private List<DataCacheRow> rows(String where, Object... arguments) {
    return jdbc.query(DataCacheRows.SELECT + where, (row, n) -> DataCacheRows.read(row), arguments);
  }

  /** Writes a new cache, which is then to be made. */
  void insert(
      String id,
      AccountId account,
      RegionId region,
      DataCacheWish wish,
      NewRevision revision,
      Instant now,
      Duration deadline) {
    DataCacheStatus status =
        revision.copyOf() == null ? DataCacheStatus.LOADING : DataCacheStatus.CREATING;
    String name = wish.name();
    jdbc.update(
        """
        insert into data_cache (id, account_id, region, bucket, path, name, status, making,
            retention_days, resource_group, kept, tags, created_at)
        values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?::jsonb, ?::jsonb, ?)
        """,
        id,
        account.value(),
        region.value(),
        wish.bucket(),
        wish.path(),
        name == null ? id : name,
        status.wireName(),
        wish.retentionDays(),
        wish.resourceGroup(),
        DataCacheRows.json(wish.kept()),
        DataCacheRows.json(wish.tags()),
        at(now));
    insertRevision(id, 1, revision, now, deadline);
  }

  private void insertRevision(
      String id, int number, NewRevision revision, Instant now, Duration deadline) {
    HeldData expected = revision.expected();
    jdbc.update(
        """
        insert into data_cache_revision (cache_id, revision, size_gib, source, copy_of,
            expected_digest, expected_bytes, expected_entries, asked_at, deadline_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        id,
        number,
        revision.sizeGib(),
        revision.source().sealed(secrets, id),
        revision.copyOf(),
        expected == null ? null : expected.digest(),
        expected == null ? null : expected.bytes(),
        expected == null ? null : expected.entries(),
        at(now),
        at(now.plus(deadline)));
  }

  /** Begins to make the next revision of a cache. */
  void beginUpdate(DataCacheRow row, NewRevision revision, Instant now, Duration deadline) {
    int number = row.lastRevision() + 1;
    insertRevision(row.id(), number, revision, now, deadline);
    jdbc.update(
        """
        update data_cache set status = 'Updating', making = ?, last_revision = ?, changed_at = now()
        where id = ?
        """,
        number,
        number,
        row.id());
  }

  /** Changes what needs no new revision. */
  void change(DataCacheRow row, DataCacheChange change, @Nullable Instant expiresAt) {
    jdbc.update(
        """
        update data_cache
        set bucket = ?, name = ?, retention_days = ?, resource_group = ?, kept = ?::jsonb,
            tags = ?::jsonb, expires_at = ?, changed_at = now()
        where id = ?
        """,
        change.bucket() == null ? row.bucket() : change.bucket(),
        change.name() == null ? row.name() : change.name(),
        change.retentionDays() == null ? row.retentionDays() : change.retentionDays(),
        change.resourceGroup() == null ? row.resourceGroup() : change.resourceGroup(),
        DataCacheRows.json(change.applied(row.kept())),
        DataCacheRows.json(change.tags().isEmpty() ? row.tags() : change.tags()),
        expiresAt == null ? null : at(expiresAt),
        row.id());
  }

  /** Gives the revision that is used another size. */
  void resize(DataCacheRow row, int sizeGib) {
    jdbc.update(
        "update data_cache_revision set size_gib = ? where cache_id = ? and revision = ?",
        sizeGib,
        row.id(),
        row.revision());
  }

  /**
   * Nobody can use it from now on, or since it expired, however late that is seen; its row goes
   * when no group and no host has anything of it.
   */
  void delete(String id) {
    jdbc.update(
        """
        update data_cache set deleting_at = least(now(), expires_at), changed_at = now()
        where id = ? and deleting_at is null
        """,
        id);
  }

  long count(AccountId account, RegionId region) {
    Long count =
        jdbc.queryForObject(
            "select count(*) from data_cache where account_id = ? and region = ? and deleting_at is"
                + " null",
            Long.class,
            account.value(),
            region.value());
    return count == null ? 0 : count;
  }

  /** Sets the tags of a cache. */
  void tag(String id, Map<String, String> tags) {
    jdbc.update(
        "update data_cache set tags = ?::jsonb, changed_at = now() where id = ?",
        DataCacheRows.json(tags),
        id);
  }

  static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
