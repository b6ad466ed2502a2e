package io.podyard.controlplane.judge;

import java.util.List;

/**
 * That nothing is left of groups on hosts that are lost, nor on drained ones after the deadline.
 */
final class HostLifeChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.RESERVATIONS,
              """
              select r.group_id, format('holds %s, which is lost since %s', h.id, h.lost_at)
              from reservation r join host h on h.id = r.host_id
              where h.lost_at < now() - interval '30 seconds'
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              """
              select g.id, format('is %s on %s, which is lost since %s', g.status, h.id, h.lost_at)
              from container_group g join host h on h.id = g.host_id
              where h.lost_at < now() - interval '30 seconds' and g.final_at is null
              """),
          new DatabaseCheck(
              Rule.TRANSITIONS,
              // The grace of its containers and a minute on top.
              """
              select g.id, format('is still on %s, which should have been empty by %s',
                                  h.id, h.drain_deadline_at)
              from container_group g join host h on h.id = g.host_id
              where h.state = 'DRAINING' and g.released_at is null
                and h.drain_deadline_at
                    < now() - interval '1 minute'
                      - make_interval(secs => (g.spec ->> 'terminationGraceSeconds')::int4)
              """));

  private HostLifeChecks() {}
}
