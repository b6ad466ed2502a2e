-- Disks that outlive their groups. One group at a time has a disk: attached_to is its right to it, and
-- whoever takes it away has seen that nothing of that group is left on its host. A disk is on one host for
-- ever, which is stored before anything of it is made there; null until its first group has a host.
create table persistent_volume (
    id                text        primary key,
    account_id        text        not null references account,
    region            text        not null,
    -- Of its host.
    zone              text,
    host_id           text        references host,
    size_gib          integer     not null check (size_gib between 20 and 32768),
    fs_type           text        not null check (fs_type in ('ext4')),
    performance_level text,
    delete_with_group boolean     not null,
    attached_to       text,
    created_at        timestamptz not null,
    -- Since when it is nobody's and to be removed from its host.
    deleting_at       timestamptz,
    -- Since when it is not on its host. The row stays for a while as the proof of that: whatever has its
    -- id on a host after that may go, and nothing else may.
    removed_at        timestamptz,
    constraint zone_of_host check ((host_id is null) = (zone is null)),
    constraint deleted_is_free check (deleting_at is null or attached_to is null),
    constraint removed_was_deleted check (removed_at is null or deleting_at is not null)
);
create index persistent_volume_page on persistent_volume (account_id, region, id desc)
    where deleting_at is null;
create index persistent_volume_attached on persistent_volume (attached_to) where attached_to is not null;
create index persistent_volume_deleting on persistent_volume (host_id)
    where deleting_at is not null and removed_at is null;
create index persistent_volume_removed on persistent_volume (removed_at) where removed_at is not null;
create index persistent_volume_of_host on persistent_volume (host_id) where host_id is not null;
