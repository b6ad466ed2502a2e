package io.podyard.controlplane.judge;

import java.util.List;
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
              AddressChecks.ALL,
              SpotChecks.ALL)
          .flatMap(List::stream)
          .toList();

  private DatabaseRules() {}

  static List<Violation> look(JdbcTemplate jdbc) {
    return CHECKS.stream().flatMap(check -> check.look(jdbc).stream()).toList();
  }
}
