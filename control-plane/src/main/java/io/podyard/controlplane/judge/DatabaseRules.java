package io.podyard.controlplane.judge;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** The rules that the tables alone can show broken. */
final class DatabaseRules {

  static final List<DatabaseCheck> CHECKS =
      Stream.of(
              RecordChecks.ALL,
              CapacityChecks.ALL,
              UsageChecks.ALL,
              LifeChecks.ALL,
              HostLifeChecks.ALL,
              QuotaChecks.ALL,
              DiskChecks.ALL,
              TaskChecks.ALL,
              ImageCacheChecks.ALL,
              DataCacheChecks.ALL,
              DataCacheChargeChecks.ALL,
              AddressChecks.ALL,
              SpotChecks.ALL,
              ChargeChecks.ALL,
              BillChecks.ALL,
              SpendingChecks.ALL)
          .flatMap(List::stream)
          .toList();

  /** All of them in one statement, which sees one state of the tables and is asked for once. */
  private static final String ALL =
      IntStream.range(0, CHECKS.size())
          .mapToObj(
              i ->
                  "select %d, c.* from (%s) c (subject, message)".formatted(i, CHECKS.get(i).sql()))
          .collect(Collectors.joining("\nunion all\n"));

  private DatabaseRules() {}

  static List<Violation> look(JdbcTemplate jdbc) {
    return jdbc.query(
        connection -> connection.prepareStatement(ALL),
        (row, n) -> CHECKS.get(row.getInt(1)).violation(row.getString(2), row.getString(3)));
  }
}
