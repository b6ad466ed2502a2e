-- Files that operations tasks made. A row is written before its content and counts once a task
-- names it; what no task names is swept.
create table ops_file (
    id       bigint      generated always as identity primary key,
    bytes    bigint      not null default 0 check (bytes >= 0),
    begun_at timestamptz not null default now()
);
create index ops_file_by_age on ops_file (begun_at);

-- The content in parts of at most 256 KiB, numbered from 0.
create table ops_file_chunk (
    file_id bigint  not null references ops_file on delete cascade,
    number  integer not null check (number >= 0),
    data    bytea   not null check (octet_length(data) <= 262144),
    primary key (file_id, number)
);

-- Operations tasks of groups. Whoever drives the host of a task carries it out.
create table ops_task (
    id            text        primary key,
    account_id    text        not null,
    region        text        not null,
    group_id      text        not null,
    host_id       text        not null,
    shard         integer     not null,
    ops_type      text        not null check (ops_type in ('tcpdump')),
    -- What is captured, as a document, and the image that captures it.
    filter        jsonb       not null,
    image         text        not null,
    status        text        not null
        check (status in ('Ready', 'Success', 'Closed', 'Failed', 'Expired')),
    -- Somebody asked for its end.
    closing       boolean     not null default false,
    created_at    timestamptz not null,
    -- It has to have begun by then, and then goes on for so long at most.
    begin_by      timestamptz not null,
    seconds       integer     not null check (seconds > 0),
    begun_at      timestamptz,
    finished_at   timestamptz,
    -- When nothing of it was on its host any more.
    cleared_at    timestamptz,
    -- The result: its content, until when it is kept, and the secret that opens it, as a hash and
    -- sealed.
    file_id       bigint      references ops_file on delete set null,
    expires_at    timestamptz,
    secret_hash   bytea,
    sealed_secret text,
    check ((status = 'Ready') = (finished_at is null)),
    check (cleared_at is null or finished_at is not null),
    check (file_id is null or (status in ('Success', 'Closed') and expires_at is not null
        and secret_hash is not null and sealed_secret is not null))
);
create unique index ops_task_one_at_a_time on ops_task (group_id, ops_type)
    where status = 'Ready';
create index ops_task_of_group on ops_task (account_id, region, group_id, id desc);
create index ops_task_under_way on ops_task (account_id) where status = 'Ready';
create index ops_task_to_do on ops_task (shard, host_id, id) where cleared_at is null;
create index ops_task_over on ops_task (finished_at) where finished_at is not null;
create unique index ops_task_secret on ops_task (secret_hash) where secret_hash is not null;
create unique index ops_task_file on ops_task (file_id) where file_id is not null;
