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
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** That hosts keep things only for tasks that are under way on them, and for caches there are. */
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
      Set<String> images = runtime.committed(installation, host);
      compare(violations, host, Rule.TASKS, "an image", "commit_task", images);
      Set<String> captures = runtime.captures(installation, host);
      compare(violations, host, Rule.TASKS, "a capture", "ops_task", captures);
      Set<String> copies = copies(runtime.held(installation, host), host);
      compare(violations, host, Rule.IMAGE_CACHES, "held images", "image_cache_copy", copies);
      Set<String> data = copies(runtime.heldData(installation, host), host);
      compare(violations, host, Rule.DATA_CACHES, "held data", "data_cache_copy", data);
    }
    return violations;
  }

  private static Set<String> copies(Set<String> keys, HostId host) {
    return keys.stream().map(key -> key + "@" + host).collect(Collectors.toSet());
  }

  private void compare(
      List<Violation> violations,
      HostId host,
      Rule rule,
      String what,
      String table,
      Set<String> found) {
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
                rule,
                task,
                what + " on " + host,
                "has %s on %s, but is %s"
                    .formatted(what, host, underWay == null ? "unknown" : "over there")));
      }
    }
  }
}
