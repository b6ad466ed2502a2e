-- Of a group the GiB beyond the free ones of the disk that it got from its image cache.
alter table usage_interval add column cache_gib integer not null default 0 check (cache_gib >= 0);

-- That disk is metered like its group, in the same transaction, whichever release stops the meter: for what
-- the group did not buy anyway as storage of its own, if the region sells it then; else it costs nothing.
create function meter_cache_disk() returns trigger language plpgsql as $$
declare
    disk text := new.group_id || '.imc';
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
           new.account_id, new.region, new.zone, 0, 0, 'image-cache-use', new.cache_gib - new.storage_gib,
           new.started_at
    where exists (
        select 1 from price p
        where p.item = 'image-cache-use' and new.region like replace(p.region, '*', '%')
          and p.valid_from <= new.started_at and (p.valid_to is null or p.valid_to > new.started_at));
    return null;
end
$$;
create trigger cache_disks_begin after insert on usage_interval
    for each row when (new.cache_gib > new.storage_gib and new.ended_at is null)
    execute function meter_cache_disk();
create trigger cache_disks_end after update on usage_interval
    for each row when (new.cache_gib > 0 and old.ended_at is null and new.ended_at is not null)
    execute function meter_cache_disk();

-- What caches were called that are no more: they may be gone when the hour is settled that they cost
-- something in.
create table former_image_cache (
    id         text        collate "C" primary key,
    account_id text        not null,
    name       text        not null,
    tags       jsonb       not null,
    gone_at    timestamptz not null default now()
);
create index former_image_cache_gone on former_image_cache (gone_at);

create function keep_name_of_image_cache() returns trigger language plpgsql as $$
begin
    insert into former_image_cache (id, account_id, name, tags)
    values (old.id, old.account_id, old.name, old.tags) on conflict do nothing;
    -- Whatever is settled that late does without a name.
    delete from former_image_cache where gone_at < now() - interval '400 days';
    return null;
end
$$;
create trigger names_of_image_caches_are_kept after delete on image_cache
    for each row when (not old.automatic) execute function keep_name_of_image_cache();
