-- Of a group the GiB of the disks that it got from the data caches it mounts; none of them are free.
alter table usage_interval add column data_gib integer not null default 0 check (data_gib >= 0);

-- By the clock of the database, as meters go.
alter table data_cache_event add column noted_at timestamptz not null default now();

-- Whether a region sells something at that time; else it costs nothing.
create function sells(place text, what text, moment timestamptz) returns boolean
    language sql stable as $$
    select exists (
        select 1 from price p
        where p.item = what and place like replace(p.region, '*', '%')
          and p.valid_from <= moment and (p.valid_to is null or p.valid_to > moment))
$$;

-- These disks are metered like their group, all of one group together, as that of its image cache.
create function meter_data_disk() returns trigger language plpgsql as $$
declare
    disk text := new.group_id || '.edc';
begin
    if tg_op = 'UPDATE' then
        update usage_interval d set ended_at = greatest(d.started_at, new.ended_at)
        where d.group_id = disk and d.ended_at is null;
        return null;
    end if;
    insert into usage_interval
      (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, tariff, storage_gib, started_at)
    select disk,
           1 + coalesce((select max(m.sequence) from metered_interval m where m.group_id = disk), 0),
           new.account_id, new.region, new.zone, 0, 0, 'data-cache-use', new.data_gib, new.started_at
    where sells(new.region, 'data-cache-use', new.started_at);
    return null;
end
$$;
create trigger data_disks_begin after insert on usage_interval
    for each row when (new.data_gib > 0 and new.ended_at is null)
    execute function meter_data_disk();
create trigger data_disks_end after update on usage_interval
    for each row when (new.data_gib > 0 and old.ended_at is null and new.ended_at is not null)
    execute function meter_data_disk();

-- What a data cache is metered for: while a revision is made, for the group and the disk that make it; while
-- it can be used, for its size. What is made beside what is used has an id of its own.
create function meters_of_data_cache(cache data_cache)
    returns table (id text, tariff text, item text, milli_cpu integer, memory_mib integer, gib integer)
    language sql stable as $$
    select case when r.revision = 1 then r.cache_id else r.cache_id || '.' || r.revision end,
           'data-cache-creation', 'data-cache-disk', 2000, 4096, r.size_gib
    from data_cache_revision r
    where r.cache_id = cache.id and r.revision = cache.making
      and cache.status in ('Loading', 'Creating', 'Updating') and cache.deleting_at is null
    union all
    select r.cache_id, 'data-cache-storage', 'data-cache-storage', 0, 0, r.size_gib
    from data_cache_revision r
    where r.cache_id = cache.id and r.revision = cache.revision and cache.deleting_at is null
$$;

-- Ends what it is not metered for any more, or not at that size, and begins what is beginning, in the
-- transaction that says so.
create function meter_data_cache(cache data_cache, beginning text) returns void language plpgsql as $$
declare
    -- What expires is over then, even if it is seen later.
    at timestamptz := date_trunc('second', least(cache.deleting_at, now()), 'UTC');
begin
    update usage_interval u set ended_at = greatest(u.started_at, at)
    where u.group_id in (cache.id, cache.id || '.' || cache.last_revision) and u.ended_at is null
      and not exists (
        select 1 from meters_of_data_cache(cache) m
        where m.id = u.group_id and m.tariff = u.tariff and m.gib = u.storage_gib);
    insert into usage_interval
      (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, tariff, storage_gib, started_at)
    select m.id, 1 + coalesce(b.sequence, 0), cache.account_id, cache.region,
           coalesce((select min(z.id) from zone z where z.region = cache.region), ''),
           m.milli_cpu, m.memory_mib, m.tariff, m.gib, greatest(b.ended_at, at)
    from meters_of_data_cache(cache) m
         cross join lateral (
           select max(i.sequence) as sequence, max(i.ended_at) as ended_at,
                  coalesce(bool_or(i.ended_at is null), false) as runs
           from metered_interval i where i.group_id = m.id) b
    where m.tariff = beginning and not b.runs and sells(cache.region, m.item, at);
end
$$;

-- Making begins when the first host is to read it.
create function meter_data_cache_in_making() returns trigger language plpgsql as $$
begin
    perform meter_data_cache(c, 'data-cache-creation')
    from data_cache c where c.id = new.cache_id and c.making = new.revision;
    return null;
end
$$;
create trigger data_caches_in_making_are_metered after insert or update of created_at on data_cache_copy
    for each row execute function meter_data_cache_in_making();

create function meter_changed_data_cache() returns trigger language plpgsql as $$
begin
    perform meter_data_cache(new, case when new.revision <> old.revision then 'data-cache-storage' end);
    return null;
end
$$;
create trigger data_caches_are_metered after update on data_cache
    for each row when ((new.status, new.revision, new.making, new.deleting_at)
                       is distinct from (old.status, old.revision, old.making, old.deleting_at))
    execute function meter_changed_data_cache();

create function meter_resized_data_cache() returns trigger language plpgsql as $$
begin
    perform meter_data_cache(c, 'data-cache-storage')
    from data_cache c where c.id = new.cache_id and c.revision = new.revision;
    return null;
end
$$;
create trigger sizes_of_data_caches_are_metered after update on data_cache_revision
    for each row when (new.size_gib <> old.size_gib) execute function meter_resized_data_cache();

-- Those that are there are kept from now on; what they cost to make is over, or was begun for nothing.
do $$
begin
    perform meter_data_cache(c, 'data-cache-storage') from data_cache c;
end
$$;

-- What data caches were called that are no more.
create table former_data_cache (
    id         text        collate "C" primary key,
    account_id text        not null,
    name       text        not null,
    tags       jsonb       not null,
    gone_at    timestamptz not null default now()
);
create index former_data_cache_gone on former_data_cache (gone_at);

create function keep_name_of_data_cache() returns trigger language plpgsql as $$
begin
    insert into former_data_cache (id, account_id, name, tags)
    values (old.id, old.account_id, old.name, old.tags) on conflict do nothing;
    -- Whatever is settled that late does without a name.
    delete from former_data_cache where gone_at < now() - interval '400 days';
    return null;
end
$$;
create trigger names_of_data_caches_are_kept after delete on data_cache
    for each row execute function keep_name_of_data_cache();
