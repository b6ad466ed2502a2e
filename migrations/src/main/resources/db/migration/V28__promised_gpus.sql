-- GPUs of the room that spot groups leave: so many, and thousandths of each. Null where a release
-- promised it that does not count them.
alter table spot_promise add column gpu_count integer check (gpu_count between 0 and 64);
alter table spot_promise add column gpu_milli_each integer check (gpu_milli_each between 0 and 1000);
alter table spot_promise add constraint gpus_are_whole check (
    (gpu_count is null) = (gpu_milli_each is null)
    and coalesce(gpu_count = 0, false) = coalesce(gpu_milli_each = 0, false));

-- A release that knows nothing of kinds of machines and drivers of GPUs changes what is kept of a
-- group, and keeps these all the same.
create function keep_machine() returns trigger language plpgsql as $$
begin
    new.kept := jsonb_strip_nulls(jsonb_build_object(
        'machine', old.kept -> 'machine',
        'gpuDriverVersion', old.kept -> 'gpuDriverVersion')) || new.kept;
    return new;
end
$$;
create trigger machine_is_kept before update of kept on container_group
    for each row when (jsonb_exists(old.kept, 'machine') and not jsonb_exists(new.kept, 'machine'))
    execute function keep_machine();
