-- Accounts whose bills are open from first_month on although those of others are closed up to open_bills:
-- hours of them are not settled. The bills of an account are closed in their order.
create table held_bills (
    account_id  text        primary key,
    first_month date        not null check (first_month = date_trunc('month', first_month)),
    held_since  timestamptz not null default now()
);

-- An earlier release closes the bills of all accounts at once and knows nothing of those that are held.
create function refuse_bill_out_of_turn() returns trigger language plpgsql as $$
begin
    if exists (select 1 from held_bills h
               where h.account_id = new.account_id and h.first_month < new.month) then
        raise exception 'an earlier bill of account % is not closed yet', new.account_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;
create trigger bills_close_in_turn before insert on closed_bill
    for each row execute function refuse_bill_out_of_turn();

-- Which price is missing for an hour that has a problem; null if that is another one.
alter table account_hour add column unpriced text;

-- What an account should know of, written in the transaction that makes it so. What is told once more, of the
-- same subject, is counted.
create table account_event (
    id         bigint      primary key generated always as identity,
    account_id text        not null,
    reason     text        not null,
    subject    text        not null,
    type       text        not null check (type in ('Normal', 'Warning')),
    message    text        not null,
    count      integer     not null default 1,
    first_at   timestamptz not null default now(),
    last_at    timestamptz not null default now(),
    unique (account_id, reason, subject)
);
create index account_event_of on account_event (account_id, id);

-- When a budget is compared next with what was spent.
alter table budget add column next_look_at timestamptz not null default now();
create index budget_next_look on budget (next_look_at);
