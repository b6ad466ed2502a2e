-- What a host may still keep of a group whose record is over: the logs of its containers. A row
-- commits with the end of the record and goes once the host has forgotten.
create table group_remains (
    group_id   text        not null,
    host_id    text        not null references host on delete cascade,
    containers text[]      not null,
    ended_at   timestamptz not null default now(),
    primary key (group_id, host_id)
);
create index group_remains_on_host on group_remains (host_id, ended_at);

-- When a group was written last, for those who ask only for what changed lately.
alter table container_group add column changed_at timestamptz not null default now();
