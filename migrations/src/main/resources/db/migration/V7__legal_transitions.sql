-- Which status may follow which: the last line behind GroupStatus, and no final status ever changes.
-- The condition is all that an update of a status costs; the function is called for a refusal only.
create function refuse_transition() returns trigger language plpgsql as $$
begin
    raise exception 'container group %: % may not become %', old.id, old.status, new.status
        using errcode = 'check_violation', constraint = 'only_legal_transitions',
              table = tg_table_name;
end
$$;

create trigger only_legal_transitions
    before update of status on container_group
    for each row
    when (old.status <> new.status
          and (old.status, new.status) not in (
            ('Scheduling', 'Pending'), ('Scheduling', 'ScheduleFailed'), ('Scheduling', 'Failed'),
            ('Scheduling', 'Terminating'),
            ('Pending', 'Running'), ('Pending', 'Succeeded'), ('Pending', 'Failed'),
            ('Pending', 'Restarting'), ('Pending', 'Updating'), ('Pending', 'Terminating'),
            ('Pending', 'Expired'),
            ('Running', 'Succeeded'), ('Running', 'Failed'), ('Running', 'Restarting'),
            ('Running', 'Updating'), ('Running', 'Terminating'), ('Running', 'Expired'),
            ('Restarting', 'Pending'), ('Restarting', 'Running'), ('Restarting', 'Succeeded'),
            ('Restarting', 'Failed'), ('Restarting', 'Terminating'), ('Restarting', 'Expired'),
            ('Updating', 'Pending'), ('Updating', 'Running'), ('Updating', 'Succeeded'),
            ('Updating', 'Failed'), ('Updating', 'Terminating'), ('Updating', 'Expired')))
    execute function refuse_transition();
