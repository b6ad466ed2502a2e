package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Moves records that are over to the history. Sealed passwords stay behind, and it is noted what
 * the host may still keep (see {@link EndedGroups}). What never got a final status was deleted; its
 * record says so.
 */
final class GroupHistory {

  private GroupHistory() {}

  /** Inside the caller's transaction. */
  static void move(JdbcTemplate jdbc, List<ContainerGroupId> groups) {
    if (groups.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        with over as (delete from container_group where id = any(?::text[]) returning *),
             remains as (
               insert into group_remains (group_id, host_id, containers)
               select id, host_id,
                      array(select c ->> 'name' from jsonb_array_elements(state -> 'containers') c)
               from over where host_id is not null
               on conflict do nothing)
        insert into container_group_history
          (id, account_id, region, name, status, record, created_at, ended_at)
        select id, account_id, region, name, status,
               jsonb_set(to_jsonb(over), '{spec,registryCredentials}', '[]')
                 || case when final_at is null and deleted_at is null
                      then jsonb_build_object('deleted_at', now()) else '{}' end,
               created_at, now()
        from over
        """,
        Columns.of(groups).text(ContainerGroupId::value));
  }
}
