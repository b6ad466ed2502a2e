package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.VSwitchUse;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.model.ContainerGroupId;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Which groups are in a vSwitch, or wait and may yet be. */
@Component
class GroupsInVSwitches implements VSwitchUse {

  private final JdbcTemplate jdbc;

  GroupsInVSwitches(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Optional<ContainerGroupId> groupIn(VSwitches.Key vSwitch) {
    return jdbc
        .query(
            """
            select id from container_group
            where account_id = ? and region = ? and released_at is null
              and (host_id is not null or final_at is null)
              and (kept ->> 'vSwitchId' = ? or spec -> 'vSwitch' ->> 'value' = ?
                   or (host_id is null and jsonb_exists(kept -> 'vSwitchTries', ?)))
            order by id limit 1
            """,
            (row, n) -> new ContainerGroupId(row.getString(1)),
            vSwitch.account().value(),
            vSwitch.region().value(),
            vSwitch.id().value(),
            vSwitch.id().value(),
            vSwitch.id().value())
        .stream()
        .findFirst();
  }
}
