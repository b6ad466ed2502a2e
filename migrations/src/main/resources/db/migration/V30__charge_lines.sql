-- What accounts were charged, hour by hour. Lines are only ever added; what is learnt later corrects them
-- by lines of a later revision. All that has an hour's lines in common is one slot: a resource, an item, a
-- price, a kind.
create table charge_line (
    account_id    text        not null,
    hour          timestamptz not null check (hour = date_trunc('hour', hour, 'UTC')),
    resource_kind text        not null,
    resource_id   text        collate "C" not null,
    id            uuid        not null,
    revision      integer     not null check (revision >= 0),
    bill_month    date        not null check (bill_month = date_trunc('month', bill_month)),
    region        text,
    zone          text,
    item          text,
    kind          text        not null,
    agreement_id  text,
    list_price    numeric     not null,
    unit_price    numeric     not null,
    currency      text        not null check (currency ~ '^[A-Z]{3}$'),
    units         numeric     not null check (units <> 0),
    amount        numeric     not null check (amount = units * unit_price),
    why           text,
    settled_at    timestamptz not null default now(),
    primary key (account_id, hour, resource_id, id)
) partition by range (hour);
create table charge_line_default partition of charge_line default;
create index charge_line_by_bill on charge_line (account_id, bill_month);

create function refuse_change_of_charge_line() returns trigger language plpgsql as $$
begin
    raise exception 'charge lines are never edited: add one that corrects them'
        using errcode = 'restrict_violation';
end
$$;
create trigger charge_line_stays before update on charge_line
    for each row execute function refuse_change_of_charge_line();

-- Which hours of an account are settled, and which of them have to be settled again.
create table account_hour (
    account_id text        not null,
    hour       timestamptz not null check (hour = date_trunc('hour', hour, 'UTC')),
    due        boolean     not null default true,
    settled_at timestamptz,
    lines      bigint      not null default 0,
    problem    text,
    retry_at   timestamptz not null default '-infinity',
    primary key (account_id, hour)
);
create index account_hour_due on account_hour (hour, account_id) where due;

-- Whose usage of an hour is complete: every transaction that began before was over.
create table metered_hour (
    hour    timestamptz primary key check (hour = date_trunc('hour', hour, 'UTC')),
    horizon xid8        not null,
    listed  boolean     not null default false
);
create index metered_hour_unlisted on metered_hour (hour) where not listed;

-- What bills say of a resource beside its id, as it was when the hours from_hour to to_hour were settled.
create table billed_resource (
    account_id    text        not null,
    resource_kind text        not null,
    resource_id   text        collate "C" not null,
    from_hour     timestamptz not null,
    to_hour       timestamptz not null default 'infinity' check (to_hour > from_hour),
    name          text,
    tags          jsonb       not null default '{}',
    primary key (account_id, resource_id, resource_kind, from_hour)
);

-- Bills before this month are closed: what is learnt later goes on the first one that is not.
create table open_bills (
    only_one    boolean primary key default true check (only_one),
    first_month date    not null check (first_month = date_trunc('month', first_month))
);
-- None is closed yet.
insert into open_bills (first_month) values ('2000-01-01');

-- What a closed bill came to.
create table closed_bill (
    account_id text        not null,
    month      date        not null check (month = date_trunc('month', month)),
    currency   text        not null check (currency ~ '^[A-Z]{3}$'),
    lines      bigint      not null,
    exact      numeric     not null,
    total      numeric     not null,
    roundings  jsonb       not null,
    closed_at  timestamptz not null default now(),
    primary key (account_id, month, currency)
);
