-- Who ran which command in a container, kept for a month beyond any record of the group. A command
-- that is talked with can be opened once, by one of two secrets of which only hashes are here.
create table exec_session (
    id             text primary key,
    account_id     text not null,
    access_key     text not null,
    group_id       text not null,
    host_id        text not null,
    container      text not null,
    sealed_command text not null,
    waited_for     boolean not null,
    stdin          boolean not null,
    tty            boolean not null,
    asked_at       timestamptz not null default now(),
    -- Until when it may be opened; null for a command that is waited for.
    expires_at     timestamptz,
    socket_hash    bytea,
    page_hash      bytea,
    -- When the command began; what was never opened is no access and goes soon.
    opened_at      timestamptz,
    ended_at       timestamptz,
    exit_code      integer,
    outcome        text
);

create unique index exec_session_socket on exec_session (socket_hash) where socket_hash is not null;
create unique index exec_session_page on exec_session (page_hash) where page_hash is not null;
create index exec_session_group on exec_session (group_id, id desc) where opened_at is not null;
create index exec_session_unopened on exec_session (account_id, expires_at) where opened_at is null;
create index exec_session_expiry on exec_session (expires_at) where opened_at is null;
create index exec_session_age on exec_session (asked_at);
