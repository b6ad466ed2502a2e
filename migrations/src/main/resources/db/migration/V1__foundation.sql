-- One installation is one database. Everything made on a host carries its id.
create extension if not exists btree_gist;

create table installation (
    only_one   boolean     primary key default true check (only_one),
    id         text        not null,
    created_at timestamptz not null default now()
);
insert into installation (id)
values ('py' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 10));

-- Who may call.
create table account (
    id         text        primary key,
    name       text        not null unique,
    role       text        not null check (role in ('OPERATOR', 'USER')),
    created_at timestamptz not null default now()
);

create table access_key (
    id            text        primary key,
    account_id    text        not null references account,
    sealed_secret text        not null,
    status        text        not null check (status in ('ACTIVE', 'INACTIVE')),
    created_at    timestamptz not null default now()
);
create index access_key_of_account on access_key (account_id);

-- Where groups may run.
create table zone (
    region text not null,
    id     text not null,
    primary key (region, id)
);

create table vswitch (
    account_id text        not null references account,
    region     text        not null,
    id         text        not null,
    zone       text        not null,
    created_at timestamptz not null default now(),
    primary key (account_id, region, id),
    foreign key (region, zone) references zone (region, id)
);

create table pool (
    id         text        primary key,
    region     text        not null,
    runtime    text        not null,
    created_at timestamptz not null default now()
);

-- reserved never exceeds allocatable: the last line behind all code.
create table host (
    id                     text        primary key,
    pool_id                text        not null references pool,
    region                 text        not null,
    zone                   text        not null,
    shard                  integer     not null,
    state                  text        not null check (state in ('READY', 'CORDONED', 'UNREACHABLE')),
    allocatable_milli_cpu  integer     not null check (allocatable_milli_cpu >= 0),
    allocatable_memory_mib integer     not null check (allocatable_memory_mib >= 0),
    reserved_milli_cpu     integer     not null default 0 check (reserved_milli_cpu >= 0),
    reserved_memory_mib    integer     not null default 0 check (reserved_memory_mib >= 0),
    reported_milli_cpu     integer     not null,
    reported_memory_mib    integer     not null,
    engine                 text        not null,
    created_at             timestamptz not null default now(),
    foreign key (region, zone) references zone (region, id),
    constraint never_over_committed check (
        reserved_milli_cpu <= allocatable_milli_cpu
        and reserved_memory_mib <= allocatable_memory_mib)
) with (fillfactor = 70);
create index host_of_shard on host (shard);

-- Who drives the hosts of a shard. The epoch grows with each new holder.
create table shard_lease (
    shard      integer     primary key,
    holder     text,
    epoch      bigint      not null default 0,
    expires_at timestamptz not null default '-infinity'
);

-- Container groups that users may see or that still hold something on a host.
create table container_group (
    id           text        primary key,
    account_id   text        not null,
    region       text        not null,
    zone         text,
    name         text        not null,
    status       text        not null check (status in (
        'Scheduling', 'ScheduleFailed', 'Pending', 'Running', 'Restarting', 'Updating',
        'Terminating', 'Succeeded', 'Failed', 'Expired')),
    reason       text        not null default '',
    message      text        not null default '',
    milli_cpu    integer     not null check (milli_cpu > 0),
    memory_mib   integer     not null check (memory_mib > 0),
    spec         jsonb       not null,
    kept         jsonb       not null,
    tags         jsonb       not null default '{}',
    state        jsonb       not null,
    generation   bigint      not null default 1,
    version      bigint      not null default 1,
    host_id      text        references host,
    shard        integer,
    goal         text        not null default 'RUN' check (goal in ('RUN', 'END', 'REMOVE')),
    goal_reason  text        not null default '',
    kill_at      timestamptz,
    deadline_at  timestamptz,
    attention_at timestamptz,
    created_at   timestamptz not null,
    running_at   timestamptz,
    succeeded_at timestamptz,
    failed_at    timestamptz,
    deleted_at   timestamptz,
    final_at     timestamptz,
    released_at  timestamptz,
    constraint shard_of_host check ((host_id is null) = (shard is null))
) with (fillfactor = 60);
create index container_group_page on container_group (account_id, region, id desc) where deleted_at is null;
create index container_group_page_by_status on container_group (account_id, region, status, id desc) where deleted_at is null;
create index container_group_page_by_name on container_group (account_id, region, name, id desc) where deleted_at is null;
create index container_group_by_tag on container_group using gin (tags jsonb_path_ops);
create index container_group_waiting on container_group (created_at) where host_id is null and status = 'Scheduling';
create index container_group_driven on container_group (shard) where host_id is not null and released_at is null;
create index container_group_attention on container_group (shard, attention_at) where attention_at is not null;
create index container_group_final on container_group (final_at) where final_at is not null;

-- Groups whose record is over, by the month of their end.
create table container_group_history (
    id         text        not null,
    account_id text        not null,
    region     text        not null,
    name       text        not null,
    status     text        not null,
    record     jsonb       not null,
    created_at timestamptz not null,
    ended_at   timestamptz not null,
    primary key (id, ended_at)
) partition by range (ended_at);
create table container_group_history_default partition of container_group_history default;
create index container_group_history_page on container_group_history (account_id, region, id desc);

-- What a group holds of a host. The row of a group is its right to run there and nowhere else.
create table reservation (
    group_id   text        primary key,
    host_id    text        not null references host,
    milli_cpu  integer     not null check (milli_cpu > 0),
    memory_mib integer     not null check (memory_mib > 0),
    created_at timestamptz not null default now()
);
create index reservation_on_host on reservation (host_id);

-- One row for each kind of thing that happened to a group.
create table group_event (
    group_id       text        not null,
    reason         text        not null,
    message_digest text        not null,
    account_id     text        not null,
    type           text        not null check (type in ('Normal', 'Warning')),
    message        text        not null,
    count          integer     not null default 1,
    first_at       timestamptz not null,
    last_at        timestamptz not null,
    primary key (group_id, reason, message_digest)
);

-- A client token and its effect commit together.
create table client_token (
    account_id  text        not null,
    region      text        not null,
    action      text        not null,
    token       text        not null,
    fingerprint text        not null,
    resource_id text        not null,
    created_at  timestamptz not null default now(),
    primary key (account_id, region, action, token)
);
create index client_token_by_age on client_token (created_at);

-- Nonces of requests that change something, for as long as their timestamps are accepted.
create table request_nonce (
    access_key_id text        not null,
    nonce         text        not null,
    seen_at       timestamptz not null default now(),
    primary key (access_key_id, nonce)
);
create index request_nonce_by_age on request_nonce (seen_at);

-- What is billed: half-open, whole seconds, one open interval a group, none overlapping.
create table usage_interval (
    group_id   text        not null,
    sequence   integer     not null check (sequence > 0),
    account_id text        not null,
    region     text        not null,
    zone       text        not null,
    milli_cpu  integer     not null check (milli_cpu > 0),
    memory_mib integer     not null check (memory_mib > 0),
    started_at timestamptz not null check (started_at = date_trunc('second', started_at, 'UTC')),
    ended_at   timestamptz check (ended_at = date_trunc('second', ended_at, 'UTC') and ended_at >= started_at),
    primary key (group_id, sequence),
    constraint usage_never_overlaps exclude using gist (
        group_id with =, tstzrange(started_at, ended_at) with &&)
);
create unique index usage_one_open_interval on usage_interval (group_id) where ended_at is null;
create index usage_of_account on usage_interval (account_id, started_at);

-- The newest proof that a shard's hosts were seen alive, one row for all of them.
create table proof_of_life (
    shard   integer     primary key,
    seen_at timestamptz not null
);
