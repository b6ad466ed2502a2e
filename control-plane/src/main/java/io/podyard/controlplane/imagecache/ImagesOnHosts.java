package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.containergroup.ImagesOfGroup;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.HostImage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What this process knows of the images that hosts have, and the table by which all processes know
 * it. Nothing of it has to be true: what is missing or stale makes a preference worse, and is put
 * right when its host is looked at again, so nothing is written under an epoch.
 */
@Component
class ImagesOnHosts {

  /** So many are known, those that were seen last. */
  private static final int MOST = 200_000;

  /** All is read again although nothing seems to have changed. */
  private static final Duration READ_ANYWAY = Duration.ofMinutes(1);

  private static final String SELECT =
      """
      select i.host_id, h.region, i.account_id, i.image, i.digest, i.bytes, i.changed_at
      from host_image i join host h on h.id = i.host_id
      """;

  /** What differs when rows came or went, but for commits that overtake one another. */
  private record Stamp(long rows, @Nullable Instant newest) {}

  private record Row(HostId host, HostedImage.Content content) {}

  private final JdbcTemplate jdbc;
  private final HostImageIndex index = new HostImageIndex();
  private @Nullable Stamp stamp;
  private long readAt;
  private volatile boolean known;

  ImagesOnHosts(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Whether the table was read at all. */
  boolean areKnown() {
    return known;
  }

  /** Reads what the processes wrote, if that has changed. */
  synchronized void read() {
    Stamp now =
        Objects.requireNonNull(
            jdbc.queryForObject(
                "select count(*), max(changed_at) as newest from host_image",
                (row, n) -> new Stamp(row.getLong(1), ImageCacheRows.instant(row, "newest"))));
    boolean anyway = System.nanoTime() - readAt >= READ_ANYWAY.toNanos();
    if (known && !anyway && now.equals(stamp)) {
      return;
    }
    index.replace(
        jdbc.query(SELECT + " order by i.changed_at desc limit ?", (row, n) -> hosted(row), MOST));
    stamp = now;
    readAt = System.nanoTime();
    known = true;
  }

  /**
   * Notes what a host has; writes only what is new or gone, as far as this process knows.
   *
   * @param images all of them, what was fetched last first
   */
  void note(HostId host, Collection<HostImage> images) {
    Set<HostedImage.Content> found = HostedImage.kept(images);
    Set<HostedImage.Content> before =
        index.of(host).stream().map(HostedImage::content).collect(Collectors.toSet());
    if (!found.equals(before)) {
      write(host, found, before);
    }
  }

  /** One host after the other: creates need the connections more. */
  private synchronized void write(
      HostId host, Set<HostedImage.Content> found, Set<HostedImage.Content> before) {
    // What was read before may look like what comes after this, and is not the same.
    stamp = null;
    Set<HostedImage.Content> gone = new HashSet<>(before);
    gone.removeAll(found);
    if (!gone.isEmpty()) {
      delete(rows(host, gone));
    }
    Set<HostedImage.Content> fresh = new HashSet<>(found);
    fresh.removeAll(before);
    if (!fresh.isEmpty()) {
      insert(rows(host, fresh));
    }
    index.replace(
        host, jdbc.query(SELECT + " where i.host_id = ?", (row, n) -> hosted(row), host.value()));
  }

  private static List<Row> rows(HostId host, Set<HostedImage.Content> contents) {
    List<Row> rows = new ArrayList<>();
    contents.forEach(content -> rows.add(new Row(host, content)));
    return rows;
  }

  private void delete(List<Row> rows) {
    jdbc.update(
        """
        delete from host_image i
        using unnest(?::text[], ?::text[], ?::text[]) as gone (host_id, account_id, image)
        where i.host_id = gone.host_id and i.account_id = gone.account_id and i.image = gone.image
        """,
        Columns.of(rows)
            .text(row -> row.host().value())
            .text(row -> row.content().account())
            .text(row -> row.content().image()));
  }

  private void insert(List<Row> rows) {
    jdbc.update(
        """
        insert into host_image (host_id, account_id, image, digest, bytes)
        select found.host_id, found.account_id, found.image, found.digest, found.bytes
        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::int8[])
          as found (host_id, account_id, image, digest, bytes)
        join host h on h.id = found.host_id
        on conflict (host_id, account_id, image) do update
        set digest = excluded.digest, bytes = excluded.bytes, changed_at = now()
        where (host_image.digest, host_image.bytes)
          is distinct from (excluded.digest, excluded.bytes)
        """,
        Columns.of(rows)
            .text(row -> row.host().value())
            .text(row -> row.content().account())
            .text(row -> row.content().image())
            .text(row -> row.content().digest())
            .bigint(row -> row.content().bytes()));
  }

  private static HostedImage hosted(ResultSet row) throws SQLException {
    return new HostedImage(
        new HostId(row.getString(1)),
        new RegionId(row.getString(2)),
        new HostedImage.Content(
            row.getString(3), row.getString(4), row.getString(5), row.getLong(6)),
        Objects.requireNonNull(ImageCacheRows.instant(row, "changed_at")));
  }

  /** Whether it is known that a host has an image for groups of an account. */
  boolean has(HostId host, AccountId account, String image) {
    return index.has(host, account, image);
  }

  /** How much hosts have of the images of a group; from memory. */
  Map<HostId, Integer> hosts(ImagesOfGroup images) {
    return index.hosts(images);
  }
}
