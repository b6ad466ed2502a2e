-- Disks that outlive their groups. A disk is on one host from the moment its first group has one, and one
-- group at a time has it: attached_to is the group's right to it. Whoever frees it has seen that nothing of
-- that group is left on its host.
create table persistent_volume (
    id                text        primary key,
    account_id        text        not null references account,
    region            text        not null,
    zone              text,
    host_id           text        references host,
    size_gib          integer     not null check (size_gib between 5 and 32768),
    fs_type           text        not null check (fs_type in ('ext4')),
    delete_with_group boolean     not null,
    attached_to       text,
    deleting          boolean     not null default false,
    created_at        timestamptz not null,
    constraint zone_of_host check ((host_id is null) = (zone is null))
);
create index persistent_volume_page on persistent_volume (account_id, region, id desc) where not deleting;
create index persistent_volume_attached on persistent_volume (attached_to) where attached_to is not null;
create index persistent_volume_deleting on persistent_volume (host_id) where deleting;
