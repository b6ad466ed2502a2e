-- What an account may have in a region and what it has of it. A maximum that is null is the
-- installation's. What is used is kept by the triggers below, whoever writes groups: it changes in
-- the transaction that changes the group, also if a release writes it that knows of no quotas.
-- There is no constraint on it, so that a number that is wrong never keeps a group from ending.
create table quota (
    account_id            text   not null,
    region                text   not null,
    used_milli_cpu        bigint not null default 0,
    used_groups           bigint not null default 0,
    max_cpu               bigint check (max_cpu >= 0),
    max_container_groups  bigint check (max_container_groups >= 0),
    max_image_caches      bigint check (max_image_caches >= 0),
    max_auto_image_caches bigint check (max_auto_image_caches >= 0),
    max_data_caches       bigint check (max_data_caches >= 0),
    primary key (account_id, region)
) with (fillfactor = 50);

-- Whether a group counts: until it has ended, so also while it is Terminating.
create function counts_in_quota(status text) returns boolean language sql immutable
return status not in ('ScheduleFailed', 'Succeeded', 'Failed', 'Expired');

-- What it counts for: what it has, or while it becomes another, what it will have if that is more.
create function quota_milli_cpu(milli_cpu integer, spec jsonb) returns integer
language sql immutable
return greatest(milli_cpu, (spec #>> '{size,cpu,value}')::int4);

create function count_new_groups() returns trigger language plpgsql as $$
begin
    insert into quota as q (account_id, region, used_milli_cpu, used_groups)
    select account_id, region, sum(quota_milli_cpu(milli_cpu, spec)), count(*)
    from created where counts_in_quota(status)
    group by account_id, region order by account_id, region
    on conflict (account_id, region) do update
    set used_milli_cpu = q.used_milli_cpu + excluded.used_milli_cpu,
        used_groups = q.used_groups + excluded.used_groups;
    return null;
end
$$;

create trigger quota_of_new_groups after insert on container_group
    referencing new table as created
    for each statement execute function count_new_groups();

create function count_changed_group() returns trigger language plpgsql as $$
begin
    if counts_in_quota(old.status) then
        update quota
        set used_milli_cpu = used_milli_cpu - quota_milli_cpu(old.milli_cpu, old.spec),
            used_groups = used_groups - 1
        where (account_id, region) = (old.account_id, old.region);
    end if;
    if tg_op = 'UPDATE' and counts_in_quota(new.status) then
        insert into quota as q (account_id, region, used_milli_cpu, used_groups)
        values (new.account_id, new.region, quota_milli_cpu(new.milli_cpu, new.spec), 1)
        on conflict (account_id, region) do update
        set used_milli_cpu = q.used_milli_cpu + excluded.used_milli_cpu,
            used_groups = q.used_groups + 1;
    end if;
    return null;
end
$$;

-- The condition is all that most steps in the life of a group cost.
create trigger quota_of_changed_groups
    after update of status, milli_cpu, spec, account_id, region on container_group
    for each row
    when (counts_in_quota(old.status) <> counts_in_quota(new.status)
          or old.milli_cpu <> new.milli_cpu
          or old.spec #>> '{size,cpu,value}' is distinct from new.spec #>> '{size,cpu,value}'
          or (old.account_id, old.region) <> (new.account_id, new.region))
    execute function count_changed_group();

create trigger quota_of_gone_groups after delete on container_group
    for each row when (counts_in_quota(old.status))
    execute function count_changed_group();

-- The groups there are. The triggers have locked the table, so nothing comes between.
insert into quota (account_id, region, used_milli_cpu, used_groups)
select account_id, region, sum(quota_milli_cpu(milli_cpu, spec)), count(*)
from container_group where counts_in_quota(status)
group by account_id, region;
