-- When a client token may be forgotten if what it made is gone; else it is looked at again later.
alter table client_token
    add column forget_at timestamptz not null default now() + interval '24 hours';
create index client_token_to_forget on client_token (forget_at);
drop index client_token_by_age;

-- Ended groups in the order in which their records end: by place, the newest of each kept longer.
create index container_group_ended on container_group (account_id, region, final_at, id)
    where final_at is not null and status <> 'ScheduleFailed';
create index container_group_never_placed on container_group (final_at)
    where final_at is not null and status = 'ScheduleFailed';
drop index container_group_final;

-- From when on the history is whole; records that ended before may be forgotten.
create table history_start (
    only_one  boolean     primary key default true check (only_one),
    kept_from timestamptz not null
);
insert into history_start (kept_from) values ('-infinity');
