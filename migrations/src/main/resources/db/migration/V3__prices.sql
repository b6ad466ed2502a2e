-- What one unit of an item costs for one second in the regions of a pattern ('cn-hangzhou', 'cn-*',
-- '*'; the closest one counts). Whole seconds, half-open, one price at any instant.
create table price (
    id         bigint      primary key generated always as identity,
    region     text        not null check (region <> ''),
    item       text        not null check (item <> ''),
    currency   text        not null check (currency ~ '^[A-Z]{3}$'),
    per_second numeric     not null check (per_second >= 0 and scale(trim_scale(per_second)) <= 12),
    valid_from timestamptz not null check (valid_from = date_trunc('second', valid_from, 'UTC')),
    valid_to   timestamptz check (valid_to = date_trunc('second', valid_to, 'UTC') and valid_to > valid_from),
    created_at timestamptz not null default now(),
    constraint price_never_overlaps exclude using gist (
        region with =, item with =, tstzrange(valid_from, valid_to) with &&)
);

-- A price in use is never edited, nor one that was in use: it gets an end, not before now, and is
-- followed by another. One that has not begun may be changed at will.
create function refuse_change_of_used_price() returns trigger language plpgsql as $$
begin
    if old.valid_from > now() and (tg_op = 'DELETE' or new.valid_from > now()) then
        if tg_op = 'DELETE' then
            return old;
        end if;
        return new;
    end if;
    if tg_op = 'UPDATE'
       and (new.id, new.region, new.item, new.currency, new.per_second, new.valid_from)
           = (old.id, old.region, old.item, old.currency, old.per_second, old.valid_from)
       and (old.valid_to is null or old.valid_to > now())
       and (new.valid_to is null or new.valid_to >= date_trunc('second', now(), 'UTC')) then
        return new;
    end if;
    raise exception 'price % of % in % is or was in use: end it now or later and add another',
        old.item, old.region, old.currency
        using errcode = 'restrict_violation';
end
$$;
create trigger price_in_use_stays before update or delete on price
    for each row execute function refuse_change_of_used_price();

-- Usage is shown group by group.
create index usage_of_account_by_group on usage_interval (account_id, group_id);
