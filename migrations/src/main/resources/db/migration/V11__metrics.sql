-- What groups used, at three resolutions. Nothing is ever updated but a pack that is made again;
-- what is over goes with its partition. Partitions are made by the server before they are needed.

-- A row for each time a group was looked at, by the hour.
create table metric_sample (
    group_id text        not null,
    at       timestamptz not null,
    data     bytea       not null,
    primary key (group_id, at)
) partition by range (at);

-- The minutes of ten minutes in a row, by the day.
create table metric_minutes (
    group_id text        not null,
    start_at timestamptz not null,
    data     bytea       not null,
    primary key (group_id, start_at)
) partition by range (start_at);

-- The ten minutes of six hours in a row, by the day.
create table metric_ten_minutes (
    group_id text        not null,
    start_at timestamptz not null,
    data     bytea       not null,
    primary key (group_id, start_at)
) partition by range (start_at);

-- It is compressed already.
alter table metric_sample alter column data set storage external;
alter table metric_minutes alter column data set storage external;
alter table metric_ten_minutes alter column data set storage external;

-- How far the coarser ones are made, whole windows of all groups, and up to which group in the
-- window after that. Who makes more holds the row.
create table metric_roll_up (
    resolution text        primary key,
    done_until timestamptz not null,
    done_group text        not null default ''
);
insert into metric_roll_up (resolution, done_until)
select r, date_bin('6 hours', now(), timestamptz '2000-01-01 00:00:00Z')
from unnest(array['MINUTE', 'TEN_MINUTES']) r;
