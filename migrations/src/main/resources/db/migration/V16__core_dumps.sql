-- Tasks that wait for the core dump of a container that crashes: nothing is captured, nothing is on
-- the host for their sake.
alter table ops_task drop constraint ops_task_ops_type_check;
alter table ops_task alter column filter drop not null;
alter table ops_task alter column image drop not null;
alter table ops_task add constraint ops_task_ops_type_check check (
    (ops_type = 'tcpdump' and filter is not null and image is not null)
    or (ops_type = 'coredump' and filter is null and image is null));
