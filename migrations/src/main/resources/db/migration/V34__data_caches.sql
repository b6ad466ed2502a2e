-- Data caches. As image caches, a cache is used by its revision, which is 0 until there is one; an update
-- makes the next revision beside it and puts it in its place in one statement.
create table data_cache (
    id              text        collate "C" primary key,
    account_id      text        not null,
    region          text        not null,
    bucket          text        not null,
    path            text        not null check (path like '/%'),
    name            text        not null,
    status          text        not null
        check (status in ('Loading', 'Creating', 'Available', 'Failed', 'Updating', 'UpdateFailed')),
    revision        integer     not null default 0 check (revision >= 0),
    -- The one that is being made, or of a cache that failed the one that could not be.
    making          integer     check (making > revision),
    last_revision   integer     not null default 1,
    retention_days  integer     check (retention_days > 0),
    resource_group  text,
    -- What a request said that means nothing here.
    kept            jsonb       not null default '{}',
    tags            jsonb       not null default '{}',
    created_at      timestamptz not null,
    changed_at      timestamptz not null default now(),
    expires_at      timestamptz,
    last_matched_at timestamptz,
    -- It is nobody's any more; the row goes when no group needs it and nothing of it is on any host.
    deleting_at     timestamptz,
    check ((status in ('Loading', 'Creating', 'Failed')) = (revision = 0)),
    check ((status in ('Loading', 'Creating', 'Failed', 'Updating')) = (making is not null))
);
create index data_cache_page on data_cache (account_id, region, id desc) where deleting_at is null;
-- One that failed does not stand in the way of the next.
create unique index data_cache_by_path on data_cache (account_id, region, bucket, path)
    where deleting_at is null and status <> 'Failed';
create index data_cache_to_plan on data_cache (id)
    where deleting_at is not null or expires_at is not null
       or status in ('Loading', 'Creating', 'Updating');

create table data_cache_revision (
    cache_id         text        collate "C" not null references data_cache,
    revision         integer     not null,
    size_gib         integer     not null check (size_gib > 0),
    -- Type and options of where it is read, sealed; it may have to be read again as long as it is there.
    source           text        not null,
    -- The cache that it is a copy of; then what it has to be is known from the beginning.
    copy_of          text        collate "C",
    expected_digest  text,
    expected_bytes   bigint      check (expected_bytes >= 0),
    expected_entries integer     check (expected_entries >= 0),
    asked_at         timestamptz not null,
    deadline_at      timestamptz not null,
    -- What it is, since the first host has it.
    digest           text,
    bytes            bigint      check (bytes >= 0),
    entries          integer     check (entries >= 0),
    fetch_millis     bigint      check (fetch_millis >= 0),
    -- Why it cannot be made.
    problem          text,
    primary key (cache_id, revision),
    check ((digest is null) = (bytes is null) and (digest is null) = (entries is null)),
    check ((copy_of is null) = (expected_digest is null)
       and (copy_of is null) = (expected_bytes is null)
       and (copy_of is null) = (expected_entries is null))
);

-- What hosts hold or are to hold; whoever drives the host sees to it. It outlives its cache until its
-- host holds nothing of it.
create table data_cache_copy (
    id                text        collate "C" primary key,
    cache_id          text        collate "C" not null,
    revision          integer     not null,
    host_id           text        not null,
    shard             integer     not null,
    -- Null while it is being made.
    held_at           timestamptz,
    tries             integer     not null default 0,
    next_try_at       timestamptz not null default now(),
    bytes_done        bigint      not null default 0,
    bytes_total       bigint      not null default 0,
    bytes_from_source bigint      not null default 0,
    created_at        timestamptz not null default now(),
    -- It is not wanted any more.
    finished_at       timestamptz,
    -- When nothing of it was on its host any more.
    cleared_at        timestamptz,
    check (cleared_at is null or finished_at is not null)
);
create index data_cache_copy_of_cache on data_cache_copy (cache_id, revision);
create index data_cache_copy_to_do on data_cache_copy (shard, host_id)
    where cleared_at is null and (held_at is null or finished_at is not null);
create index data_cache_copy_on_host on data_cache_copy (host_id) where cleared_at is null;
create index data_cache_copy_held on data_cache_copy (shard, host_id)
    where held_at is not null and finished_at is null;
create index data_cache_copy_over on data_cache_copy (finished_at) where finished_at is not null;

-- Which groups mount which revision. Written before the group is, and void if that never comes; as long as
-- a group needs it a revision stays, and is brought to the group's host.
create table data_cache_use (
    group_id   text        not null,
    cache_id   text        collate "C" not null,
    revision   integer     not null,
    created_at timestamptz not null default now(),
    -- When it was seen that the group's host has it; null again if the host does not any more.
    served_at  timestamptz,
    primary key (group_id, cache_id, revision),
    foreign key (cache_id, revision) references data_cache_revision
);
create index data_cache_use_of_cache on data_cache_use (cache_id, revision);
create index data_cache_use_unserved on data_cache_use (cache_id, group_id) where served_at is null;

-- What happened to caches, for those who ask; the same once, with how often.
create table data_cache_event (
    cache_id text        collate "C" not null references data_cache on delete cascade,
    name     text        not null,
    type     text        not null check (type in ('Normal', 'Warning')),
    reason   text        not null,
    message  text        not null,
    count    integer     not null default 1,
    first_at timestamptz not null,
    last_at  timestamptz not null,
    primary key (cache_id, reason, message)
);
