-- Two facts make the state of a host, and each has its own begin: its operator wants nothing new
-- there, and it does not answer whoever drives it.
alter table host add column cordoned_at timestamptz;
alter table host add column cordon_reason text;
alter table host add column unreachable_since timestamptz;
update host set cordoned_at = now() where state = 'CORDONED';
update host set unreachable_since = now() where state = 'UNREACHABLE';
alter table host add constraint state_of_host check (state =
    case when unreachable_since is not null then 'UNREACHABLE'
         when cordoned_at is not null then 'CORDONED'
         else 'READY' end);
create index host_unreachable on host (shard) where unreachable_since is not null;
