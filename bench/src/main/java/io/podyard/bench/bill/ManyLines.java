package io.podyard.bench.bill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Fills a server's database with a month of settled lines of one account, and adds them up raw. */
final class ManyLines {

  /** Hours of a month of thirty days. */
  private static final int HOURS = 720;

  private static final int TEAMS = 20;

  /** The present one: the server closes earlier ones. */
  static final String MONTH = YearMonth.now(ZoneOffset.UTC).toString();

  private static final String FIRST_HOUR = MONTH + "-01T00:00Z";

  private final Connection database;
  private final String account;

  ManyLines(Connection database, String account) {
    this.database = database;
    this.account = account;
  }

  /**
   * Two lines for each group and hour, at least so many and so that all hours have as many.
   *
   * @return how many groups they are of
   */
  int fill(int lines) throws SQLException {
    int groups = Math.max(1, Math.ceilDiv(lines, 2 * HOURS));
    String lineOfGroup =
        """
        insert into charge_line (account_id, hour, resource_kind, resource_id, id, revision,
          bill_month, region, zone, item, kind, list_price, unit_price, currency, units, amount)
        select '%1$s', '%2$s'::timestamptz + make_interval(hours => h), 'container-group',
               'eci-' || lpad(g::text, 20, '0'), gen_random_uuid(), 0, '%3$s-01', 'cn-hangzhou',
               'cn-hangzhou-b', i.item, 'usage', i.price, i.price, 'CNY', u.units,
               u.units * i.price
        from generate_series(0, %4$d) h cross join generate_series(1, %5$d) g
             cross join (values ('vcpu', 0.000049), ('memory', 0.00000613)) i (item, price)
             cross join lateral (select (1 + (h * 7919 + g * 104729) %% 7200)::numeric as units) u
        """;
    String tags =
        """
        insert into billed_resource (account_id, resource_kind, resource_id, from_hour, name, tags)
        select '%1$s', 'container-group', 'eci-' || lpad(g::text, 20, '0'), '%2$s', 'bench-' || g,
               jsonb_build_object('team', 'team-' || g %% %6$d, 'env', 'prod')
        from generate_series(1, %5$d) g
        """;
    try (Statement statement = database.createStatement()) {
      for (String sql : List.of(lineOfGroup, tags)) {
        int _ =
            statement.executeUpdate(
                sql.formatted(account, FIRST_HOUR, MONTH, HOURS - 1, groups, TEAMS));
      }
      // As PostgreSQL does by itself some time after so much was written.
      boolean _ = statement.execute("vacuum analyze charge_line, billed_resource");
    }
    return groups;
  }

  /**
   * The sums by tag, as one writes it by hand.
   *
   * @return value and sum, the largest first
   */
  List<String> sums() throws SQLException {
    try (PreparedStatement statement =
        database.prepareStatement(
            """
            select coalesce(b.tags ->> 'team', ''), trim_scale(sum(l.amount))
            from charge_line l left join billed_resource b
              on b.account_id = l.account_id and b.resource_kind = l.resource_kind
             and b.resource_id = l.resource_id and l.hour >= b.from_hour and l.hour < b.to_hour
            where l.account_id = ? and l.bill_month = ?::date
            group by 1 order by 2 desc, 1
            """)) {
      statement.setString(1, account);
      statement.setString(2, MONTH + "-01");
      List<String> sums = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          sums.add(rows.getString(1) + "=" + rows.getBigDecimal(2).toPlainString());
        }
      }
      return sums;
    }
  }
}
