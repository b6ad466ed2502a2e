-- A page of the groups of one zone costs the same however many there are elsewhere.
create index container_group_page_by_zone on container_group (account_id, region, zone, id desc)
    where deleted_at is null;
