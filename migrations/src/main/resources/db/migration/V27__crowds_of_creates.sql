-- Most groups hold neither a disk that is counted nor GPUs. Then the hosts need not be looked for, which
-- takes longer than the reservations themselves.
create or replace function disks_and_gpus_follow() returns trigger language plpgsql as $$
declare
    sign integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    if not exists (select from changed where disk_mib > 0 or gpu_devices <> 0) then
        return null;
    end if;
    update host h
    set reserved_disk_mib = h.reserved_disk_mib + sign * d.mib,
        allocatable_disk_mib = case
            when sign > 0 or h.allocatable_disk_mib = 0 then h.allocatable_disk_mib
            else greatest(coalesce(h.wanted_disk_mib, h.allocatable_disk_mib),
                          h.reserved_disk_mib - d.mib) end,
        gpu_reserved_milli = array(
            select g.milli + sign * coalesce((
                select sum(c.gpu_milli_each)::int4 from changed c
                where c.host_id = h.id and (c.gpu_devices >> (g.number - 1)::int4) & 1 = 1), 0)
            from unnest(h.gpu_reserved_milli) with ordinality as g (milli, number)
            order by g.number)
    from (select host_id, sum(disk_mib)::int4 as mib from changed
          group by host_id having bool_or(disk_mib > 0 or gpu_devices <> 0)) d
    where h.id = d.host_id;
    return null;
end
$$;

-- Groups that their driver is to look at, in the order in which they are asked for: of very many the first
-- are found without the rest.
create index container_group_by_attention on container_group (attention_at, id)
    where attention_at is not null;
drop index container_group_attention;
