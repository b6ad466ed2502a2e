-- Tasks that make images of running containers. Whoever drives the host of a task carries it out.
create table commit_task (
    id             text        primary key,
    account_id     text        not null,
    region         text        not null,
    group_id       text        not null,
    container      text        not null,
    host_id        text        not null,
    shard          integer     not null,
    image          text        not null,
    author         text        not null,
    message        text        not null,
    -- How to log in to the registry, sealed; forgotten when the task is over.
    access         text,
    status         text        not null check (status in ('Running', 'Succeeded', 'Failed')),
    status_message text        not null default '',
    -- The phase that it is in, or was in when it ended.
    phase          text        not null
        check (phase in ('PullBaseImage', 'CommitContainer', 'PushCommittedImage')),
    created_at     timestamptz not null default now(),
    deadline_at    timestamptz not null,
    based_at       timestamptz,
    committed_at   timestamptz,
    finished_at    timestamptz,
    -- When nothing of it was on its host any more.
    cleared_at     timestamptz,
    check ((status = 'Running') = (finished_at is null)),
    check (status = 'Running' or access is null),
    check (cleared_at is null or finished_at is not null)
);
create index commit_task_page on commit_task (account_id, region, id desc);
create index commit_task_running on commit_task (account_id) where status = 'Running';
create index commit_task_to_do on commit_task (shard, host_id, id) where cleared_at is null;
create index commit_task_over on commit_task (finished_at) where finished_at is not null;
