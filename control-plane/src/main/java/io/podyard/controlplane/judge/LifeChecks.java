package io.podyard.controlplane.judge;

import java.util.List;

/** That what is stored of the life of a group fits together, and that no group stays for ever. */
final class LifeChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select id, format('is %s with final_at %s', status, coalesce(final_at::text, 'unset'))
              from container_group
              where (final_at is not null)
                 <> (status in ('ScheduleFailed', 'Succeeded', 'Failed', 'Expired'))
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select id, format('is %s, but runs, succeeded, failed at %s, %s, %s', status,
                                coalesce(running_at::text, 'no time'),
                                coalesce(succeeded_at::text, 'no time'),
                                coalesce(failed_at::text, 'no time'))
              from container_group
              where (status = 'Running' and running_at is null)
                 or (status = 'Succeeded') <> (succeeded_at is not null)
                 or (status in ('Failed', 'ScheduleFailed')) <> (failed_at is not null)
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select id, format('is %s with goal %s', status, goal) from container_group
              where (status = 'Terminating' and goal <> 'END')
                 or (final_at is not null and goal = 'RUN')
                 or (final_at is null and goal = 'REMOVE')
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select id, 'is ' || status || ' without a host' from container_group
              where host_id is null and status not in ('Scheduling', 'ScheduleFailed')
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select id, format('is %s, but its host says %s', status, state ->> 'phase')
              from container_group
              where case status
                      when 'Scheduling' then state ->> 'phase' <> 'PREPARING'
                      when 'ScheduleFailed' then state ->> 'phase' not in ('PREPARING', 'GONE')
                      when 'Pending' then state ->> 'phase' not in ('STARTING', 'STOPPING')
                      when 'Running' then state ->> 'phase' not in ('RUNNING', 'STOPPING')
                      when 'Succeeded' then state ->> 'phase' not in ('SUCCEEDED', 'GONE')
                      when 'Failed' then state ->> 'phase' not in ('FAILED', 'GONE')
                      when 'Expired' then state ->> 'phase' not in ('FAILED', 'GONE')
                      else false
                    end
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select id, format('was released at %s, but its host says %s',
                                coalesce(released_at::text, 'no time'), state ->> 'phase')
              from container_group
              where (released_at is not null) <> (state ->> 'phase' = 'GONE')
              union all
              select id, 'is over although ' || (record ->> 'host_id') || ' never let go of it'
              from container_group_history
              where record ->> 'host_id' is not null and record ->> 'released_at' is null
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select id, 'has waited in Scheduling for longer than its deadline'
              from container_group
              where deadline_at < now() - interval '30 seconds' and status = 'Scheduling'
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              // The grace of its containers and a minute on top.
              """
              select id, 'has been Pending for longer than it may' from container_group
              where status = 'Pending'
                and (state ->> 'chargedFrom')::timestamptz
                    < now() - interval '1 minute'
                      - make_interval(mins => (spec ->> 'maxPendingMinutes')::int4,
                                      secs => (spec ->> 'terminationGraceSeconds')::int4)
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select id, format('is %s since %s and still holds %s', status, final_at, host_id)
              from container_group
              where final_at < now() - interval '1 minute'
                and host_id is not null and released_at is null
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select id, 'was changed at ' || attention_at || ' and nobody has looked at it since'
              from container_group where attention_at < now() - interval '30 seconds'
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, 'came to be without an event' from groups g
                  where not exists (
                    select 1 from group_event e
                    where e.group_id = g.id and e.reason in ('Scheduled', 'FailedScheduling'))
                  """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, 'was deleted without an event' from groups g
                  where g.goal = 'END'
                    and not exists (
                      select 1 from group_event e
                      where e.group_id = g.id and e.reason = 'Deleting')
                  """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              // What ended a group before its containers did is told by its own name.
              DatabaseCheck.ALL_GROUPS
                  + """
                  select g.id, format('is %s without an event', g.status) from groups g
                  where g.status in ('Succeeded', 'Failed', 'ScheduleFailed', 'Expired')
                    and not exists (
                      select 1 from group_event e
                      where e.group_id = g.id
                        and case g.status
                              when 'Succeeded' then e.reason = 'Completed'
                              when 'ScheduleFailed' then e.reason = 'FailedScheduling'
                              else e.reason = g.reason or (e.reason, e.message) = ('Failed', g.message)
                            end)
                  """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select distinct e.group_id, 'has events but never existed' from group_event e
              where not exists (select 1 from container_group g where g.id = e.group_id)
                and not exists (select 1 from container_group_history h where h.id = e.group_id)
              """));

  private LifeChecks() {}
}
