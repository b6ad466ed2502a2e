package io.podyard.controlplane.usage;

import io.podyard.billing.Price;
import io.podyard.billing.PriceBookFile;
import io.podyard.controlplane.account.Author;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Who changed prices, when and how. Rows are added in the transaction of the change and stay. */
@Component
public class PriceChangeLog {

  /**
   * A change.
   *
   * @param by who made it; null for the server itself, with the prices that it ships
   * @param gone the prices that went, as the list in a {@link PriceBookFile}
   * @param added the prices that came, in the same form
   */
  public record Entry(long id, Instant at, @Nullable Author by, String gone, String added) {}

  private final JdbcTemplate jdbc;

  public PriceChangeLog(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Notes a change, in the caller's transaction.
   *
   * @param by null for the server itself
   * @return its id
   */
  public long add(@Nullable Author by, List<Price> gone, List<Price> added) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            """
            insert into price_change (account_id, access_key_id, request_id, gone, added)
            values (?, ?, ?, ?::jsonb, ?::jsonb) returning id
            """,
            Long.class,
            by == null ? null : by.account().value(),
            by == null ? null : by.key().value(),
            by == null ? null : by.requestId(),
            PriceBookFile.list(gone),
            PriceBookFile.list(added)));
  }

  /**
   * Changes, the last one first.
   *
   * @param before the last one of the page before, null for the first page
   */
  public List<Entry> page(@Nullable Long before, int limit) {
    return jdbc.query(
        """
        select id, changed_at, account_id, access_key_id, request_id, gone, added from price_change
        where ?::bigint is null or id < ? order by id desc limit ?
        """,
        (row, n) -> entry(row),
        before,
        before,
        limit);
  }

  private static Entry entry(ResultSet row) throws SQLException {
    String account = row.getString(3);
    return new Entry(
        row.getLong(1),
        Objects.requireNonNull(row.getObject(2, OffsetDateTime.class)).toInstant(),
        account == null
            ? null
            : new Author(
                new AccountId(account), new AccessKeyId(row.getString(4)), row.getString(5)),
        row.getString(6),
        row.getString(7));
  }
}
