-- GPUs that are billed: thousandths of one in all.
alter table usage_interval add column gpu_milli integer not null default 0 check (gpu_milli >= 0);

-- How many GPUs a host has: what was declared, else what it tells of itself. Null where nothing was
-- declared, and where only a release declared it that tells nothing apart.
alter table host add column declared_gpus integer check (declared_gpus between 0 and 64);
alter table host add column reported_gpus integer not null default 0
    check (reported_gpus between 0 and 64);
alter table host add column reported_gpu_model text not null default '';
update host set declared_gpus = cardinality(gpu_reserved_milli)
where declared_by <> 'SETTINGS' and cardinality(gpu_reserved_milli) > 0;

-- What is reserved of so many GPUs, or of as many more as groups hold.
create function counted_gpus(reserved integer[], devices integer) returns integer[]
    language sql immutable as $$
    select array(
        select coalesce(reserved[n], 0)
        from generate_series(1, greatest(devices, (
            select coalesce(max(d.number), 0)::int4
            from unnest(reserved) with ordinality as d (milli, number)
            where d.milli > 0))) as n
        order by n)
$$;
