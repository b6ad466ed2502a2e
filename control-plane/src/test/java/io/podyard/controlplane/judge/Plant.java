package io.podyard.controlplane.judge;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A violation planted into the tables.
 *
 * @param what is wrong
 * @param sql makes it so; names of groups in braces stand for their ids
 * @param expected what the judge must find, and nothing else: {@code RULE subject}
 * @param words what the judge says of one of them
 */
record Plant(String what, List<String> sql, Set<String> expected, String words) {

  static Plant of(String what, String expected, String words, String... sql) {
    return new Plant(
        what, List.of(sql), Arrays.stream(expected.split(", ")).collect(Collectors.toSet()), words);
  }

  private static final String DELETING =
      """
      insert into group_event (group_id, reason, message_digest, account_id, type, message,
                               first_at, last_at)
      select id, 'Deleting', 'planted', account_id, 'Normal', 'planted', now(), now()
      from container_group where id = '%s'
      """;

  private static final String TERMINATING =
      """
      update container_group
      set status = 'Terminating', goal = 'END', kill_at = now() + interval '%s' where id = '%s'
      """;

  private static final String FREE = "alter table host drop constraint never_over_committed";

  static final List<Plant> RECORDS =
      List.of(
          of(
              "a group with a record that is over as well",
              "ACKNOWLEDGED {succeeded}",
              "both alive and over",
              """
              insert into container_group_history
              select id, account_id, region, name, status, to_jsonb(g), created_at, now()
              from container_group g where id = '{succeeded}'
              """),
          of(
              "a group that is over twice",
              "ACKNOWLEDGED {deleted}",
              "over 2 times",
              """
              insert into container_group_history
              select id, account_id, region, name, status, record, created_at, ended_at - interval '1 s'
              from container_group_history where id = '{deleted}'
              """),
          of(
              "a group that is over in the middle of its life",
              "ACKNOWLEDGED {deleted}",
              "over although it was Running",
              "update container_group_history set status = 'Running' where id = '{deleted}'"),
          of(
              "a delete that does not end",
              "ACKNOWLEDGED {running}",
              "should have ended",
              TERMINATING.formatted("-31 s", "{running}"),
              DELETING.formatted("{running}")),
          of(
              "a token whose group never existed",
              "CLIENT_TOKEN planted",
              "never existed",
              """
              insert into client_token (account_id, region, action, token, fingerprint, resource_id)
              values ('a', 'r', 'CreateContainerGroup', 'planted', '', 'eci-nothing')
              """),
          of(
              "two tokens that made one group",
              "CLIENT_TOKEN {running}",
              "planted 1, planted 2",
              """
              insert into client_token (account_id, region, action, token, fingerprint, resource_id)
              select account_id, region, 'CreateContainerGroup', 'planted ' || n, '', id
              from container_group, generate_series(1, 2) n where id = '{running}'
              """),
          of(
              "a token of another account",
              "CLIENT_TOKEN planted",
              "of someone",
              """
              insert into client_token (account_id, region, action, token, fingerprint, resource_id)
              select 'someone', region, 'CreateContainerGroup', 'planted', '', id
              from container_group where id = '{running}'
              """));

  private static final String LISTED =
      """
      insert into metered_hour (hour, horizon, listed)
      select date_trunc('hour', now(), 'UTC'), pg_current_xact_id(), true
      """;

  private static final String LINE =
      """
      insert into charge_line (account_id, hour, resource_kind, resource_id, id, revision, bill_month,
                               item, kind, list_price, unit_price, currency, units, amount)
      values ('someone', date_trunc('hour', now(), 'UTC'), 'container-group', 'eci-planted',
              gen_random_uuid(), 0, '2026-11-01', 'vcpu', 'usage', 2, 2, 'CNY', 3, 6)
      """;

  static final List<Plant> CHARGES =
      List.of(
          of(
              "an hour that is charged for less than was used",
              "CHARGES {account}",
              "is charged for 0",
              LISTED,
              """
              insert into account_hour (account_id, hour, due, settled_at)
              select '{account}', hour, false, now() from metered_hour
              """),
          of("usage that nobody settles", "CHARGES {account}", "which nobody settles", LISTED),
          of("a charge for an hour that was not listed", "CHARGES someone", "never listed", LINE),
          of(
              "a charge that is there twice",
              "CHARGES eci-planted",
              "has 2 lines of one kind and revision",
              LISTED,
              """
              insert into account_hour (account_id, hour)
              select account_id, date_trunc('hour', now(), 'UTC')
              from (values ('someone'), ('{account}')) a (account_id)
              """,
              LINE,
              LINE),
          of(
              "a group that is called two things at once",
              "CHARGES eci-planted",
              "is called one and other at one time",
              """
              insert into billed_resource (account_id, resource_kind, resource_id, from_hour, name)
              values ('someone', 'container-group', 'eci-planted', '2026-11-01Z', 'one'),
                     ('someone', 'container-group', 'eci-planted', '2026-11-02Z', 'other')
              """));

  static final List<Plant> QUOTAS =
      List.of(
          of(
              "an account that uses more of its quota than its groups have",
              "QUOTAS {account} in cn-hangzhou",
              "of its quotas, its live groups are",
              "update quota set used_milli_cpu = used_milli_cpu + 1"),
          of(
              "an account that has one group less than is counted",
              "QUOTAS {account} in cn-hangzhou",
              "in 5 groups of its quotas",
              "update quota set used_groups = used_groups + 1"),
          of(
              "groups that nobody counts",
              "QUOTAS {account} in cn-hangzhou",
              "uses 0 milli-vCPU in 0 groups",
              "delete from quota; delete from quota_slot"));

  /** A disk that a group has, on its host, as it should be. */
  private static final String DISK =
      """
      insert into persistent_volume (id, account_id, region, zone, host_id, size_gib, fs_type,
                                     delete_with_group, attached_to, created_at)
      select 'd-1', g.account_id, g.region, h.zone, h.id, 20, 'ext4', false, g.id, now()
      from container_group g join host h on h.id = g.host_id where g.id = '{running}'
      """;

  private static final String IN_SPEC =
      """
      update container_group
      set spec = jsonb_set(spec, '{volumes}', '[{"kind":"disk","name":"a","id":"d-1","sizeGib":20}]')
      where id = '%s'
      """;

  private static final String WANTED = IN_SPEC.formatted("{running}");

  static final List<Plant> DISKS =
      List.of(
          of(
              "a disk of a group that is gone from its host",
              "DISKS d-1",
              "a disk of {succeeded}, of which nothing is left",
              DISK,
              "update persistent_volume set attached_to = '{succeeded}'"),
          of(
              "a disk of a group that is over",
              "DISKS d-1",
              "a disk of {deleted}, of which nothing is left",
              DISK,
              "update persistent_volume set attached_to = '{deleted}'"),
          of(
              "two groups with one disk",
              "DISKS {pending}, DISKS d-1",
              "has disk d-1, which is a disk of {running}",
              DISK,
              WANTED,
              IN_SPEC.formatted("{pending}")),
          of(
              "a group with a disk that anybody may take",
              "DISKS {running}",
              "has disk d-1, which is free",
              DISK,
              WANTED,
              "update persistent_volume set attached_to = null"),
          of("a group with a disk that nobody knows", "DISKS {running}", "is unknown", WANTED),
          of("a disk of a group that does not want it", "DISKS d-1", "does not want it", DISK),
          of(
              "a disk of another size than its group wants",
              "DISKS d-1",
              "21 GiB",
              DISK,
              WANTED,
              "update persistent_volume set size_gib = 21"),
          of(
              "a disk on another host than its group",
              "DISKS {running}, DISKS d-1",
              "its disk d-1 is kept by {running.other}",
              DISK,
              WANTED,
              "update persistent_volume set host_id = '{running.other}'"),
          of(
              "a disk without a host, of a group with one",
              "DISKS {running}",
              "its disk d-1 is kept by no host",
              DISK,
              WANTED,
              "update persistent_volume set host_id = null, zone = null"),
          of(
              "a disk that nobody removes",
              "DISKS d-1",
              "is to be removed since",
              DISK,
              """
              update persistent_volume
              set attached_to = null, deleting_at = now() - interval '2 minutes'
              """));

  /** A vSwitch with addresses, of which a group has one as it should be. */
  private static final String VSWITCH =
      """
      insert into vswitch (account_id, region, id, zone, cidr, addresses_touched)
      select account_id, region, 'vsw-judged', zone, '192.168.200.0/28', 1
      from container_group where id = '{running}'
      """;

  private static final String ADDRESS =
      """
      insert into vswitch_address (account_id, region, vswitch_id, address, group_id)
      select account_id, region, 'vsw-judged', '192.168.200.1', id
      from container_group where id = '{running}'
      """;

  private static final String HAS_ADDRESS =
      """
      update container_group
      set spec = spec || '{"vSwitch":{"value":"vsw-judged"},
                           "address":{"ip":"192.168.200.1","subnet":"192.168.200.0/28",
                                      "gateway":"192.168.200.13"}}'
      where id = '{running}'
      """;

  static final List<Plant> ADDRESSES =
      List.of(
          of(
              "an address of a group that holds nothing",
              "ADDRESSES 192.168.200.1",
              "of {deleted}, which holds nothing",
              VSWITCH,
              ADDRESS,
              "alter table vswitch_address drop constraint vswitch_address_group_id_fkey",
              "update vswitch_address set group_id = '{deleted}'"),
          of(
              "an address of a group that has another",
              "ADDRESSES 192.168.200.2",
              "an address of {running}, which has 192.168.200.1 of vsw-judged",
              VSWITCH,
              ADDRESS,
              HAS_ADDRESS,
              "update vswitch_address set address = '192.168.200.2'"),
          of(
              "an address of a group that has none",
              "ADDRESSES 192.168.200.1",
              "which has none of none",
              VSWITCH,
              ADDRESS),
          of(
              "a group with an address that anybody may get",
              "ADDRESSES {running}",
              "has address 192.168.200.1, which nobody gave it",
              VSWITCH,
              ADDRESS,
              HAS_ADDRESS,
              "update vswitch_address set group_id = null"),
          of(
              "the address of a gateway, kept for nobody",
              "ADDRESSES 192.168.200.13",
              "no address for a group in 192.168.200.0/28",
              VSWITCH,
              ADDRESS,
              "update vswitch_address set group_id = null, address = '192.168.200.13'"),
          of(
              "an address that is lost",
              "ADDRESSES vsw-judged",
              "has given 1 addresses and knows 0",
              VSWITCH));

  /** A capture of a running group, begun so long ago; ended so long ago if that is not null. */
  private static final String CAPTURE =
      """
      insert into ops_task (id, account_id, region, group_id, host_id, shard, ops_type, filter,
                            image, status, created_at, begin_by, seconds, begun_at, finished_at)
      select 'ops-planted', account_id, region, id, host_id, shard, 'tcpdump', '{}', 'i', '%s',
             now() - interval '1 day', now() - interval '1 day', 60, now() - interval '%s',
             now() - %s::interval
      from container_group where id = '{running}'
      """;

  private static final String COMMIT =
      """
      insert into commit_task (id, account_id, region, group_id, container, host_id, shard, image,
                               author, message, status, phase, deadline_at, finished_at)
      select 'cct-planted', account_id, region, id, 'app', host_id, shard, 'i', '', '', '%s',
             'CommitContainer', now() - interval '2 minutes', now() - %s::interval
      from container_group where id = '{running}'
      """;

  private static final String CACHE =
      """
      insert into image_cache (id, account_id, region, name, status, revision, making, created_at)
      values ('imc-planted', 'a', 'r', 'n', '%s', %s, %s, now());
      insert into image_cache_revision (cache_id, revision, images, size_gib, flash, flash_copies,
                                        standard_copies, access, asked_at, deadline_at, bytes)
      values ('imc-planted', 1, array['i', 'j'], 20, false, 1, 1, '', now(),
              now() - interval '2 minutes', %s);
      insert into image_cache_image values ('imc-planted', 1, 0, 'i', 'sha256:0', 1)
      """;

  private static final String COPY =
      """
      insert into image_cache_copy (id, cache_id, revision, host_id, shard, held_at, created_at,
                                    finished_at)
      select 'imc-planted.2@h', 'imc-planted', 2, host_id, shard, %s,
             now() - interval '1 minute', %s
      from container_group where id = '{running}'
      """;

  static final List<Plant> IMAGE_CACHES =
      List.of(
          of(
              "a cache that can be used though half of it is not known",
              "IMAGE_CACHES imc-planted",
              "not all images are known",
              CACHE.formatted("Ready", "1", "null", "1")),
          of(
              "a cache that is neither made nor given up",
              "IMAGE_CACHES imc-planted",
              "should have been made by",
              CACHE.formatted("Creating", "0", "1", "null")),
          of(
              "a cache that is metered and there is none",
              "USAGE imc-planted",
              "there is no such image cache",
              """
              insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
                                          memory_mib, tariff, storage_gib, started_at)
              values ('imc-planted', 1, 'a', 'r', 'z', 0, 0, 'image-cache-storage', 20,
                      date_trunc('second', now()))
              """),
          of(
              "a copy that is held and nobody's",
              "IMAGE_CACHES imc-planted.2@h",
              "",
              COPY.formatted("now()", "null")),
          of(
              "a copy of no cache",
              "IMAGE_CACHES imc-planted.2@h",
              "belongs to no cache",
              COPY.formatted("null", "null")),
          of(
              "a copy that is not let go",
              "IMAGE_CACHES imc-planted.2@h",
              "is not wanted since",
              COPY.formatted("null", "now() - interval '1 minute'")));

  static final List<Plant> TASKS =
      List.of(
          of(
              "a capture that does not end",
              "TASKS ops-planted",
              "should have ended by",
              CAPTURE.formatted("Ready", "13 minutes", "null")),
          of(
              "an image that does not come about",
              "TASKS cct-planted",
              "should have ended by",
              COMMIT.formatted("Running", "null")),
          of(
              "tasks that are over and were not cleared away",
              "TASKS ops-planted, TASKS cct-planted",
              "is over since",
              CAPTURE.formatted("Failed", "5 minutes", "'2 minutes'"),
              COMMIT.formatted("Failed", "'2 minutes'")));

  static final List<Plant> CAPACITY =
      List.of(
          of(
              "a host with more reserved than groups hold",
              "RESERVATIONS {running.host}",
              "its reservations sum to",
              """
              update host set reserved_milli_cpu = reserved_milli_cpu + 1000
              where id = '{running.host}'
              """),
          of(
              "a host with more reserved than there is",
              "RESERVATIONS {large.host}",
              "more reserved than is allocatable",
              FREE,
              "update host set allocatable_milli_cpu = 1000 where id = '{large.host}'"),
          of(
              "a host with more of its disk reserved than is held",
              "RESERVATIONS {large.host}",
              "has 5 MiB of disk reserved",
              "update host set reserved_disk_mib = 5 where id = '{large.host}'"),
          of(
              "a host with more of its disk reserved than there is",
              "RESERVATIONS {large.host}",
              "more reserved than is allocatable",
              "alter table host drop constraint disk_never_over_committed",
              """
              update reservation set disk_mib = 5
              where host_id = (select id from host where id = '{large.host}')
                and group_id = (select min(group_id) from reservation where host_id = '{large.host}')
              """,
              "update host set allocatable_disk_mib = 4 where id = '{large.host}'"),
          of(
              "a GPU with more reserved than is held",
              "RESERVATIONS {large.host}",
              "300 thousandths of GPU 1 reserved",
              "update host set gpu_reserved_milli = '{0,300}' where id = '{large.host}'"),
          of(
              "a group that holds a GPU that is not there",
              "RESERVATIONS {running}",
              "holds GPUs that",
              """
              update reservation set gpu_devices = 4, gpu_milli_each = 1000
              where group_id = '{running}'
              """),
          of(
              "a group that holds a GPU it did not ask for",
              "RESERVATIONS {running}",
              "of 0 GPUs holds 1, 1000 thousandths of each",
              "update host set gpu_reserved_milli = '{1000}', gpu_model = 'A10'"
                  + " where id = '{running.host}'",
              "update reservation set gpu_devices = 1, gpu_milli_each = 1000"
                  + " where group_id = '{running}'"),
          of(
              "a group that holds what it has given back",
              "RESERVATIONS {succeeded}",
              "no right to",
              """
              insert into reservation (group_id, host_id, milli_cpu, memory_mib)
              select id, '{running.host}', milli_cpu, memory_mib
              from container_group where id = '{succeeded}'
              """,
              """
              update host set reserved_milli_cpu = reserved_milli_cpu + 500,
                              reserved_memory_mib = reserved_memory_mib + 1024
              where id = '{running.host}'
              """),
          of(
              "a group on a host where it holds nothing",
              "RESERVATIONS {running}",
              "without a reservation",
              "delete from reservation where group_id = '{running}'",
              """
              update host set reserved_milli_cpu = reserved_milli_cpu - 8000,
                              reserved_memory_mib = reserved_memory_mib - 16384
              where id = '{running.host}'
              """),
          of(
              "a group that holds more than its size",
              "RESERVATIONS {running}",
              "holds 8000 and 17408",
              "update reservation set memory_mib = memory_mib + 1024 where group_id = '{running}'",
              """
              update host set reserved_memory_mib = reserved_memory_mib + 1024
              where id = '{running.host}'
              """),
          of(
              "a group that holds another host than its own",
              "ONE_HOST {pending}",
              "holds {pending.other}",
              FREE,
              "update reservation set host_id = '{pending.other}' where group_id = '{pending}'",
              """
              update host set reserved_milli_cpu = reserved_milli_cpu + d.sign * 500,
                              reserved_memory_mib = reserved_memory_mib + d.sign * 1024
              from (values ('{pending.host}', -1), ('{pending.other}', 1)) as d (id, sign)
              where host.id = d.id
              """),
          of(
              "a group that is driven by others than its host",
              "ONE_HOST {running}",
              "shard 7",
              "update container_group set shard = 7 where id = '{running}'"),
          of(
              "a group in a zone that its region has not",
              "ONE_HOST {running}",
              "which is no zone of",
              """
              update container_group set zone = 'mars-a' where id = '{running}'
              """,
              "update usage_interval set zone = 'mars-a' where group_id = '{running}'"),
          of(
              "a group in another zone than its vSwitch",
              "ONE_HOST {running}",
              "its vSwitch vsw-planted in cn-hangzhou-k",
              """
              insert into vswitch (account_id, region, id, zone)
              select account_id, region, 'vsw-planted', 'cn-hangzhou-k'
              from container_group where id = '{running}'
              """,
              """
              update container_group
              set spec = jsonb_set(spec, '{vSwitch}', '{"value": "vsw-planted"}')
              where id = '{running}'
              """),
          of(
              "a group that the tables have on another host",
              "ONE_HOST {pending}",
              "not just on {pending.other}",
              FREE,
              """
              update container_group g set host_id = h.id, shard = h.shard, zone = h.zone
              from host h where h.id = '{pending.other}' and g.id = '{pending}'
              """,
              """
              update usage_interval set zone = (select zone from host where id = '{pending.other}')
              where group_id = '{pending}'
              """,
              "update reservation set host_id = '{pending.other}' where group_id = '{pending}'",
              """
              update host set reserved_milli_cpu = reserved_milli_cpu + d.sign * 500,
                              reserved_memory_mib = reserved_memory_mib + d.sign * 1024
              from (values ('{pending.host}', -1), ('{pending.other}', 1)) as d (id, sign)
              where host.id = d.id
              """));

  /** With a sequence and an end, of a group. */
  private static final String PUT_AWAY =
      """
      insert into usage_interval_closed
      select group_id, %s, account_id, region, zone, milli_cpu, memory_mib, started_at, %s, tariff,
             gpu_milli, storage_gib
      from usage_interval where group_id = '%s'
      """;

  private static final String CACHE_DISK =
      """
      insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
                                  memory_mib, started_at, tariff, storage_gib)
      select group_id || '.imc', 1, account_id, region, zone, 0, 0, %s, 'image-cache-use', 10
      from usage_interval where group_id = '{running}'
      """;

  static final List<Plant> USAGE =
      List.of(
          of(
              "a meter that was not stopped",
              "USAGE {succeeded}",
              "metered although",
              "update usage_interval set ended_at = null where group_id = '{succeeded}'"),
          of(
              "a meter that was stopped too early",
              "USAGE {running}",
              "is Running but not metered",
              "update usage_interval set ended_at = started_at where group_id = '{running}'"),
          of(
              "a meter that runs although nothing runs",
              "USAGE {running}",
              "its host says STOPPED",
              TERMINATING.formatted("1 hour", "{running}"),
              DELETING.formatted("{running}"),
              """
              update container_group set state = jsonb_set(state, '{phase}', '"STOPPED"')
              where id = '{running}'
              """),
          of(
              "a time that is billed twice",
              "USAGE {running}",
              "overlap",
              "alter table usage_interval drop constraint usage_never_overlaps",
              """
              insert into usage_interval
              select group_id, 2, account_id, region, zone, milli_cpu, memory_mib, started_at,
                     started_at + interval '1 s'
              from usage_interval where group_id = '{running}'
              """),
          of(
              "an interval that was lost",
              "USAGE {running}",
              "has the intervals 2",
              "update usage_interval set sequence = 2 where group_id = '{running}'"),
          of(
              "a time between two sizes that nobody is billed for",
              "USAGE {running}",
              "interval 1 ended at",
              """
              update usage_interval set ended_at = started_at + interval '1 s'
              where group_id = '{running}'
              """,
              """
              insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
                                          memory_mib, started_at)
              select group_id, 2, account_id, region, zone, milli_cpu, memory_mib,
                     ended_at + interval '1 s'
              from usage_interval where group_id = '{running}'
              """),
          of(
              "a bill for a group that never was",
              "USAGE eci-nobody",
              "never created",
              """
              insert into usage_interval
              select 'eci-nobody', 1, account_id, region, zone, milli_cpu, memory_mib, started_at,
                     started_at
              from usage_interval where group_id = '{running}'
              """),
          of(
              "a group that was not billed at all",
              "USAGE {deleted}",
              "never metered",
              "delete from usage_interval where group_id = '{deleted}'"),
          of(
              "a meter that starts too early",
              "USAGE {running}",
              "but used its host from",
              """
              update usage_interval set started_at = started_at - interval '5 s'
              where group_id = '{running}'
              """),
          of(
              "a meter that stops too late",
              "USAGE {deleted}",
              "but ended at",
              """
              update usage_interval set ended_at = ended_at + interval '5 s'
              where group_id = '{deleted}'
              """),
          of(
              "a bill to somebody else",
              "USAGE {running}",
              "metered for someone",
              "update usage_interval set account_id = 'someone' where group_id = '{running}'"),
          of(
              "a bill for another size",
              "USAGE {running}",
              "metered with 16000",
              "update usage_interval set milli_cpu = 16000 where group_id = '{running}'"),
          of(
              "a bill for a GPU that nobody has",
              "USAGE {running}",
              "metered with 1000 thousandths of a GPU",
              "update usage_interval set gpu_milli = 1000 where group_id = '{running}'"),
          of(
              "a bill for storage that nobody bought",
              "USAGE {running}",
              "metered with 7 GiB of storage",
              "update usage_interval set storage_gib = 7 where group_id = '{running}'"),
          of(
              "a bill for less of a disk of an image cache than a group got",
              "USAGE {running}",
              "has 10 GiB of an image cache beyond the free ones, and is metered with 7",
              """
              update container_group
              set kept = jsonb_set(kept, '{imageCache}', '{"use": {"sizeGib": 40}}')
              where id = '{running}'
              """,
              "update usage_interval set cache_gib = 7 where group_id = '{running}'"),
          of(
              "a bill for a disk of an image cache that no group got",
              "USAGE {running}.imc",
              "there is no such group with an image cache",
              CACHE_DISK.formatted("started_at")),
          of(
              "a bill for a disk of an image cache from before its group was metered",
              "USAGE {running}.imc",
              "has 10 GiB beyond the free ones",
              """
              update container_group
              set kept = jsonb_set(kept, '{imageCache}', '{"use": {"sizeGib": 40}}')
              where id = '{running}'
              """,
              CACHE_DISK.formatted("started_at - interval '1 s'")),
          of(
              "a bill for a volume that there is not",
              "USAGE d-nothing",
              "but there is none",
              """
              insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
                                          memory_mib, started_at, tariff, storage_gib)
              select 'd-nothing', 1, account_id, region, zone, 0, 0, started_at, 'volume', 20
              from usage_interval where group_id = '{running}'
              """),
          of(
              "an interval that is kept twice",
              "USAGE {deleted}",
              "interval 1 is kept twice",
              PUT_AWAY.formatted("sequence", "ended_at", "{deleted}")),
          of(
              "an interval of a group that goes on and is put away",
              "USAGE {running}",
              "interval 1 is put away",
              PUT_AWAY.formatted("sequence", "started_at", "{running}"),
              "update usage_interval set sequence = 2 where group_id = '{running}'"),
          of(
              "a time that is billed twice, once where it is put away",
              "USAGE {running}",
              "intervals 1 and 2 overlap",
              PUT_AWAY.formatted("sequence", "started_at + interval '1 s'", "{running}"),
              "update usage_interval set sequence = 2 where group_id = '{running}'"),
          of(
              "an interval that was lost where it is put away",
              "USAGE {deleted}",
              "has the intervals 2",
              PUT_AWAY.formatted("2", "ended_at", "{deleted}"),
              "delete from usage_interval where group_id = '{deleted}'"),
          of(
              "a bill for tomorrow",
              "USAGE {deleted}",
              "in the future",
              """
              update usage_interval set ended_at = ended_at + interval '1 day'
              where group_id = '{deleted}'
              """));

  static final List<Plant> HOST_LIFE =
      List.of(
          of(
              "a group that lost its host and goes on",
              "RESERVATIONS {running}, TRANSITIONS {running}",
              "which is lost since",
              """
              update host set unreachable_since = now() - interval '2 min',
                              lost_at = now() - interval '1 min'
              where id = '{running.host}'
              """),
          of(
              "a group on a host that should be empty",
              "TRANSITIONS {running}",
              "which should have been empty by",
              """
              update host set cordoned_at = now() - interval '1 h',
                              draining_since = now() - interval '1 h',
                              drain_deadline_at = now() - interval '10 min'
              where id = '{running.host}'
              """));

  /** What makes a spot group of one that is none. */
  private static final String SPOT =
      """
      insert into spot_group (group_id, created_at, protected_until, noticed_at, release_at,
                              release_reason)
      select id, date_trunc('second', created_at), date_trunc('second', created_at), %s, %s, 'PRICE'
      from container_group where id = '{running}'
      """;

  private static final String MARK =
      """
      update container_group set spot = true, kept = kept || '{"spot": {"hours": 0}}'
      where id = '{running}'
      """;

  private static final String TOLD =
      """
      insert into group_event (group_id, reason, message_digest, account_id, type, message,
                               first_at, last_at)
      select id, '%s', 'planted', account_id, 'Warning', 'planted', now(), now()
      from container_group where id = '{running}'
      """;

  private static final String EXPIRED =
      """
      update container_group
      set status = 'Expired', goal = 'REMOVE', final_at = now(), reason = 'SpotReleased',
          state = jsonb_set(state, '{phase}', '"FAILED"')
      where id = '{running}'
      """;

  private static final String NOT_METERED =
      """
      update usage_interval set ended_at = started_at + interval '1 s'
      where group_id = '{running}'
      """;

  static final List<Plant> SPOT_GROUPS =
      List.of(
          of(
              "a spot group that was asked to leave while it was protected",
              "SPOT {running}",
              "although it is protected until",
              "alter table spot_group drop constraint no_notice_while_protected",
              SPOT.formatted("now()", "now() + interval '3 min'"),
              MARK,
              TOLD.formatted("SpotToBeReleased"),
              "update spot_group set protected_until = now() + interval '1 h'"),
          of(
              "a spot group that was released without a notice",
              "SPOT {running}, CONTAINERS {running}",
              "its notice is for never",
              EXPIRED,
              NOT_METERED,
              TOLD.formatted("SpotReleased")),
          of(
              "a spot group that was released before its time",
              "SPOT {running}, CONTAINERS {running}",
              "expired at",
              SPOT.formatted("now()", "now() + interval '3 min'"),
              MARK,
              TOLD.formatted("SpotToBeReleased"),
              TOLD.formatted("SpotReleased"),
              EXPIRED,
              NOT_METERED),
          of(
              "a notice that nobody was told",
              "SPOT {running}",
              "no event that tells it",
              SPOT.formatted("now()", "now() + interval '3 min'"),
              MARK),
          of(
              "a spot group that nothing was agreed with",
              "SPOT {running}",
              "nothing was agreed with",
              MARK),
          of(
              "a spot group that stays after its notice",
              "SPOT {running}",
              "should have been released",
              SPOT.formatted("now()", "now() + interval '3 min'"),
              MARK,
              TOLD.formatted("SpotToBeReleased"),
              "update spot_group set release_at = now() - interval '31 s'"));

  static final List<Plant> LIFE =
      List.of(
          of(
              "an end without a time",
              "TRANSITIONS {succeeded}",
              "final_at unset",
              "update container_group set final_at = null where id = '{succeeded}'"),
          of(
              "a running group that never began to run",
              "TRANSITIONS {running}",
              "no time",
              "update container_group set running_at = null where id = '{running}'"),
          of(
              "a living group that is only to be removed",
              "TRANSITIONS {running}",
              "with goal REMOVE",
              "update container_group set goal = 'REMOVE' where id = '{running}'"),
          of(
              "a group that ends on no host",
              "TRANSITIONS {waiting}",
              "without a host",
              TERMINATING.formatted("1 hour", "{waiting}"),
              DELETING.formatted("{waiting}")),
          of(
              "a status that its host contradicts",
              "TRANSITIONS {running}",
              "its host says STARTING",
              """
              update container_group set state = jsonb_set(state, '{phase}', '"STARTING"')
              where id = '{running}'
              """),
          of(
              "a host that let go unnoticed",
              "TRANSITIONS {succeeded}, RESERVATIONS {succeeded}",
              "released at no time",
              "update container_group set released_at = null where id = '{succeeded}'"),
          of(
              "a record that ended before its host let go",
              "TRANSITIONS {deleted}",
              "never let go",
              """
              update container_group_history set record = record - 'released_at'
              where id = '{deleted}'
              """),
          of(
              "a group that waits for ever",
              "TRANSITIONS {waiting}",
              "longer than its deadline",
              "update container_group set deadline_at = now() - interval '31 s' where id ="
                  + " '{waiting}'"),
          of(
              "a group that is Pending for ever",
              "TRANSITIONS {pending}",
              "Pending for longer",
              """
              update container_group
              set state = jsonb_set(state, '{chargedFrom}', to_jsonb(
                    to_char((now() - interval '2 h') at time zone 'UTC',
                            'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
              where id = '{pending}'
              """,
              """
              update usage_interval
              set started_at = date_trunc('second', now() - interval '2 h', 'UTC')
              where group_id = '{pending}'
              """,
              """
              insert into late_usage (account_id, hour)
              select '{account}', date_trunc('hour', now(), 'UTC') - n * interval '1 h'
              from generate_series(0, 2) n
              """),
          of(
              "a group that has ended and still runs",
              "TRANSITIONS {running}, CONTAINERS {running}",
              "still holds {running.host}",
              """
              update container_group
              set status = 'Failed', goal = 'REMOVE', final_at = now() - interval '2 min',
                  failed_at = now(), state = jsonb_set(state, '{phase}', '"FAILED"')
              where id = '{running}'
              """,
              """
              update usage_interval set ended_at = started_at + interval '1 s'
              where group_id = '{running}'
              """),
          of(
              "a change that nobody looks at",
              "TRANSITIONS {running}",
              "nobody has looked at it",
              "update container_group set attention_at = now() - interval '31 s' where id ="
                  + " '{running}'"),
          of(
              "a group that came without an event",
              "TRANSITIONS {waiting}",
              "without an event",
              "delete from group_event where group_id = '{waiting}'"),
          of(
              "a delete without an event",
              "TRANSITIONS {deleted}",
              "deleted without an event",
              "delete from group_event where group_id = '{deleted}' and reason = 'Deleting'"),
          of(
              "a success without an event",
              "TRANSITIONS {succeeded}",
              "is Succeeded without an event",
              "delete from group_event where group_id = '{succeeded}' and reason = 'Completed'"),
          of(
              "a failure that only other events tell of",
              "TRANSITIONS {running}, CONTAINERS {running}",
              "is Failed without an event",
              """
              update container_group
              set status = 'Failed', goal = 'REMOVE', final_at = now(), reason = 'Evicted',
                  failed_at = now(), state = jsonb_set(state, '{phase}', '"FAILED"')
              where id = '{running}'
              """,
              """
              update usage_interval set ended_at = started_at + interval '1 s'
              where group_id = '{running}'
              """),
          of(
              "events of a group that never was",
              "TRANSITIONS eci-nobody",
              "never existed",
              """
              insert into group_event (group_id, reason, message_digest, account_id, type, message,
                                       first_at, last_at)
              values ('eci-nobody', 'Scheduled', '', 'a', 'Normal', '', now(), now())
              """));
}
