package io.podyard.controlplane.judge;

import java.util.List;

/** That groups hold what they should of the host they should be on, and nothing else. */
final class CapacityChecks {

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
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
          new DatabaseCheck(
              Rule.RESERVATIONS,
              """
              select id, 'has more reserved than is allocatable' from host
              where reserved_milli_cpu > allocatable_milli_cpu
                 or reserved_memory_mib > allocatable_memory_mib
                 or (allocatable_disk_mib > 0 and reserved_disk_mib > allocatable_disk_mib)
              """),
          new DatabaseCheck(
              Rule.RESERVATIONS,
              """
              select h.id, format('has %s MiB of disk reserved, its reservations sum to %s',
                                  h.reserved_disk_mib, coalesce(sum(r.disk_mib), 0))
              from host h left join reservation r on r.host_id = h.id
              group by h.id
              having h.reserved_disk_mib <> coalesce(sum(r.disk_mib), 0)
              """),
          new DatabaseCheck(
              Rule.RESERVATIONS,
              """
              select h.id, format('has %s thousandths of GPU %s reserved, its reservations sum to %s',
                                  d.milli, d.number - 1, coalesce(sum(r.gpu_milli_each), 0))
              from host h
                   cross join unnest(h.gpu_reserved_milli) with ordinality as d (milli, number)
                   left join reservation r on r.host_id = h.id
                                          and (r.gpu_devices >> (d.number - 1)::int4) & 1 = 1
              group by h.id, d.milli, d.number
              having d.milli <> coalesce(sum(r.gpu_milli_each), 0)
              """),
          new DatabaseCheck(
              Rule.RESERVATIONS,
              """
              select r.group_id, 'holds GPUs that ' || h.id || ' has not'
              from reservation r join host h on h.id = r.host_id
              where cardinality(h.gpu_reserved_milli) < 64
                and r.gpu_devices >> cardinality(h.gpu_reserved_milli) <> 0
              """),
          new DatabaseCheck(
              Rule.RESERVATIONS,
              """
              select r.group_id, 'holds ' || r.host_id || ' although it has no right to'
              from reservation r left join container_group g on g.id = r.group_id
              where g.id is null or g.released_at is not null
              """),
          new DatabaseCheck(
              Rule.RESERVATIONS,
              """
              select g.id, 'is on ' || g.host_id || ' without a reservation'
              from container_group g left join reservation r on r.group_id = g.id
              where g.host_id is not null and g.released_at is null and r.group_id is null
              """),
          new DatabaseCheck(
              Rule.RESERVATIONS,
              """
              select g.id, format('of %s milli-vCPU and %s MiB holds %s and %s',
                                  g.milli_cpu, g.memory_mib, r.milli_cpu, r.memory_mib)
              from container_group g join reservation r on r.group_id = g.id
              where case when (g.state ->> 'generation')::int8 between 1 and g.generation - 1
                         then r.milli_cpu < g.milli_cpu or r.memory_mib < g.memory_mib
                         else (g.milli_cpu, g.memory_mib) <> (r.milli_cpu, r.memory_mib) end
              """),
          new DatabaseCheck(
              Rule.RESERVATIONS,
              """
              select g.id, format('of %s GPUs holds %s, %s thousandths of each',
                                  coalesce(g.spec #>> '{gpus,count}', '0'),
                                  bit_count(r.gpu_devices::bit(64)), r.gpu_milli_each)
              from container_group g join reservation r on r.group_id = g.id
              where (bit_count(r.gpu_devices::bit(64)), r.gpu_milli_each)
                    <> (coalesce((g.spec #>> '{gpus,count}')::int4, 0),
                        coalesce((g.spec #>> '{gpus,milliEach}')::int4, 0))
              """),
          new DatabaseCheck(
              Rule.ONE_HOST,
              """
              select g.id, format('is on %s and holds %s', coalesce(g.host_id, 'no host'), r.host_id)
              from container_group g join reservation r on r.group_id = g.id
              where g.released_at is null and g.host_id is distinct from r.host_id
              """),
          new DatabaseCheck(
              Rule.ONE_HOST,
              """
              select g.id, format('is driven with shard %s in %s, its host %s with %s in %s',
                                  g.shard, g.region, h.id, h.shard, h.region)
              from container_group g join host h on h.id = g.host_id
              where g.released_at is null and (g.shard, g.region) <> (h.shard, h.region)
              """),
          // Not its host's zone: a zone without hosts is served by those of others.
          new DatabaseCheck(
              Rule.ONE_HOST,
              """
              select g.id, format('is on %s in %s, which is no zone of %s',
                                  g.host_id, coalesce(g.zone, 'no zone'), g.region)
              from container_group g
              where g.host_id is not null and not exists (
                select 1 from zone z where (z.region, z.id) = (g.region, g.zone))
              """),
          new DatabaseCheck(
              Rule.ONE_HOST,
              """
              select g.id, format('is in %s, its vSwitch %s in %s', g.zone, v.id, v.zone)
              from container_group g
                   join vswitch v on (v.account_id, v.region, v.id)
                                   = (g.account_id, g.region, g.spec -> 'vSwitch' ->> 'value')
              where g.zone <> v.zone
              """));

  private CapacityChecks() {}
}
