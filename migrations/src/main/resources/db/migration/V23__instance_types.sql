-- What hosts of a pool are sold as, and by which items a time of use is charged: empty for vCPU and
-- memory, 'economy', or the name of an instance type that has a price of its own.
alter table pool add column compute_category text not null default 'general'
    check (compute_category in ('general', 'economy'));
alter table usage_interval add column tariff text not null default '';
