-- What a region's, or a zone's, spot groups cost as a share of what others cost, from an instant on
-- until the next one of the same region and zone. Of those that count for a zone the closest does: one
-- for the zone itself, else the longest pattern of the region. Nothing is ever edited, or bills would
-- change.
create table spot_price (
    id         bigint      primary key generated always as identity,
    region     text        not null check (region <> ''),
    zone       text        not null default '',
    share      numeric     not null check (share >= 0 and share <= 1 and scale(trim_scale(share)) <= 4),
    valid_from timestamptz not null check (valid_from = date_trunc('second', valid_from, 'UTC')),
    created_at timestamptz not null default now(),
    unique (region, zone, valid_from)
);

create function refuse_change_of_spot_price() returns trigger language plpgsql as $$
begin
    raise exception 'spot prices are never edited: add another one'
        using errcode = 'restrict_violation';
end
$$;
create trigger spot_price_stays before update or delete on spot_price
    for each row execute function refuse_change_of_spot_price();

create function refuse_backdated_spot_price() returns trigger language plpgsql as $$
begin
    raise exception 'a spot price from % would change what was used already', new.valid_from
        using errcode = 'restrict_violation';
end
$$;
create trigger spot_price_begins_later before insert on spot_price
    for each row when (new.valid_from < date_trunc('second', now(), 'UTC'))
    execute function refuse_backdated_spot_price();

-- What was agreed with a spot group, for as long as it is billed, and the end of it: when it is
-- stopped, why, and for which group it gives way. A notice is given once and is not taken back.
create table spot_group (
    group_id        text        primary key,
    created_at      timestamptz not null,
    protected_until timestamptz not null check (protected_until >= created_at),
    price_limit     numeric     check (price_limit > 0),
    noticed_at      timestamptz,
    release_at      timestamptz,
    release_reason  text        check (release_reason in ('CAPACITY', 'PRICE')),
    gives_way_to    text,
    constraint notice_is_whole check (
        (noticed_at is null) = (release_at is null)
        and (noticed_at is null) = (release_reason is null)
        and (gives_way_to is not null) = (release_reason is not distinct from 'CAPACITY')),
    constraint no_notice_while_protected check (noticed_at >= protected_until)
);
create index spot_group_gives_way_to on spot_group (gives_way_to) where gives_way_to is not null;

-- The room that spot groups leave is a paying group's from their notice on. The host is kept for those
-- it is promised to, one after the other.
create table spot_promise (
    group_id   text        primary key,
    host_id    text        not null references host on delete cascade,
    milli_cpu  integer     not null,
    memory_mib integer     not null,
    disk_mib   integer     not null default 0,
    made_at    timestamptz not null default clock_timestamp()
);
create index spot_promise_on_host on spot_promise (host_id);

alter table container_group add column spot boolean not null default false;
create index container_group_spot on container_group (host_id) where spot and final_at is null;

-- A release that knows nothing of spot groups changes what is kept of one, and keeps this all the same.
create function keep_spot() returns trigger language plpgsql as $$
begin
    new.kept := new.kept || jsonb_build_object('spot', old.kept -> 'spot');
    return new;
end
$$;
create trigger spot_is_kept before update of kept on container_group
    for each row when (old.spot and jsonb_exists(old.kept, 'spot') and not jsonb_exists(new.kept, 'spot'))
    execute function keep_spot();

-- A spot group may be stopped before its first container was there.
drop trigger only_legal_transitions on container_group;
create trigger only_legal_transitions
    before update of status on container_group
    for each row
    when (old.status <> new.status
          and (old.status, new.status) not in (
            ('Scheduling', 'Pending'), ('Scheduling', 'ScheduleFailed'), ('Scheduling', 'Failed'),
            ('Scheduling', 'Terminating'), ('Scheduling', 'Expired'),
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
