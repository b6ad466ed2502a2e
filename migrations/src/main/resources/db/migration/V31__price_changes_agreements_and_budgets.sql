-- Who changed prices, when, by which request, and what that changed. Without an account it was the
-- server itself, with the prices that it ships. Nothing of it is ever edited or removed.
create table price_change (
    id            bigint      primary key generated always as identity,
    changed_at    timestamptz not null default now(),
    account_id    text,
    access_key_id text,
    request_id    text,
    gone          jsonb       not null check (jsonb_typeof(gone) = 'array'),
    added         jsonb       not null check (jsonb_typeof(added) = 'array')
);

create function refuse_change_of_audit() returns trigger language plpgsql as $$
begin
    raise exception '% tells who changed what: it is never edited', tg_table_name
        using errcode = 'restrict_violation';
end
$$;
create trigger price_change_stays before update or delete on price_change
    for each row execute function refuse_change_of_audit();

-- An account that owes money is refused whatever would cost more. Null: it owes none.
alter table account add column overdue_since timestamptz;

-- What accounts pay otherwise than the price book says. The document is the agreement as the file of
-- agreements has it; the hours are its own, for queries.
create table agreement (
    account_id text        not null references account,
    id         text        collate "C" not null,
    kind       text        not null check (kind in ('discounts', 'reservedInstances', 'savingsPlans')),
    document   jsonb       not null,
    from_hour  timestamptz not null check (from_hour = date_trunc('hour', from_hour, 'UTC')),
    to_hour    timestamptz check (to_hour = date_trunc('hour', to_hour, 'UTC') and to_hour > from_hour),
    created_by text        not null,
    created_at timestamptz not null default now(),
    primary key (account_id, id)
);
create index agreement_in_hour on agreement (from_hour, to_hour);

-- Hours that have begun are paid for as they were agreed: an agreement that has begun may get an end
-- that is not over, and nothing else; one begins in an hour that has not begun.
create function refuse_change_of_begun_agreement() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.from_hour > now() then
            return new;
        end if;
    elsif old.from_hour > now() and (tg_op = 'DELETE' or new.from_hour > now()) then
        if tg_op = 'DELETE' then
            return old;
        end if;
        return new;
    elsif tg_op = 'UPDATE'
       and (new.account_id, new.id, new.kind, new.document - 'to', new.from_hour, new.created_by, new.created_at)
           = (old.account_id, old.id, old.kind, old.document - 'to', old.from_hour, old.created_by, old.created_at)
       and (old.to_hour is null or old.to_hour > now())
       and (new.to_hour is null or new.to_hour > now()) then
        return new;
    end if;
    raise exception 'agreement % is about hours that have begun: end it at the next one or later',
        case when tg_op = 'INSERT' then new.id else old.id end
        using errcode = 'restrict_violation';
end
$$;
create trigger begun_agreement_stays before insert or update or delete on agreement
    for each row execute function refuse_change_of_begun_agreement();

-- As price_change, of the agreements of one account.
create table agreement_change (
    id            bigint      primary key generated always as identity,
    changed_at    timestamptz not null default now(),
    of_account    text        not null,
    account_id    text        not null,
    access_key_id text        not null,
    request_id    text        not null,
    gone          jsonb       not null,
    added         jsonb       not null
);
create index agreement_change_of on agreement_change (of_account, id);
create trigger agreement_change_stays before update or delete on agreement_change
    for each row execute function refuse_change_of_audit();

-- What an account wants to spend in a month, UTC, and at which percentages of it it is told. Without a
-- tag all of the account counts; with a tag what has it, whatever its value if that is null. The last hour
-- of the account that it was compared with was settled at looked_at.
create table budget (
    account_id    text        not null references account,
    name          text        collate "C" not null,
    amount        numeric     not null check (amount > 0),
    currency      text        not null check (currency ~ '^[A-Z]{3}$'),
    thresholds    integer[]   not null check (cardinality(thresholds) between 1 and 10),
    tag_key       text,
    tag_value     text        check (tag_value is null or tag_key is not null),
    webhook_url   text,
    sealed_secret text        check ((sealed_secret is null) = (webhook_url is null)),
    created_at    timestamptz not null default now(),
    changed_at    timestamptz not null default now(),
    looked_at     timestamptz not null default '-infinity',
    primary key (account_id, name)
);

-- A threshold that was passed, once a month.
create table budget_alert (
    account_id text        not null,
    budget     text        collate "C" not null,
    month      date        not null check (month = date_trunc('month', month)),
    threshold  integer     not null check (threshold between 1 and 1000),
    charged    numeric     not null,
    amount     numeric     not null,
    currency   text        not null,
    seen_at    timestamptz not null default now(),
    primary key (account_id, budget, month, threshold),
    foreign key (account_id, budget) references budget on delete cascade
);

-- What is still to be told to whoever wants to know, in the transaction that saw it; sent after that, at
-- least once, until it is taken or its deadline is over.
create table webhook_delivery (
    id            uuid        primary key,
    account_id    text        not null,
    budget        text        collate "C" not null,
    month         date        not null,
    threshold     integer     not null,
    body          text        not null,
    created_at    timestamptz not null default now(),
    deadline      timestamptz not null,
    attempts      integer     not null default 0,
    next_try_at   timestamptz not null default now(),
    last_try_at   timestamptz,
    last_status   integer,
    last_problem  text,
    delivered_at  timestamptz,
    given_up_at   timestamptz,
    unique (account_id, budget, month, threshold),
    foreign key (account_id, budget, month, threshold) references budget_alert on delete cascade
);
create index webhook_delivery_due on webhook_delivery (next_try_at)
    where delivered_at is null and given_up_at is null;

-- Spot prices of items, such as instance types: as spot_price, for what matches the pattern. Beside it and not
-- in it: a release that knows nothing of items would take them for prices of everything.
create table spot_item_price (
    id         bigint      primary key generated always as identity,
    region     text        not null check (region <> ''),
    zone       text        not null default '',
    items      text        not null check (items not in ('', '*')),
    share      numeric     not null check (share >= 0 and share <= 1 and scale(trim_scale(share)) <= 4),
    valid_from timestamptz not null check (valid_from = date_trunc('second', valid_from, 'UTC')),
    created_at timestamptz not null default now(),
    unique (region, zone, items, valid_from)
);
create trigger spot_item_price_stays before update or delete on spot_item_price
    for each row execute function refuse_change_of_spot_price();
create trigger spot_item_price_begins_later before insert on spot_item_price
    for each row when (new.valid_from < date_trunc('second', now(), 'UTC'))
    execute function refuse_backdated_spot_price();
