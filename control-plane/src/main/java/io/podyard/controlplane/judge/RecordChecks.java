package io.podyard.controlplane.judge;

import java.util.List;

/** That every group has one record and one token, and that deletes end. */
final class RecordChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.ACKNOWLEDGED,
              """
              select id, 'is both alive and over' from container_group
              where id in (select id from container_group_history)
              """),
          new DatabaseCheck(
              Rule.ACKNOWLEDGED,
              """
              select id, format('is over %s times', count(*)) from container_group_history
              group by id having count(*) > 1
              """),
          new DatabaseCheck(
              Rule.ACKNOWLEDGED,
              """
              select id, 'is over although it was ' || status from container_group_history
              where status not in ('Terminating', 'ScheduleFailed', 'Succeeded', 'Failed', 'Expired')
                and not (status = 'Scheduling' and record ->> 'host_id' is null)
              """),
          new DatabaseCheck(
              Rule.ACKNOWLEDGED,
              """
              select id, format('was deleted and should have ended at %s', kill_at)
              from container_group
              where goal = 'END' and kill_at < now() - interval '30 seconds'
              """),
          new DatabaseCheck(
              Rule.CLIENT_TOKEN,
              """
              select t.token, 'stands for ' || t.resource_id || ', which never existed'
              from client_token t
              where t.action = 'CreateContainerGroup'
                and not exists (select 1 from container_group g where g.id = t.resource_id)
                and not exists (select 1 from container_group_history h where h.id = t.resource_id)
              """),
          new DatabaseCheck(
              Rule.CLIENT_TOKEN,
              """
              select t.resource_id, format('was made by the tokens %s', string_agg(t.token, ', '))
              from client_token t where t.action = 'CreateContainerGroup'
              group by t.resource_id having count(*) > 1
              """),
          new DatabaseCheck(
              Rule.CLIENT_TOKEN,
              DatabaseCheck.ALL_GROUPS
                  + """
                  select t.token, format('of %s in %s made %s, which is of %s in %s',
                                         t.account_id, t.region, g.id, g.account_id, g.region)
                  from client_token t join groups g on g.id = t.resource_id
                  where t.action = 'CreateContainerGroup'
                    and (t.account_id, t.region) <> (g.account_id, g.region)
                  """));

  private RecordChecks() {}
}
