-- All of them or none, and for a moment at a time: those who write groups take them in any order, and a
-- release that is running beside this goes on.
do $$
begin
    set local lock_timeout = '100ms';
    for attempt in 1..300 loop
        begin
            lock table host, container_group, group_remains in access exclusive mode;
            set local lock_timeout to default;
            return;
        exception when lock_not_available then
            perform pg_sleep(1);
        end;
    end loop;
    raise exception 'host, container_group or group_remains is read for very long, by a backup perhaps; start again when that is over';
end
$$;

-- Records of ended groups outlive their hosts and keep the names of them. What is still on a host has a
-- reservation, which refers to it.
alter table container_group drop constraint container_group_host_id_fkey;

-- A host that is no more keeps nothing of those whose record ends, whichever release ends it.
create function skip_remains_on_hosts_that_are_gone() returns trigger language plpgsql as $$
begin
    perform from host where id = new.host_id for key share;
    if found then
        return new;
    end if;
    return null;
end
$$;
create trigger remains_are_on_hosts before insert on group_remains
    for each row execute function skip_remains_on_hosts_that_are_gone();

-- What the inventory file last said of a cordon, so that it is done once; null where it says nothing, and
-- where only a release has read it that did it at every start.
alter table host add column declared_cordon boolean;
