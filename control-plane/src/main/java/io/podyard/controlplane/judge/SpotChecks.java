package io.podyard.controlplane.judge;

import java.util.List;

/** That spot groups are released as they were told, and no others. */
final class SpotChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.SPOT,
              """
              select group_id, format('got its notice at %s although it is protected until %s',
                                      noticed_at, protected_until)
              from spot_group where noticed_at < protected_until
              """),
          new DatabaseCheck(
              Rule.SPOT,
              """
              select g.id, format('expired at %s, and its notice is for %s', g.final_at,
                                  coalesce(s.release_at::text, 'never'))
              from (select id, status, final_at from container_group
                    union all
                    select id, status, (record ->> 'final_at')::timestamptz
                    from container_group_history) g
                   left join spot_group s on s.group_id = g.id
              where g.status = 'Expired'
                and coalesce(g.final_at < s.release_at - interval '1 second', true)
              """),
          new DatabaseCheck(
              Rule.SPOT,
              """
              select s.group_id, 'has a notice and no event that tells it' from spot_group s
              where s.noticed_at is not null
                and exists (select 1 from container_group g where g.id = s.group_id)
                and not exists (
                  select 1 from group_event e
                  where e.group_id = s.group_id and e.reason = 'SpotToBeReleased')
              """),
          new DatabaseCheck(
              Rule.SPOT,
              """
              select g.id, case when g.spot then 'is a spot group that nothing was agreed with'
                                else 'has terms of a spot group and is none' end
              from container_group g left join spot_group s on s.group_id = g.id
              where g.spot <> (s.group_id is not null) or g.spot <> jsonb_exists(g.kept, 'spot')
              """),
          new DatabaseCheck(
              Rule.SPOT,
              """
              select g.id, format('should have been released at %s', s.release_at)
              from container_group g join spot_group s on s.group_id = g.id
                   join host h on h.id = g.host_id
              where s.release_at < now() - interval '30 seconds' and g.goal = 'RUN'
                and g.final_at is null and g.state ->> 'phase' <> 'STOPPING'
                and h.unreachable_since is null
              """));

  private SpotChecks() {}
}
