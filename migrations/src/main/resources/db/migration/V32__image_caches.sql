-- Image caches. A cache is used by its revision, which is 0 until there is one; an update makes the next
-- revision beside it and puts it in its place in one statement.
create table image_cache (
    id              text        collate "C" primary key,
    account_id      text        not null,
    region          text        not null,
    name            text        not null,
    -- Made by itself for a group, not by a request.
    automatic       boolean     not null default false,
    status          text        not null
        check (status in ('Preparing', 'Creating', 'Ready', 'Failed', 'Updating', 'UpdateFailed')),
    revision        integer     not null default 0 check (revision >= 0),
    -- The one that is being made, or of a cache that failed the one that could not be.
    making          integer     check (making > revision),
    last_revision   integer     not null default 1,
    elimination     text        check (elimination = 'LRU'),
    retention_days  integer     check (retention_days > 0),
    resource_group  text,
    -- Whose hosts hold it; any of the region if the zone has none.
    zone            text,
    -- What a request said that means nothing here.
    kept            jsonb       not null default '{}',
    tags            jsonb       not null default '{}',
    created_at      timestamptz not null,
    changed_at      timestamptz not null default now(),
    expires_at      timestamptz,
    last_matched_at timestamptz,
    -- It is nobody's any more; the row goes when nothing of it is on any host.
    deleting_at     timestamptz,
    check ((status in ('Preparing', 'Creating', 'Failed')) = (revision = 0)),
    check ((status in ('Preparing', 'Creating', 'Failed', 'Updating')) = (making is not null))
);
create index image_cache_page on image_cache (account_id, region, id desc) where deleting_at is null;
create index image_cache_to_plan on image_cache (id)
    where deleting_at is not null or expires_at is not null
       or status in ('Preparing', 'Creating', 'Updating');

create table image_cache_revision (
    cache_id        text        collate "C" not null references image_cache on delete cascade,
    revision        integer     not null,
    -- As they were asked for.
    images          text[]      not null check (cardinality(images) > 0),
    size_gib        integer     not null check (size_gib > 0),
    flash           boolean     not null,
    flash_copies    integer     not null check (flash_copies > 0),
    standard_copies integer     not null check (standard_copies > 0),
    -- How to reach the registries, sealed; copies may have to be made as long as there is a cache.
    access          text        not null,
    asked_at        timestamptz not null,
    deadline_at     timestamptz not null,
    -- What is in it, each content once, since the first host has it; how long that host took for
    -- how much.
    bytes           bigint      check (bytes >= 0),
    fetch_millis    bigint      check (fetch_millis >= 0),
    fetched_bytes   bigint      check (fetched_bytes >= 0),
    -- Why it cannot be made.
    problem         text,
    primary key (cache_id, revision)
);

-- What the names stood for when the first host fetched them; the other hosts fetch the same.
create table image_cache_image (
    cache_id text    collate "C" not null,
    revision integer not null,
    position integer not null,
    image    text    not null,
    digest   text    not null,
    bytes    bigint  not null check (bytes >= 0),
    primary key (cache_id, revision, position),
    foreign key (cache_id, revision) references image_cache_revision on delete cascade
);

create index image_cache_image_by_digest on image_cache_image (digest);

create table image_cache_layer (
    cache_id text    collate "C" not null,
    revision integer not null,
    position integer not null,
    digest   text    not null,
    bytes    bigint  not null check (bytes >= 0),
    primary key (cache_id, revision, position, digest),
    foreign key (cache_id, revision, position) references image_cache_image on delete cascade
);

-- What hosts hold or are to hold; whoever drives the host sees to it. It outlives its cache until its
-- host holds nothing of it.
create table image_cache_copy (
    id                  text        collate "C" primary key,
    cache_id            text        collate "C" not null,
    revision            integer     not null,
    host_id             text        not null,
    shard               integer     not null,
    -- Null while it is being made.
    held_at             timestamptz,
    tries               integer     not null default 0,
    next_try_at         timestamptz not null default now(),
    bytes_done          bigint      not null default 0,
    bytes_total         bigint      not null default 0,
    bytes_from_registry bigint      not null default 0,
    created_at          timestamptz not null default now(),
    -- It is not wanted any more.
    finished_at         timestamptz,
    -- When nothing of it was on its host any more.
    cleared_at          timestamptz,
    check (cleared_at is null or finished_at is not null)
);
create index image_cache_copy_of_cache on image_cache_copy (cache_id, revision);
create index image_cache_copy_to_do on image_cache_copy (shard, host_id)
    where cleared_at is null and (held_at is null or finished_at is not null);
create index image_cache_copy_on_host on image_cache_copy (host_id) where cleared_at is null;
create index image_cache_copy_over on image_cache_copy (finished_at) where finished_at is not null;

-- What happened to caches, for those who ask; the same once, with how often.
create table image_cache_event (
    cache_id text        collate "C" not null references image_cache on delete cascade,
    name     text        not null,
    type     text        not null check (type in ('Normal', 'Warning')),
    reason   text        not null,
    message  text        not null,
    count    integer     not null default 1,
    first_at timestamptz not null,
    last_at  timestamptz not null,
    primary key (cache_id, reason, message)
);

-- What a cache is metered for: while a revision is made, for the group and the disk that the contract says
-- make it; while it can be used, for its size. What is made beside what is used has an id of its own.
create function meters_of_image_cache(cache image_cache)
    returns table (id text, tariff text, item text, milli_cpu integer, memory_mib integer, gib integer)
    language sql stable as $$
    select case when r.revision = 1 then r.cache_id else r.cache_id || '.' || r.revision end,
           'image-cache-creation', 'image-cache-disk', 2000, 4096, r.size_gib
    from image_cache_revision r
    where r.cache_id = cache.id and r.revision = cache.making
      and cache.status in ('Creating', 'Updating') and cache.deleting_at is null and not cache.automatic
    union all
    select r.cache_id, 'image-cache-storage', 'image-cache-storage', 0, 0, r.size_gib
    from image_cache_revision r
    where r.cache_id = cache.id and r.revision = cache.revision
      and cache.deleting_at is null and not cache.automatic
$$;

-- As volumes: in the transaction that says so, if the region sells it then; else it costs nothing.
create function meter_image_cache() returns trigger language plpgsql as $$
declare
    at timestamptz := date_trunc('second', now(), 'UTC');
begin
    update usage_interval u set ended_at = greatest(u.started_at, at)
    where u.group_id in (new.id, new.id || '.' || old.making) and u.ended_at is null
      and not exists (
        select 1 from meters_of_image_cache(new) m
        where m.id = u.group_id and m.tariff = u.tariff and m.gib = u.storage_gib);
    insert into usage_interval
      (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, tariff, storage_gib, started_at)
    select m.id, 1 + coalesce(max(b.sequence), 0), new.account_id, new.region,
           coalesce(new.zone, (select min(z.id) from zone z where z.region = new.region), ''),
           m.milli_cpu, m.memory_mib, m.tariff, m.gib, greatest(max(b.ended_at), at)
    from meters_of_image_cache(new) m left join usage_interval b on b.group_id = m.id
    where case m.tariff when 'image-cache-storage' then new.revision <> old.revision
                        else new.status <> old.status end
      and exists (
        select 1 from price p
        where p.item = m.item and new.region like replace(p.region, '*', '%')
          and p.valid_from <= at and (p.valid_to is null or p.valid_to > at))
    group by m.id, m.tariff, m.milli_cpu, m.memory_mib, m.gib
    having bool_and(b.group_id is null or b.ended_at is not null);
    return null;
end
$$;
create trigger image_caches_are_metered after update on image_cache
    for each row when ((new.status, new.revision, new.making, new.deleting_at)
                       is distinct from (old.status, old.revision, old.making, old.deleting_at))
    execute function meter_image_cache();
