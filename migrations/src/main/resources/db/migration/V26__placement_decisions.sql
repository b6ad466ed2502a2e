-- Why hosts were picked and requests refused: a sample of the one, all of the other, as placement
-- saw the hosts then. Bounded by number and age, so nothing refers to it and it refers to nothing.
create table placement_decision (
    id               bigint      generated always as identity primary key,
    decided_at       timestamptz not null,
    account_id       text        not null,
    region           text        not null,
    group_id         text,
    outcome          text        not null check (outcome in ('PLACED', 'REFUSED')),
    host_id          text,
    decided_by       text        not null,
    snapshot_version bigint      not null,
    times            integer     not null check (times > 0),
    facts            jsonb       not null,
    check (outcome <> 'PLACED' or (group_id is not null and host_id is not null))
);
create index placement_decision_of_group on placement_decision (group_id) where group_id is not null;
create index placement_decision_of_outcome on placement_decision (outcome, id);

-- The drain that the inventory file declares for a host, so that it is begun once however often the
-- file is read, and the deadline that it began with, so that only that drain ends with the words.
alter table host add column declared_drain text;
alter table host add column declared_drain_until timestamptz;
alter table host add constraint declared_drain_has_deadline
    check ((declared_drain is null) = (declared_drain_until is null));
