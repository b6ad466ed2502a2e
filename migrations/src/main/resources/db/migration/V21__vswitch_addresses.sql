-- A vSwitch may have addresses of its own, which are given to groups. It has them from the beginning or
-- never; two of a region share none, since the networks of one host cannot.
alter table vswitch add column name text;
alter table vswitch add column cidr cidr
    check (family(cidr) = 4 and masklen(cidr) between 16 and 29);
-- How many were given at least once; these have rows of their own.
alter table vswitch add column addresses_touched integer not null default 0 check (addresses_touched >= 0);
alter table vswitch add constraint cidrs_of_a_region_never_overlap
    exclude using gist (region with =, cidr inet_ops with &&) where (cidr is not null);

-- Who has which address. A group has it as long as its reservation, whichever release gives that back.
create table vswitch_address (
    account_id    text        not null,
    region        text        not null,
    vswitch_id    text        not null,
    address       inet        not null check (family(address) = 4 and masklen(address) = 32),
    group_id      text        references reservation (group_id) on delete set null,
    -- The one that was given back longest ago is given next.
    given_back_at timestamptz,
    primary key (account_id, region, vswitch_id, address),
    foreign key (account_id, region, vswitch_id) references vswitch (account_id, region, id) on delete cascade,
    constraint free_since check ((group_id is null) = (given_back_at is not null))
);
create unique index vswitch_address_of_group on vswitch_address (group_id) where group_id is not null;
create index vswitch_address_free on vswitch_address (account_id, region, vswitch_id, given_back_at)
    where group_id is null;

create function note_when_an_address_is_given_back() returns trigger language plpgsql as $$
begin
    new.given_back_at := case when new.group_id is null then clock_timestamp() end;
    return new;
end
$$;
create trigger address_changes_hands before update of group_id on vswitch_address
    for each row execute function note_when_an_address_is_given_back();
