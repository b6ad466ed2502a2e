package io.podyard.controlplane.judge;

import java.util.List;

/** That each disk is the one group's that has it in its spec, and where that group is. */
final class DiskChecks {

  /** Groups of which something is, or may yet be, on a host. */
  private static final String ALIVE =
      "g.released_at is null and (g.host_id is not null or g.final_at is null)";

  static final List<DatabaseCheck> ALL =
      List.of(
          new DatabaseCheck(
              Rule.DISKS,
              """
              select v.id, format('is a disk of %%s, of which nothing is left', v.attached_to)
              from persistent_volume v
              where v.attached_to is not null
                and not exists (select 1 from container_group g where g.id = v.attached_to and %s)
              """
                  .formatted(ALIVE)),
          new DatabaseCheck(
              Rule.DISKS,
              """
              select g.id, format('has disk %%s, which is %%s', d ->> 'id',
                                  case when v.id is null then 'unknown'
                                       when v.attached_to is null then 'free'
                                       else 'a disk of ' || v.attached_to end)
              from container_group g cross join jsonb_array_elements(g.spec -> 'volumes') d
              left join persistent_volume v on v.id = d ->> 'id'
              where d ->> 'kind' = 'disk' and %s and v.attached_to is distinct from g.id
              """
                  .formatted(ALIVE)),
          new DatabaseCheck(
              Rule.DISKS,
              """
              select v.id, format('is a disk of %%s, which does not want it so: %%s GiB, %%s in %%s',
                                  g.id, v.size_gib, v.account_id, v.region)
              from persistent_volume v join container_group g on g.id = v.attached_to
              where %s and ((g.account_id, g.region) <> (v.account_id, v.region) or not exists (
                select 1 from jsonb_array_elements(g.spec -> 'volumes') d
                where d ->> 'id' = v.id and (d ->> 'sizeGib')::int4 = v.size_gib))
              """
                  .formatted(ALIVE)),
          new DatabaseCheck(
              Rule.DISKS,
              """
              select g.id, format('is on %s, and its disk %s is kept by %s', g.host_id, v.id,
                                  coalesce(v.host_id, 'no host'))
              from persistent_volume v join container_group g on g.id = v.attached_to
              where g.host_id is not null and g.released_at is null
                and v.host_id is distinct from g.host_id
              """),
          new DatabaseCheck(
              Rule.DISKS,
              """
              select id, format('is to be removed since %s and may still be on %s', deleting_at, host_id)
              from persistent_volume
              where deleting_at < now() - interval '1 minute' and removed_at is null
                and host_id is not null
                and not exists (
                  select 1 from host h where h.id = host_id and h.lost_at is not null)
              """));

  private DiskChecks() {}
}
