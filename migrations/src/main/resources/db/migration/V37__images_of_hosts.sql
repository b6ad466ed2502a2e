-- Images that hosts have, whoever had them pulled. A row is written when a host gets one or loses one, by
-- whoever drives the host; what is missing or stale here only makes a preference of placement worse.
create table host_image (
    host_id    text        not null references host on delete cascade,
    -- The only one that may use it there; empty for everyone.
    account_id text        collate "C" not null,
    -- Its full name, with the tag or the digest that it was asked for by.
    image      text        collate "C" not null,
    digest     text        not null,
    bytes      bigint      not null check (bytes > 0),
    changed_at timestamptz not null default now(),
    primary key (host_id, account_id, image)
);
create index host_image_changed on host_image (changed_at);
