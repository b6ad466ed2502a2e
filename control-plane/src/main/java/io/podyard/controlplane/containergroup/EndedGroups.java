package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Groups whose record is over while a host may still keep their logs. The note of it commits with
 * the end of the record, so no crash makes a host keep them for ever.
 */
@Component
public class EndedGroups {

  /** So that a host that does not answer cannot keep the others from being looked at. */
  private static final int MOST_PER_HOST = 100;

  private final JdbcTemplate jdbc;

  public EndedGroups(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** What is left on the hosts of a shard, those that ended first first. */
  public List<GroupRemains> remains(int shard) {
    return jdbc.query(
        """
        select r.group_id, r.host_id, r.containers
        from host h cross join lateral (
          select * from group_remains where host_id = h.id order by ended_at limit ?) r
        where h.shard = ?
        """,
        (row, n) ->
            new GroupRemains(
                new ContainerGroupId(row.getString(1)),
                new HostId(row.getString(2)),
                List.of((String[]) row.getArray(3).getArray())),
        MOST_PER_HOST,
        shard);
  }

  /** Something was found on a host and removed; if it has no record, its logs are to go too. */
  public void found(GroupRemains remains) {
    jdbc.update(
        connection -> {
          var statement =
              connection.prepareStatement(
                  """
                  insert into group_remains (group_id, host_id, containers)
                  select ?, ?, ? where not exists (select 1 from container_group where id = ?)
                  on conflict do nothing
                  """);
          statement.setString(1, remains.group().value());
          statement.setString(2, remains.host().value());
          statement.setArray(3, connection.createArrayOf("text", remains.containers().toArray()));
          statement.setString(4, remains.group().value());
          return statement;
        });
  }

  /** The hosts keep nothing of these any more. */
  public void forgotten(List<GroupRemains> remains) {
    if (remains.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        delete from group_remains r using unnest(?::text[], ?::text[]) as f (group_id, host_id)
        where r.group_id = f.group_id and r.host_id = f.host_id
        """,
        Columns.of(remains).text(r -> r.group().value()).text(r -> r.host().value()));
  }
}
