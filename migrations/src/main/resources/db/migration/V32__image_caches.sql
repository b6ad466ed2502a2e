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
