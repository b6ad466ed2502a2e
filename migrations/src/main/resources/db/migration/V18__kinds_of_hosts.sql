-- What hosts have beside vCPU and memory, what kind they are, and by which policy a pool is filled.
alter table pool add column policy text not null default 'BEST_FIT'
    check (policy in ('BEST_FIT', 'SPREAD', 'FRAGMENTATION_AWARE'));

-- A disk of 0 MiB is one that nobody counts. A GPU is one number: thousandths of it that groups hold.
alter table host add column allocatable_disk_mib integer not null default 0
    check (allocatable_disk_mib >= 0);
alter table host add column reserved_disk_mib integer not null default 0
    check (reserved_disk_mib >= 0);
alter table host add column gpu_reserved_milli integer[] not null default '{}'
    check (cardinality(gpu_reserved_milli) <= 64
           and 0 <= all (gpu_reserved_milli) and 1000 >= all (gpu_reserved_milli));
alter table host add column gpu_model text not null default '';
alter table host add column architecture text not null default '';
alter table host add column instance_type text not null default '';
alter table host add column labels text[] not null default '{}';
alter table host add constraint disk_never_over_committed check (
    allocatable_disk_mib = 0 or reserved_disk_mib <= allocatable_disk_mib);

-- Of GPUs a group holds the same share of each of its devices; the bits say which they are.
alter table reservation add column disk_mib integer not null default 0 check (disk_mib >= 0);
alter table reservation add column gpu_devices bigint not null default 0;
alter table reservation add column gpu_milli_each integer not null default 0
    check (gpu_milli_each between 0 and 1000);
alter table reservation add constraint devices_have_shares
    check ((gpu_devices = 0) = (gpu_milli_each = 0));

-- Disks and GPUs of hosts follow their reservations here and not in the code, so that a release that
-- knows nothing of them gives them back too. Whoever reserves or releases has locked the hosts.
create function disks_and_gpus_follow() returns trigger language plpgsql as $$
declare
    sign integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
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
create trigger disks_and_gpus_are_taken after insert on reservation
    referencing new table as changed for each statement execute function disks_and_gpus_follow();
create trigger disks_and_gpus_are_given_back after delete on reservation
    referencing old table as changed for each statement execute function disks_and_gpus_follow();

create function disk_follows() returns trigger language plpgsql as $$
begin
    update host set reserved_disk_mib = reserved_disk_mib - old.disk_mib + new.disk_mib
    where id = new.host_id;
    return null;
end
$$;
create trigger disk_is_resized after update of disk_mib on reservation
    for each row when (old.disk_mib <> new.disk_mib) execute function disk_follows();

-- Hosts and pools that operators declare, in a file or by the API, beside those that the settings of a
-- process bring. What is declared of a host's capacity stands in the place of what it reports.
alter table pool add column declared_by text not null default 'SETTINGS'
    check (declared_by in ('SETTINGS', 'FILE', 'API'));
alter table pool add column cpu_overcommit integer not null default 1
    check (cpu_overcommit between 1 and 100);
alter table host add column declared_by text not null default 'SETTINGS'
    check (declared_by in ('SETTINGS', 'FILE', 'API'));
alter table host add column address text not null default '';
alter table host add column tls_folder text not null default '';
alter table host add column declared_milli_cpu integer check (declared_milli_cpu > 0);
alter table host add column declared_memory_mib integer check (declared_memory_mib > 0);
alter table host add column leaving_since timestamptz;

-- What is to be allocatable. It is less than what is allocatable while groups hold more, and null where
-- only a release has written the host that knows nothing of it.
alter table host add column wanted_milli_cpu integer;
alter table host add column wanted_memory_mib integer;
alter table host add column wanted_disk_mib integer;
create index host_leaving on host (id) where leaving_since is not null;
