package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.event.GroupHappening;
import io.podyard.controlplane.inventory.VSwitchAddresses;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.volume.PersistentVolume;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.Together;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.GroupAddress;
import io.podyard.scheduler.GpuRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Binds waiting groups to hosts. A group that another process binds right now, that was deleted, or
 * whose host has no room any more is left as it is.
 */
@Component
class JdbcGroupBinding implements BatchWriter.Handler<GroupBinding, GroupBinding.Outcome> {

  /**
   * @param vSwitch null if it is in none
   * @param address null if its host chooses one
   */
  private record Bound(
      ContainerGroupId group,
      AccountId account,
      Reservations.Grant grant,
      VSwitches.@Nullable Placed vSwitch,
      @Nullable GroupAddress address,
      HostAttempt attempt,
      Instant at) {

    /** A value of the kind of machine that it is now; null if its request named none. */
    @Nullable String named(Function<HostAttempt, Object> value) {
      return attempt.named() ? String.valueOf(value.apply(attempt)) : null;
    }

    /** The same, its GPUs; null if it has none. */
    @Nullable String gpus() {
      GpuRequest gpus = attempt.gpus();
      return attempt.named() && gpus.count() > 0
          ? "{\"count\": %d, \"milliEach\": %d}".formatted(gpus.count(), gpus.milliEach())
          : null;
    }

    String zone() {
      return (vSwitch == null ? grant.zone() : vSwitch.zone()).value();
    }
  }

  private final JdbcTemplate jdbc;
  private final VSwitches vSwitches;
  private final GroupHolds holds;
  private final PersistentVolumes volumes;
  private final GroupEvents events;
  private final GroupDocuments documents;

  JdbcGroupBinding(
      JdbcTemplate jdbc,
      VSwitches vSwitches,
      VSwitchAddresses addresses,
      PersistentVolumes volumes,
      Reservations reservations,
      GroupEvents events,
      GroupDocuments documents) {
    this.jdbc = jdbc;
    this.vSwitches = vSwitches;
    this.holds = new GroupHolds(addresses, reservations);
    this.volumes = volumes;
    this.events = events;
    this.documents = documents;
  }

  @Override
  public List<GroupBinding.Outcome> write(List<GroupBinding> items) {
    // First of all, as it is when groups are made.
    Map<VSwitches.Key, VSwitches.Registered> registered =
        vSwitches.register(
            items.stream().map(GroupBinding::vSwitch).filter(Objects::nonNull).toList());
    Map<ContainerGroupId, AccountId> owners = claim(items);
    List<PersistentVolume> disks = volumes.lockOf(owners.keySet());
    Map<ContainerGroupId, HostId> keepers = keepers(disks);
    Set<ContainerGroupId> waiting = new HashSet<>(owners.keySet());
    List<GroupBinding> possible =
        items.stream()
            .filter(item -> waiting.remove(item.group()))
            .filter(item -> keeps(keepers, item))
            .filter(item -> isStillThere(item.vSwitch(), registered))
            .toList();
    GroupHolds.Granted granted =
        holds.grant(
            possible.stream()
                .map(item -> new GroupHolds.Wish(item.group(), item.pick(), item.vSwitch()))
                .toList(),
            new Together(jdbc));
    Map<ContainerGroupId, Reservations.Grant> grants = granted.hosts();
    bind(
        possible.stream()
            .filter(item -> grants.containsKey(item.group()))
            .map(
                item ->
                    new Bound(
                        item.group(),
                        Objects.requireNonNull(owners.get(item.group())),
                        Objects.requireNonNull(grants.get(item.group())),
                        item.vSwitch(),
                        granted.addresses().get(item.group()),
                        item.attempt(),
                        item.at()))
            .toList());
    volumes.placed(
        disks.stream()
            .map(PersistentVolume::attachedTo)
            .filter(Objects::nonNull)
            .distinct()
            .flatMap(
                group ->
                    Optional.ofNullable(grants.get(group))
                        .map(
                            grant ->
                                new PersistentVolumes.Placed(group, grant.host(), grant.zone()))
                        .stream())
            .toList());
    Set<ContainerGroupId> refused = new HashSet<>();
    possible.forEach(item -> refused.add(item.group()));
    refused.removeAll(granted.withoutAddress());
    return items.stream()
        .map(item -> outcome(grants.get(item.group()), refused.contains(item.group())))
        .toList();
  }

  private static GroupBinding.Outcome outcome(Reservations.@Nullable Grant grant, boolean refused) {
    if (grant != null) {
      return new GroupBinding.Outcome.Bound(grant);
    }
    return refused ? new GroupBinding.Outcome.NoRoom() : new GroupBinding.Outcome.NotAsked();
  }

  /** Whether a vSwitch is as it was when it was picked for a group. */
  private static boolean isStillThere(
      VSwitches.@Nullable Placed vSwitch, Map<VSwitches.Key, VSwitches.Registered> registered) {
    if (vSwitch == null) {
      return true;
    }
    VSwitches.Registered now = registered.get(vSwitch.key());
    return now != null && now.agrees(vSwitch);
  }

  /** Whether its disks, if it has any, are on the host that was picked. */
  private static boolean keeps(Map<ContainerGroupId, HostId> keepers, GroupBinding item) {
    HostId picked = item.pick().host();
    return picked.equals(keepers.getOrDefault(item.group(), picked));
  }

  /** Which hosts keep disks of groups; those with new disks alone are left out. */
  private static Map<ContainerGroupId, HostId> keepers(List<PersistentVolume> disks) {
    Map<ContainerGroupId, HostId> keepers = new HashMap<>();
    for (PersistentVolume disk : disks) {
      ContainerGroupId group = disk.attachedTo();
      HostId host = disk.host();
      if (group != null && host != null) {
        keepers.put(group, host);
      }
    }
    return keepers;
  }

  /** Locks those that still wait and tells whose they are. */
  private Map<ContainerGroupId, AccountId> claim(List<GroupBinding> items) {
    Map<ContainerGroupId, AccountId> owners = new HashMap<>();
    jdbc.query(
        """
        select id, account_id from container_group
        where id = any(?::text[]) and %s and goal = 'RUN'
        order by id for no key update skip locked
        """
            .formatted(WaitingLine.WAITS),
        Columns.of(items).text(item -> item.group().value()),
        row -> {
          owners.put(new ContainerGroupId(row.getString(1)), new AccountId(row.getString(2)));
        });
    return owners;
  }

  private void bind(List<Bound> bound) {
    if (bound.isEmpty()) {
      return;
    }
    jdbc.update(
        """
        update container_group g
        set host_id = b.host_id, shard = b.shard, reason = '', message = '',
            zone = case when b.vswitch is null then coalesce(g.zone, b.zone) else b.zone end,
            milli_cpu = coalesce(b.milli_cpu::int4, g.milli_cpu),
            memory_mib = coalesce(b.memory_mib::int4, g.memory_mib),
            spec = case when b.vswitch is null then g.spec
                        else g.spec
                             || jsonb_build_object('vSwitch', jsonb_build_object('value', b.vswitch),
                                                   'address', b.address::jsonb) end
                   || case when b.size is null then '{}'
                           else jsonb_build_object('size', b.size::jsonb,
                                'gpus', case when b.gpus is null then 'null'::jsonb
                                             else coalesce(nullif(g.spec -> 'gpus', 'null'::jsonb),
                                                           jsonb_build_object('places', '{}'::jsonb))
                                                  || b.gpus::jsonb end) end,
            kept = case when b.vswitch is null then g.kept
                        else g.kept || jsonb_build_object('vSwitchId', b.vswitch) end
                   || case when b.chosen is null then '{}'
                           else jsonb_build_object('machine', g.kept -> 'machine'
                                  || jsonb_build_object('chosen', b.chosen::int4)) end,
            attention_at = b.at, version = g.version + 1, changed_at = now()
        from unnest(?::text[], ?::text[], ?::int4[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
          as b (id, host_id, shard, zone, vswitch, address, milli_cpu, memory_mib, size, gpus,
                chosen, at)
        where g.id = b.id
        """,
        Columns.of(bound)
            .text(b -> b.group().value())
            .text(b -> b.grant().host().value())
            .integer(b -> b.grant().shard())
            .text(Bound::zone)
            .text(b -> b.vSwitch() == null ? null : b.vSwitch().key().id().value())
            .text(b -> b.address() == null ? null : documents.write(b.address()))
            .text(b -> b.named(attempt -> attempt.size().cpu().value()))
            .text(b -> b.named(attempt -> attempt.size().memory().value()))
            .text(b -> b.named(attempt -> documents.write(attempt.size())))
            .text(Bound::gpus)
            .text(b -> b.named(HostAttempt::option))
            .instant(Bound::at));
    events.append(
        bound.stream()
            .map(b -> new GroupHappening(b.group(), b.account(), GroupBinding.HOST_FOUND, b.at()))
            .toList());
  }
}
