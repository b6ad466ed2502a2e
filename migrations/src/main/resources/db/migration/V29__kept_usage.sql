-- GiB that are billed beside the size: of a group its temporary storage beyond what is free, of a volume
-- what it takes. What is no group has no size.
alter table usage_interval
    add column storage_gib integer not null default 0 check (storage_gib >= 0),
    drop constraint usage_interval_milli_cpu_check,
    drop constraint usage_interval_memory_mib_check,
    add constraint usage_interval_milli_cpu_check check (milli_cpu >= 0),
    add constraint usage_interval_memory_mib_check check (memory_mib >= 0);

-- By a hash of the id, with which an interval is closed in half the time. That any two of ten million
-- groups share one is as likely as winning a lottery, and one of them could not be metered then.
alter table usage_interval
    drop constraint usage_never_overlaps,
    add constraint usage_never_overlaps exclude using gist (
        hashtextextended(group_id, 0) with =, tstzrange(started_at, ended_at) with &&);

-- Intervals of groups that have ended for good, by the month of their end. They come here from
-- usage_interval, where every interval begins, ends, and is numbered.
create table usage_interval_closed (
    group_id    text        not null,
    sequence    integer     not null check (sequence > 0),
    account_id  text        not null,
    region      text        not null,
    zone        text        not null,
    milli_cpu   integer     not null check (milli_cpu >= 0),
    memory_mib  integer     not null check (memory_mib >= 0),
    started_at  timestamptz not null,
    ended_at    timestamptz not null check (ended_at >= started_at),
    tariff      text        not null,
    gpu_milli   integer     not null check (gpu_milli >= 0),
    storage_gib integer     not null check (storage_gib >= 0),
    primary key (group_id, sequence, ended_at)
) partition by range (ended_at);
create table usage_interval_closed_default partition of usage_interval_closed default;
create index usage_closed_of_account on usage_interval_closed
    using gist (account_id, tstzrange(started_at, ended_at, '[]'));
create index usage_closed_of_account_by_group on usage_interval_closed (account_id, group_id);

-- What goes there next.
create index usage_interval_ended on usage_interval (ended_at) where ended_at is not null;

-- All that was metered and is not forgotten.
create view metered_interval as
    select group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at, ended_at,
           tariff, gpu_milli, storage_gib
    from usage_interval
    union all
    select group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at, ended_at,
           tariff, gpu_milli, storage_gib
    from usage_interval_closed;

-- From when on what was metered is whole; what ended before may be forgotten.
create table usage_start (
    only_one  boolean     primary key default true check (only_one),
    kept_from timestamptz not null
);
insert into usage_start (kept_from) values ('-infinity');

-- Hours of accounts that were over already when something was learnt of what was used in them, so that
-- they have to be charged again. Only ever appended to, in the transaction that changes the interval;
-- the same hour may be there several times.
create table late_usage (
    id         bigint      primary key generated always as identity,
    account_id text        not null,
    hour       timestamptz not null
);

-- Triggers, for an earlier release changes intervals as well. A statement that changes nothing of hours
-- that are over appends nothing; the others append each hour once.
create function note_late_start() returns trigger language plpgsql as $$
declare
    present timestamptz := date_trunc('hour', clock_timestamp(), 'UTC');
begin
    insert into late_usage (account_id, hour)
    select distinct n.account_id, h
    from fresh n
         cross join generate_series(date_trunc('hour', n.started_at, 'UTC'),
                                    least(present - interval '1 hour', n.ended_at - interval '1 s'),
                                    interval '1 hour') h
    where n.started_at < present and n.ended_at is distinct from n.started_at;
    return null;
end
$$;
create trigger late_starts_are_noted after insert on usage_interval
    referencing new table as fresh for each statement execute function note_late_start();

create function note_late_end() returns trigger language plpgsql as $$
declare
    present timestamptz := date_trunc('hour', clock_timestamp(), 'UTC');
begin
    insert into late_usage (account_id, hour)
    select distinct n.account_id, h
    from fresh n join former o on o.group_id = n.group_id and o.sequence = n.sequence
         cross join generate_series(date_trunc('hour', least(o.ended_at, n.ended_at), 'UTC'),
                                    least(present - interval '1 hour',
                                          greatest(coalesce(o.ended_at, 'infinity'),
                                                   coalesce(n.ended_at, 'infinity')) - interval '1 s'),
                                    interval '1 hour') h
    where n.ended_at is distinct from o.ended_at and least(o.ended_at, n.ended_at) < present;
    return null;
end
$$;
create trigger late_ends_are_noted after update on usage_interval
    referencing old table as former new table as fresh
    for each statement execute function note_late_end();

-- Volumes are metered from when they have a host until they are to be removed, in the transaction that
-- says so, if their region sells them then. One that was made where they had no price costs nothing.
create function meter_volume() returns trigger language plpgsql as $$
declare
    had boolean := tg_op = 'UPDATE' and old.host_id is not null and old.deleting_at is null;
    has boolean := new.host_id is not null and new.deleting_at is null;
    at  timestamptz := date_trunc('second', now(), 'UTC');
begin
    if has = had and (tg_op = 'INSERT' or new.size_gib = old.size_gib) then
        return null;
    end if;
    update usage_interval set ended_at = greatest(started_at, at)
    where group_id = new.id and ended_at is null;
    if has and exists (
        select 1 from price
        where item = 'volume' and new.region like replace(region, '*', '%')
          and valid_from <= at and (valid_to is null or valid_to > at)) then
        insert into usage_interval
          (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, tariff, storage_gib,
           started_at)
        select new.id, 1 + coalesce(max(sequence), 0), new.account_id, new.region, new.zone, 0, 0,
               'volume', new.size_gib, greatest(max(ended_at), at)
        from usage_interval where group_id = new.id;
    end if;
    return null;
end
$$;
create trigger volumes_are_metered after insert or update on persistent_volume
    for each row execute function meter_volume();
