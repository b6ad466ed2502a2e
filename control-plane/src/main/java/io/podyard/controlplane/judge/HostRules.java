package io.podyard.controlplane.judge;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The rules that only a look at the hosts can show broken. */
final class HostRules {

  private record Stored(String host, String status, boolean released) {}

  private final JdbcTemplate jdbc;
  private final InstallationId installation;
  private final Map<HostId, GroupRuntime> hosts;

  HostRules(JdbcTemplate jdbc, InstallationId installation, Map<HostId, GroupRuntime> hosts) {
    this.jdbc = jdbc;
    this.installation = installation;
    this.hosts = hosts;
  }

  /**
   * @throws RuntimeUnavailableException if a host does not answer: then nothing can be said
   */
  List<Violation> look() throws RuntimeUnavailableException {
    Map<ContainerGroupId, List<HostId>> where = new HashMap<>();
    Map<ContainerGroupId, FoundGroup> found = new HashMap<>();
    for (Map.Entry<HostId, GroupRuntime> host : hosts.entrySet()) {
      for (FoundGroup group : host.getValue().list(installation, host.getKey())) {
        where.computeIfAbsent(group.group(), id -> new ArrayList<>()).add(host.getKey());
        found.put(group.group(), group);
      }
    }
    Map<ContainerGroupId, Stored> stored = stored();
    List<Violation> violations = new ArrayList<>();
    where.forEach((id, on) -> places(id, on, stored.get(id), violations));
    found.values().forEach(group -> attempts(group, violations));
    stored.forEach((id, group) -> presence(id, group, found.get(id), violations));
    return violations;
  }

  private static void places(
      ContainerGroupId id, List<HostId> on, @Nullable Stored stored, List<Violation> violations) {
    if (on.size() > 1) {
      violations.add(new Violation(Rule.ONE_HOST, id.value(), "is on " + on));
    }
    if (stored == null || stored.released()) {
      violations.add(
          new Violation(Rule.CONTAINERS, id.value(), "is on " + on + " but nobody knows it"));
      return;
    }
    for (HostId host : on) {
      if (!host.value().equals(stored.host())) {
        violations.add(
            new Violation(
                Rule.ONE_HOST, id.value(), "is on %s, not on %s".formatted(host, stored.host())));
      }
    }
  }

  private static void attempts(FoundGroup group, List<Violation> violations) {
    if (group.sandboxes() > 1) {
      violations.add(
          new Violation(
              Rule.CONTAINERS, group.group().value(), "has " + group.sandboxes() + " sandboxes"));
    }
    Set<String> running = new HashSet<>();
    for (FoundGroup.FoundContainer container : group.containers()) {
      if (container.running() && !running.add(container.name())) {
        violations.add(
            new Violation(
                Rule.CONTAINERS, group.group().value(), "runs " + container.name() + " twice"));
      }
    }
  }

  private static void presence(
      ContainerGroupId id, Stored stored, @Nullable FoundGroup found, List<Violation> violations) {
    boolean running = stored.status().equals("Running");
    if (running && (found == null || found.containers().isEmpty())) {
      violations.add(
          new Violation(Rule.CONTAINERS, id.value(), "is Running without any container"));
    }
  }

  private Map<ContainerGroupId, Stored> stored() {
    Map<ContainerGroupId, Stored> groups = new HashMap<>();
    jdbc.query(
        "select id, host_id, status, released_at is not null from container_group where host_id is not null",
        row -> {
          groups.put(
              new ContainerGroupId(row.getString(1)),
              new Stored(row.getString(2), row.getString(3), row.getBoolean(4)));
        });
    return groups;
  }
}
