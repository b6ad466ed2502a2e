package io.podyard.controlplane.judge;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** That hosts keep the disks that the tables say they keep, and no others. */
final class HostDiskRules {

  /**
   * What the tables say of a disk.
   *
   * @param used whether a group that runs has it
   */
  private record StoredDisk(@Nullable String host, boolean removed, boolean used) {}

  private final JdbcTemplate jdbc;
  private final InstallationId installation;
  private final Map<HostId, GroupRuntime> hosts;

  HostDiskRules(JdbcTemplate jdbc, InstallationId installation, Map<HostId, GroupRuntime> hosts) {
    this.jdbc = jdbc;
    this.installation = installation;
    this.hosts = hosts;
  }

  /**
   * @throws RuntimeUnavailableException if a host does not answer: then nothing can be said
   */
  List<Violation> look() throws RuntimeUnavailableException {
    Map<String, List<String>> keepers = new HashMap<>();
    for (Map.Entry<HostId, GroupRuntime> host : hosts.entrySet()) {
      for (String disk : host.getValue().disks(installation, host.getKey())) {
        keepers.computeIfAbsent(disk, id -> new ArrayList<>()).add(host.getKey().value());
      }
    }
    Map<String, StoredDisk> stored = stored();
    List<Violation> violations = new ArrayList<>();
    keepers.forEach(
        (id, where) -> {
          StoredDisk disk = stored.get(id);
          if (disk == null || disk.removed()) {
            violations.add(
                new Violation(
                    Rule.DISKS,
                    id,
                    "unwanted",
                    "is on %s but %s".formatted(where, disk == null ? "unknown" : "was removed")));
          } else if (!where.equals(List.of(String.valueOf(disk.host())))) {
            violations.add(
                new Violation(
                    Rule.DISKS,
                    id,
                    "elsewhere",
                    "is on %s, not just on %s".formatted(where, disk.host())));
          }
        });
    stored.forEach(
        (id, disk) -> {
          boolean seen = hosts.keySet().stream().anyMatch(h -> h.value().equals(disk.host()));
          if (disk.used() && seen && !keepers.containsKey(id)) {
            violations.add(
                new Violation(
                    Rule.DISKS, id, "is in use, but %s has it not".formatted(disk.host())));
          }
        });
    return violations;
  }

  private Map<String, StoredDisk> stored() {
    Map<String, StoredDisk> disks = new HashMap<>();
    jdbc.query(
        """
        select v.id, v.host_id, v.removed_at is not null,
               coalesce(g.status = 'Running' and g.state ->> 'phase' = 'RUNNING', false)
        from persistent_volume v left join container_group g on g.id = v.attached_to
        """,
        row -> {
          disks.put(
              row.getString(1),
              new StoredDisk(row.getString(2), row.getBoolean(3), row.getBoolean(4)));
        });
    return disks;
  }
}
