package io.podyard.controlplane.containergroup;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.GroupLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The groups whose use is to be looked at, and what they may use. */
@Component
public class SampledGroups {

  /** Specs that are read in one statement. */
  private static final int MOST_AT_ONCE = 500;

  /**
   * A group on a host.
   *
   * @param runs whether its containers are meant to run by now, so that there should be something
   *     to see
   * @param generation of the spec that the limits are from
   */
  public record SampledGroup(HostId host, boolean runs, long generation, GroupLimits limits) {}

  private record Listed(ContainerGroupId id, HostId host, boolean runs, long generation) {}

  private record ContainerLimit(ContainerGroupId group, String container, Size size) {}

  private record GroupSize(ContainerGroupId id, long generation, Size size) {}

  private final JdbcTemplate jdbc;

  public SampledGroups(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * All of some shards that have containers on their hosts. The specs are read only of those that
   * are new or have changed.
   *
   * @param known from last time
   */
  public Map<ContainerGroupId, SampledGroup> of(
      Collection<Integer> shards, Map<ContainerGroupId, SampledGroup> known) {
    List<Listed> listed =
        jdbc.query(
            """
            select id, host_id, status = 'Running', generation from container_group
            where shard = any(?::int4[]) and host_id is not null and released_at is null
              and status in ('Pending', 'Running', 'Restarting', 'Updating', 'Terminating')
            """,
            statement ->
                statement.setArray(
                    1, statement.getConnection().createArrayOf("int4", shards.toArray())),
            (row, n) ->
                new Listed(
                    new ContainerGroupId(row.getString(1)),
                    new HostId(row.getString(2)),
                    row.getBoolean(3),
                    row.getLong(4)));
    Map<ContainerGroupId, SampledGroup> groups = new HashMap<>();
    List<Listed> unknown = new ArrayList<>();
    for (Listed one : listed) {
      SampledGroup before = known.get(one.id());
      if (before != null && before.generation() == one.generation()) {
        groups.put(
            one.id(), new SampledGroup(one.host(), one.runs(), one.generation(), before.limits()));
      } else {
        unknown.add(one);
      }
    }
    for (int i = 0; i < unknown.size(); i += MOST_AT_ONCE) {
      groups.putAll(read(unknown.subList(i, Math.min(i + MOST_AT_ONCE, unknown.size()))));
    }
    return groups;
  }

  private Map<ContainerGroupId, SampledGroup> read(List<Listed> listed) {
    Object[] ids = listed.stream().map(one -> one.id().value()).toArray();
    Map<ContainerGroupId, GroupSize> sizes = new HashMap<>();
    jdbc.query(
            """
            select id, generation, milli_cpu, memory_mib from container_group
            where id = any(?::text[])
            """,
            statement ->
                statement.setArray(1, statement.getConnection().createArrayOf("text", ids)),
            (row, n) ->
                new GroupSize(
                    new ContainerGroupId(row.getString(1)),
                    row.getLong(2),
                    Size.of(row.getInt(3), row.getInt(4))))
        .forEach(size -> sizes.put(size.id(), size));
    Map<ContainerGroupId, Map<String, Size>> containers = new HashMap<>();
    jdbc.query(
            """
            select g.id, c ->> 'name', c #>> '{size,cpu,value}', c #>> '{size,memory,value}'
            from container_group g cross join lateral (
              select jsonb_array_elements(g.spec -> 'initContainers') as c
              union all
              select jsonb_array_elements(g.spec -> 'containers')) of
            where g.id = any(?::text[]) and c -> 'size' is not null and c -> 'size' <> 'null'
            """,
            statement ->
                statement.setArray(1, statement.getConnection().createArrayOf("text", ids)),
            SampledGroups::limit)
        .forEach(
            limit ->
                containers
                    .computeIfAbsent(limit.group(), _ -> new HashMap<>())
                    .put(limit.container(), limit.size()));
    Map<ContainerGroupId, SampledGroup> groups = new HashMap<>();
    for (Listed one : listed) {
      GroupSize size = sizes.get(one.id());
      if (size != null) {
        groups.put(
            one.id(),
            new SampledGroup(
                one.host(),
                one.runs(),
                // Read before the limits: those of a later generation are read again.
                Math.min(one.generation(), size.generation()),
                new GroupLimits(
                    one.id(), size.size(), containers.getOrDefault(one.id(), Map.of()))));
      }
    }
    return groups;
  }

  private static ContainerLimit limit(ResultSet row, int number) throws SQLException {
    return new ContainerLimit(
        new ContainerGroupId(row.getString(1)),
        row.getString(2),
        Size.of(Integer.parseInt(row.getString(3)), Integer.parseInt(row.getString(4))));
  }
}
