package io.podyard.controlplane.judge;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A way in which the tables show a rule broken.
 *
 * @param sql gives a row for each violation: its subject and a message
 */
record DatabaseCheck(Rule rule, String sql) {

  /**
   * All groups there ever were, as far as they are known: {@code where true} and more may follow.
   */
  static final String ALL_GROUPS =
      """
      with groups as (
        select id, account_id, region, zone, status, reason, message, state, milli_cpu, memory_mib,
               goal, spec, kept, false as over
        from container_group
        union all
        select id, account_id, region, record ->> 'zone', status, record ->> 'reason',
               record ->> 'message', record -> 'state',
               (record ->> 'milli_cpu')::int4, (record ->> 'memory_mib')::int4,
               record ->> 'goal', record -> 'spec', record -> 'kept', true
        from container_group_history)
      """;

  List<Violation> look(JdbcTemplate jdbc) {
    List<Violation> violations = new ArrayList<>();
    jdbc.query(
        sql,
        row -> {
          violations.add(violation(row.getString(1), row.getString(2)));
        });
    return violations;
  }

  /** The check is what a violation is known by: its message has numbers and states in it. */
  Violation violation(String subject, String message) {
    return new Violation(rule, subject, sql, message);
  }
}
