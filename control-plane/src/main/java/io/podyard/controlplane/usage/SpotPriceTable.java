package io.podyard.controlplane.usage;

import io.podyard.billing.ItemPattern;
import io.podyard.billing.RegionPattern;
import io.podyard.billing.SpotShare;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The time series of spot prices in the database: rows are added, one at a time, and never changed,
 * so that their ids are in the order of their commits.
 */
@Component
public class SpotPriceTable {

  /**
   * Nobody waits for the first second of a price for longer, and every process has read it by then.
   */
  static final Duration AHEAD = Prices.TRUSTED.plusSeconds(5);

  /** A stored price. */
  public record Row(long id, SpotShare share) {}

  private static final String OF_ALL = "id, region, zone, share, valid_from, '*' as items";
  private static final String OF_ITEMS = "id, region, zone, share, valid_from, items";

  private static final String FROM =
      """
      coalesce(?::timestamptz,
               date_trunc('second', now() + make_interval(secs => ?), 'UTC'))
      """;

  private static final String ADD =
      "insert into spot_price (region, zone, share, valid_from) values (?, ?, ?, %s) returning %s"
          .formatted(FROM, OF_ALL);

  private static final String ADD_OF_ITEMS =
      """
      insert into spot_item_price (region, zone, share, valid_from, items) values (?, ?, ?, %s, ?)
      returning %s
      """
          .formatted(FROM, OF_ITEMS);

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  public SpotPriceTable(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /** Those of all items that were added after one, in their order. */
  List<Row> after(long id) {
    return jdbc.query(
        "select " + OF_ALL + " from spot_price where id > ? order by id", (row, n) -> row(row), id);
  }

  /** Those of some items; they are numbered by themselves. */
  List<Row> ofItemsAfter(long id) {
    return jdbc.query(
        "select " + OF_ITEMS + " from spot_item_price where id > ? order by id",
        (row, n) -> row(row),
        id);
  }

  /** Of a region, those that begin last first: its own and those of patterns that match it. */
  public List<Row> of(RegionId region, @Nullable ZoneId zone, int most) {
    return jdbc
        .query(
            "select * from (select "
                + OF_ALL
                + " from spot_price union all select "
                + OF_ITEMS
                + " from spot_item_price) as prices where (?::text is null or zone in ('', ?))"
                + " and ? like replace(region, '*', '%')"
                + " order by valid_from desc, items, id desc limit ?",
            (row, n) -> row(row),
            zone == null ? null : zone.value(),
            zone == null ? null : zone.value(),
            region.value(),
            most)
        .stream()
        .toList();
  }

  /** Adds one that counts everywhere from now on, if there is none at all. */
  boolean fillIfEmpty(BigDecimal share) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              lock();
              return jdbc.update(
                      """
                      insert into spot_price (region, share, valid_from)
                      select '*', ?, date_trunc('second', now(), 'UTC')
                      where not exists (select 1 from spot_price)
                      """,
                      share)
                  == 1;
            }));
  }

  /**
   * Adds a price.
   *
   * @param zone null for all of the region
   * @param items of what it is the price
   * @param from its first second; null for as soon as everybody knows it
   * @return empty if it would begin before now, or another one begins then
   */
  public Optional<Row> add(
      RegionId region,
      @Nullable ZoneId zone,
      ItemPattern items,
      BigDecimal share,
      @Nullable Instant from) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(region.value());
    values.add(zone == null ? "" : zone.value());
    values.add(share);
    values.add(from == null ? null : from.atOffset(ZoneOffset.UTC));
    values.add(AHEAD.toSeconds());
    boolean ofAll = items.equals(ItemPattern.ALL);
    if (!ofAll) {
      values.add(items.value());
    }
    try {
      return Optional.ofNullable(
          transaction.execute(
              status -> {
                lock();
                return jdbc.query(
                        ofAll ? ADD : ADD_OF_ITEMS, (row, n) -> row(row), values.toArray())
                    .getFirst();
              }));
    } catch (DataIntegrityViolationException e) {
      return Optional.empty();
    }
  }

  private void lock() {
    jdbc.query("select pg_advisory_xact_lock(hashtext('spot prices'))", row -> {});
  }

  private static Row row(ResultSet row) throws SQLException {
    String zone = row.getString(3);
    return new Row(
        row.getLong(1),
        new SpotShare(
            new RegionPattern(row.getString(2)),
            zone.isEmpty() ? null : new ZoneId(zone),
            new ItemPattern(row.getString(6)),
            row.getBigDecimal(4),
            Objects.requireNonNull(row.getObject(5, OffsetDateTime.class)).toInstant()));
  }
}
