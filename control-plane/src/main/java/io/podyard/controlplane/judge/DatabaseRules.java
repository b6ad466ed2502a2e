package io.podyard.controlplane.judge;

import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** The rules that the tables alone can show broken. Each query returns a subject and a message. */
final class DatabaseRules {

  private record Check(Rule rule, String sql) {}

  private static final List<Check> CHECKS =
      List.of(
          new Check(
              Rule.CLIENT_TOKEN,
              """
              select t.token, 'stands for ' || t.resource_id || ', which never existed'
              from client_token t
              where t.action = 'CreateContainerGroup'
                and not exists (select 1 from container_group g where g.id = t.resource_id)
                and not exists (select 1 from container_group_history h where h.id = t.resource_id)
              """),
          new Check(
              Rule.RESERVATIONS,
              """
              select h.id, format('has %s milli-vCPU and %s MiB reserved, its reservations sum to %s and %s',
                                  h.reserved_milli_cpu, h.reserved_memory_mib,
                                  coalesce(sum(r.milli_cpu), 0), coalesce(sum(r.memory_mib), 0))
              from host h left join reservation r on r.host_id = h.id
              group by h.id
              having h.reserved_milli_cpu <> coalesce(sum(r.milli_cpu), 0)
                  or h.reserved_memory_mib <> coalesce(sum(r.memory_mib), 0)
              """),
          new Check(
              Rule.RESERVATIONS,
              """
              select id, 'has more reserved than is allocatable' from host
              where reserved_milli_cpu > allocatable_milli_cpu
                 or reserved_memory_mib > allocatable_memory_mib
              """),
          new Check(
              Rule.RESERVATIONS,
              """
              select r.group_id, 'holds ' || r.host_id || ' although it has no right to'
              from reservation r left join container_group g on g.id = r.group_id
              where g.id is null or g.host_id is distinct from r.host_id or g.released_at is not null
              """),
          new Check(
              Rule.RESERVATIONS,
              """
              select g.id, 'is on ' || g.host_id || ' without a reservation'
              from container_group g left join reservation r on r.group_id = g.id
              where g.host_id is not null and g.released_at is null and r.group_id is null
              """),
          new Check(
              Rule.ACKNOWLEDGED,
              """
              select id, 'is both alive and over' from container_group
              where id in (select id from container_group_history)
              """),
          new Check(
              Rule.USAGE,
              """
              select i.group_id, 'is metered although it is ' || coalesce(g.status, 'over')
              from usage_interval i left join container_group g on g.id = i.group_id
              where i.ended_at is null
                and (g.id is null or g.status not in
                     ('Pending', 'Running', 'Restarting', 'Updating', 'Terminating'))
              """),
          new Check(
              Rule.USAGE,
              """
              select g.id, 'is ' || g.status || ' but not metered'
              from container_group g
              where g.status in ('Pending', 'Running', 'Restarting', 'Updating')
                and not exists (
                  select 1 from usage_interval i where i.group_id = g.id and i.ended_at is null)
              """),
          new Check(
              Rule.USAGE,
              """
              select a.group_id, format('intervals %s and %s overlap', a.sequence, b.sequence)
              from usage_interval a join usage_interval b
                on a.group_id = b.group_id and a.sequence < b.sequence
               and tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)
              """),
          new Check(
              Rule.USAGE,
              """
              select i.group_id, 'was metered twice from the same second on'
              from usage_interval i group by i.group_id, i.started_at having count(*) > 1
              """),
          new Check(
              Rule.USAGE,
              """
              select i.group_id, 'was never created but is metered'
              from usage_interval i
              where not exists (select 1 from container_group g where g.id = i.group_id)
                and not exists (select 1 from container_group_history h where h.id = i.group_id)
              """),
          new Check(
              Rule.TRANSITIONS,
              """
              select id, format('is %s with final_at %s', status, coalesce(final_at::text, 'unset'))
              from container_group
              where (final_at is not null)
                 <> (status in ('ScheduleFailed', 'Succeeded', 'Failed', 'Expired'))
              """),
          new Check(
              Rule.TRANSITIONS,
              """
              select id, format('is %s with goal %s', status, goal) from container_group
              where (status = 'Terminating' and goal <> 'END')
                 or (final_at is not null and goal = 'RUN')
                 or (final_at is null and goal = 'REMOVE')
              """),
          new Check(
              Rule.TRANSITIONS,
              """
              select id, 'is ' || status || ' without a host' from container_group
              where host_id is null and status not in ('Scheduling', 'ScheduleFailed')
              """),
          new Check(
              Rule.TRANSITIONS,
              """
              select id, 'has waited in ' || status || ' for longer than its deadline'
              from container_group
              where deadline_at < now() - interval '30 seconds' and status = 'Scheduling'
              """));

  private DatabaseRules() {}

  static List<Violation> look(JdbcTemplate jdbc) {
    List<Violation> violations = new ArrayList<>();
    for (Check check : CHECKS) {
      jdbc.query(
          check.sql(),
          row -> {
            violations.add(new Violation(check.rule(), row.getString(1), row.getString(2)));
          });
    }
    return violations;
  }
}
