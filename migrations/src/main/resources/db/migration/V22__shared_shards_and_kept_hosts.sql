-- Who shares the shards: one row for each process, renewed with its leases.
create table lease_holder (
    holder     text        primary key,
    started_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null
);

-- A host that takes nothing but one group, which is too large for any host as they are now. It ends
-- by itself, so that nobody's death keeps a host from the others.
alter table host add column kept_for text;
alter table host add column kept_until timestamptz;
alter table host add constraint kept_has_an_end check ((kept_for is null) = (kept_until is null));
create unique index host_kept_for on host (kept_for) where kept_for is not null;
