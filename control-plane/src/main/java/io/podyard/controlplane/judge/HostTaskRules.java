package io.podyard.controlplane.judge;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;

/** That hosts keep images and captures only for tasks that are under way on them. */
final class HostTaskRules {

  private final JdbcTemplate jdbc;
  private final InstallationId installation;
  private final Map<HostId, GroupRuntime> hosts;

  HostTaskRules(JdbcTemplate jdbc, InstallationId installation, Map<HostId, GroupRuntime> hosts) {
    this.jdbc = jdbc;
    this.installation = installation;
    this.hosts = hosts;
  }

  /**
   * @throws RuntimeUnavailableException if a host does not answer: then nothing can be said
   */
  List<Violation> look() throws RuntimeUnavailableException {
    List<Violation> violations = new ArrayList<>();
    for (Map.Entry<HostId, GroupRuntime> entry : hosts.entrySet()) {
      HostId host = entry.getKey();
      GroupRuntime runtime = entry.getValue();
      compare(violations, host, "an image", "commit_task", runtime.committed(installation, host));
      compare(violations, host, "a capture", "ops_task", runtime.captures(installation, host));
    }
    return violations;
  }

  private void compare(
      List<Violation> violations, HostId host, String what, String table, Set<String> found) {
    if (found.isEmpty()) {
      return;
    }
    Map<String, Boolean> known = new HashMap<>();
    jdbc.query(
        "select id, cleared_at is null and host_id = ? from " + table + " where id = any(?)",
        statement -> {
          statement.setString(1, host.value());
          statement.setArray(2, statement.getConnection().createArrayOf("text", found.toArray()));
        },
        row -> {
          known.put(row.getString(1), row.getBoolean(2));
        });
    for (String task : found) {
      Boolean underWay = known.get(task);
      if (!Boolean.TRUE.equals(underWay)) {
        violations.add(
            new Violation(
                Rule.TASKS,
                task,
                "has %s on %s, but is %s"
                    .formatted(what, host, underWay == null ? "unknown" : "over there")));
      }
    }
  }
}
