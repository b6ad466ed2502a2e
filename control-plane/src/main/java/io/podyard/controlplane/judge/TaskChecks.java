package io.podyard.controlplane.judge;

import java.util.List;

/** That what is done on hosts task by task ends in its time, and is cleared away then. */
final class TaskChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.TASKS,
              """
              select id, format('should have ended by %s', deadline_at)
              from commit_task
              where finished_at is null and deadline_at < now() - interval '1 minute'
              """),
          new DatabaseCheck(
              Rule.TASKS,
              """
              select id, format('should have ended by %s', last)
              from (
                select id, finished_at, coalesce(begun_at + make_interval(secs => seconds), begin_by)
                    as last
                from ops_task) o
              where finished_at is null and last < now() - interval '11 minutes'
              """),
          new DatabaseCheck(
              Rule.TASKS,
              """
              select id, format('is over since %s and may still be on %s', finished_at, host_id)
              from (
                select id, host_id, finished_at, cleared_at from commit_task
                union all
                select id, host_id, finished_at, cleared_at from ops_task) t
              where finished_at < now() - interval '1 minute' and cleared_at is null
                and not exists (
                  select 1 from host h where h.id = t.host_id and h.lost_at is not null)
              """));

  private TaskChecks() {}
}
