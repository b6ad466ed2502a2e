-- What the groups of an account use of its quotas in a region is the sum of its row in quota and of these.
-- Whoever makes groups while there is plenty left counts them in a slot, so that processes that make groups of
-- one account at the same time do not wait for each other; who needs to know exactly locks the row of quota,
-- which takes the slots into it.
create table quota_slot (
    account_id     text     not null,
    region         text     not null,
    slot           smallint not null,
    used_milli_cpu bigint   not null,
    used_groups    bigint   not null,
    primary key (account_id, region, slot)
) with (fillfactor = 50);

create view quota_used as
select account_id, region, sum(used_milli_cpu)::bigint as used_milli_cpu,
       sum(used_groups)::bigint as used_groups
from (select account_id, region, used_milli_cpu, used_groups from quota
      union all
      select account_id, region, used_milli_cpu, used_groups from quota_slot) as counted
group by account_id, region;

-- Shared by those who count in slots, exclusive for those who need to know all.
create function quota_key(account text, in_region text) returns bigint language sql immutable
return hashtextextended(account || '/' || in_region, 41);

-- Taken before anything is counted: an update that counts nothing, as releases before this one lock it too.
create function take_in_quota_slots() returns trigger language plpgsql as $$
declare
    counted record;
begin
    perform pg_advisory_xact_lock(quota_key(new.account_id, new.region));
    with gone as (
        delete from quota_slot
        where account_id = new.account_id and region = new.region
        returning used_milli_cpu, used_groups)
    select coalesce(sum(used_milli_cpu), 0) as milli_cpu, coalesce(sum(used_groups), 0) as groups
    into counted from gone;
    new.used_milli_cpu := new.used_milli_cpu + counted.milli_cpu;
    new.used_groups := new.used_groups + counted.groups;
    return new;
end
$$;

create trigger quota_takes_slots_in before update on quota
    for each row
    when (old.used_milli_cpu = new.used_milli_cpu and old.used_groups = new.used_groups)
    execute function take_in_quota_slots();

-- Whether so much more is a small part of what is left: of each maximum a quarter is kept apart for what all
-- slots together may be counting right now, unseen by each other, and none of them may count more than its part.
-- To give back it always is.
create function quota_is_ample(account text, in_region text, more_milli_cpu bigint, more_groups bigint,
                               most_cpu bigint, most_groups bigint, slots integer)
returns boolean language sql stable
return (more_milli_cpu <= 0 and more_groups <= 0) or (
    select u.used_milli_cpu <= coalesce(q.max_cpu, most_cpu) * 750
           and more_milli_cpu <= coalesce(q.max_cpu, most_cpu) * 250 / slots
           and u.used_groups * 4 <= coalesce(q.max_container_groups, most_groups) * 3
           and more_groups * 4 * slots <= coalesce(q.max_container_groups, most_groups)
    from quota q join quota_used u on u.account_id = q.account_id and u.region = q.region
    where q.account_id = account and q.region = in_region);

-- Locks the quotas of some places, each named once, in the order in which they are named: by a slot where that is
-- enough, else exclusively.
create function lock_quotas(accounts text[], regions text[], more_milli_cpu bigint[], more_groups bigint[],
                            most_cpu bigint, most_groups bigint, own_slot integer, slots integer)
returns void language plpgsql as $$
declare
    place record;
begin
    for place in
        select * from unnest(accounts, regions, more_milli_cpu, more_groups) with ordinality
            as p (account_id, region, milli_cpu, groups, n)
        order by n
    loop
        insert into quota (account_id, region) values (place.account_id, place.region) on conflict do nothing;
        if quota_is_ample(place.account_id, place.region, place.milli_cpu, place.groups,
                          most_cpu, most_groups, slots) then
            perform pg_advisory_xact_lock_shared(quota_key(place.account_id, place.region));
            insert into quota_slot as s (account_id, region, slot, used_milli_cpu, used_groups)
            values (place.account_id, place.region, own_slot, 0, 0)
            on conflict (account_id, region, slot) do update set used_groups = s.used_groups;
            if not quota_is_ample(place.account_id, place.region, place.milli_cpu, place.groups,
                                  most_cpu, most_groups, slots) then
                raise exception 'the quota of % in % was used up meanwhile', place.account_id, place.region
                    using errcode = 'serialization_failure';
            end if;
            perform set_config('podyard.quota_slot', own_slot::text, true);
        else
            update quota set used_groups = used_groups
            where account_id = place.account_id and region = place.region;
        end if;
    end loop;
end
$$;

-- Counts groups where this transaction does so: in its slot if it has one.
create function count_in_quota(account text, in_region text, milli_cpu bigint, groups bigint) returns void
language plpgsql as $$
declare
    own_slot smallint := nullif(current_setting('podyard.quota_slot', true), '')::smallint;
begin
    if milli_cpu = 0 and groups = 0 then
        return;
    end if;
    if own_slot is null then
        insert into quota as q (account_id, region, used_milli_cpu, used_groups)
        values (account, in_region, milli_cpu, groups)
        on conflict (account_id, region) do update
        set used_milli_cpu = q.used_milli_cpu + excluded.used_milli_cpu,
            used_groups = q.used_groups + excluded.used_groups;
    else
        insert into quota_slot as s (account_id, region, slot, used_milli_cpu, used_groups)
        values (account, in_region, own_slot, milli_cpu, groups)
        on conflict (account_id, region, slot) do update
        set used_milli_cpu = s.used_milli_cpu + excluded.used_milli_cpu,
            used_groups = s.used_groups + excluded.used_groups;
    end if;
end
$$;

create or replace function count_new_groups() returns trigger language plpgsql as $$
begin
    perform count_in_quota(account_id, region, milli_cpu, groups)
    from (select account_id, region, sum(quota_milli_cpu(milli_cpu, spec)) as milli_cpu, count(*) as groups
          from created where counts_in_quota(status)
          group by account_id, region order by account_id, region) as counted;
    return null;
end
$$;

create or replace function count_changed_group() returns trigger language plpgsql as $$
begin
    if counts_in_quota(old.status) then
        perform count_in_quota(old.account_id, old.region, -quota_milli_cpu(old.milli_cpu, old.spec), -1);
    end if;
    if tg_op = 'UPDATE' and counts_in_quota(new.status) then
        perform count_in_quota(new.account_id, new.region, quota_milli_cpu(new.milli_cpu, new.spec), 1);
    end if;
    return null;
end
$$;
