-- Logs of containers that were removed from their host. A row is written before its text and is
-- there for readers once kept_at is set; what is never finished is swept.
create table kept_log (
    id           bigint      generated always as identity primary key,
    group_id     text        not null,
    container    text        not null,
    attempt      integer     not null,
    -- Its chunks are numbered from first_chunk on; the first line is whole unless that is above 0.
    first_chunk  integer     not null default 0 check (first_chunk >= 0),
    chunks       integer     not null default 0 check (chunks >= 0),
    stored_bytes bigint      not null default 0 check (stored_bytes >= 0),
    begun_at     timestamptz not null default now(),
    kept_at      timestamptz
);
create unique index kept_log_of_attempt on kept_log (group_id, container, attempt)
    where kept_at is not null;
create index kept_log_of_group on kept_log (group_id);
create index kept_log_unfinished on kept_log (begun_at) where kept_at is null;

-- The text in parts of at most 256 KiB, each compressed by itself.
create table kept_log_chunk (
    log_id bigint  not null references kept_log on delete cascade,
    number integer not null check (number >= 0),
    data   bytea   not null check (octet_length(data) <= 300000),
    primary key (log_id, number)
);
-- It is compressed already.
alter table kept_log_chunk alter column data set storage external;

-- Why nothing bounds a group as a whole on a host, only each of its containers; empty if something
-- does.
alter table host add column unbound_reason text not null default '';
