-- Three more facts about a host, each with its own begin. Its operator wants it empty by a deadline;
-- it was given up for lost; it vanished together with too many others to be given up without one.
alter table host add column draining_since timestamptz;
alter table host add column drain_deadline_at timestamptz;
alter table host add column drain_reason text;
alter table host add column lost_at timestamptz;
alter table host add column alarmed_at timestamptz;

-- The state goes on following from the facts, whoever writes them: a release that knows of fewer
-- facts writes the state that follows from those it knows. A drain is a cordon with a deadline, so
-- whatever takes the cordon away ends the drain; who answers is not alarming. A lost host that
-- answers stays lost until whoever drives it has seen that nothing foreign is left on it.
alter table host drop constraint state_of_host;
alter table host drop constraint host_state_check;

create function state_of_host() returns trigger language plpgsql as $$
begin
    if new.cordoned_at is null then
        new.draining_since := null;
        new.drain_deadline_at := null;
        new.drain_reason := null;
    end if;
    if new.unreachable_since is null or new.lost_at is not null then
        new.alarmed_at := null;
    end if;
    new.state := case when new.lost_at is not null then 'LOST'
                      when new.unreachable_since is not null then 'UNREACHABLE'
                      when new.draining_since is not null then 'DRAINING'
                      when new.cordoned_at is not null then 'CORDONED'
                      else 'READY' end;
    return new;
end
$$;

create trigger state_of_host
    before insert or update of state, cordoned_at, unreachable_since, draining_since, lost_at, alarmed_at
    on host
    for each row execute function state_of_host();

alter table host add constraint state_of_host check (state =
    case when lost_at is not null then 'LOST'
         when unreachable_since is not null then 'UNREACHABLE'
         when draining_since is not null then 'DRAINING'
         when cordoned_at is not null then 'CORDONED'
         else 'READY' end);
alter table host add constraint drain_has_deadline check (
    (draining_since is null) = (drain_deadline_at is null)
    and (draining_since is null or cordoned_at is not null));

create index host_not_ready on host (shard) where state <> 'READY';
