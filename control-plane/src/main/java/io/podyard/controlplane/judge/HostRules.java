package io.podyard.controlplane.judge;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.FoundGroup;
import io.podyard.runtime.FoundGroup.FoundContainer;
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

  /** What the tables say of a container. */
  private record StoredContainer(int attempt, boolean running) {}

  /** What the tables say of a group that may have something on a host. */
  private record StoredGroup(
      String host, boolean ended, boolean released, Map<String, StoredContainer> containers) {}

  /** What is on one host of one group. */
  private record Place(HostId host, FoundGroup found) {}

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
    Map<ContainerGroupId, List<Place>> places = new HashMap<>();
    for (Map.Entry<HostId, GroupRuntime> host : hosts.entrySet()) {
      for (FoundGroup group : host.getValue().list(installation, host.getKey())) {
        places
            .computeIfAbsent(group.group(), id -> new ArrayList<>())
            .add(new Place(host.getKey(), group));
      }
    }
    Map<ContainerGroupId, StoredGroup> stored = stored();
    List<Violation> violations = new ArrayList<>();
    places.forEach(
        (id, where) -> {
          places(id, where, stored.get(id), violations);
          where.forEach(place -> contents(place.found(), violations));
        });
    stored.forEach(
        (id, group) -> agreement(id, group, places.getOrDefault(id, List.of()), violations));
    return violations;
  }

  private static void places(
      ContainerGroupId id,
      List<Place> where,
      @Nullable StoredGroup stored,
      List<Violation> violations) {
    List<HostId> on = where.stream().map(Place::host).toList();
    if (stored == null || stored.released()) {
      violations.add(
          new Violation(
              Rule.CONTAINERS, id.value(), "unknown", "is on " + on + " but nobody knows it"));
    } else if (on.size() > 1 || !on.getFirst().value().equals(stored.host())) {
      violations.add(
          new Violation(
              Rule.ONE_HOST,
              id.value(),
              "elsewhere",
              "is on %s, not just on %s".formatted(on, stored.host())));
    }
  }

  /** What is wrong whatever the tables say. */
  private static void contents(FoundGroup found, List<Violation> violations) {
    String id = found.group().value();
    if (found.sandboxes() != 1) {
      violations.add(
          new Violation(
              Rule.CONTAINERS, id, "sandboxes", "has %d sandboxes".formatted(found.sandboxes())));
    }
    Set<String> running = new HashSet<>();
    for (FoundContainer container : found.containers()) {
      if (container.running() && !running.add(container.name())) {
        violations.add(new Violation(Rule.CONTAINERS, id, "runs " + container.name() + " twice"));
      }
    }
  }

  /** Where the hosts and the tables say different things of a group. */
  private static void agreement(
      ContainerGroupId id, StoredGroup stored, List<Place> places, List<Violation> violations) {
    List<FoundContainer> found =
        places.stream().flatMap(place -> place.found().containers().stream()).toList();
    for (FoundContainer container : stored.released() ? List.<FoundContainer>of() : found) {
      StoredContainer known = stored.containers().get(container.name());
      if (known == null || known.attempt() != container.attempt()) {
        violations.add(
            new Violation(
                Rule.CONTAINERS,
                id.value(),
                "has attempt %d at %s, which nobody wanted any more"
                    .formatted(container.attempt(), container.name())));
      } else if (stored.ended() && container.running()) {
        violations.add(
            new Violation(Rule.CONTAINERS, id.value(), "has ended but runs " + container.name()));
      }
    }
    stored
        .containers()
        .forEach(
            (name, container) -> {
              boolean there = found.stream().anyMatch(c -> c.name().equals(name) && c.running());
              if (container.running() && !stored.ended() && !there) {
                violations.add(new Violation(Rule.CONTAINERS, id.value(), "should run " + name));
              }
            });
  }

  private Map<ContainerGroupId, StoredGroup> stored() {
    Map<ContainerGroupId, StoredGroup> groups = new HashMap<>();
    jdbc.query(
        """
        select g.id, g.host_id, g.final_at is not null, g.released_at is not null,
               c ->> 'name', (c ->> 'attempt')::int4, c #>> '{current,kind}' = 'running'
        from container_group g cross join jsonb_array_elements(g.state -> 'containers') c
        where g.host_id is not null
        """,
        row -> {
          String host = row.getString(2);
          boolean ended = row.getBoolean(3);
          boolean released = row.getBoolean(4);
          groups
              .computeIfAbsent(
                  new ContainerGroupId(row.getString(1)),
                  id -> new StoredGroup(host, ended, released, new HashMap<>()))
              .containers()
              .put(row.getString(5), new StoredContainer(row.getInt(6), row.getBoolean(7)));
        });
    return groups;
  }
}
