package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.event.GroupHappening;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.VSwitchAddresses;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.QuotaRoom;
import io.podyard.controlplane.quota.QuotaWant;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.Columns;
import io.podyard.controlplane.write.Together;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.ZoneId;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Occurrence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Writes new groups: nonce, token, vSwitch, disks, quota, reservation, group and event in one
 * transaction. A group whose host has no room any more is created without a host and waits; it
 * never fails its batch, nor does one that its account may not have, or whose disk another has got.
 */
@Component
class JdbcGroupCreation implements BatchWriter.Handler<NewGroup, NewGroup.Outcome> {

  /** What is said of a group whose host was given away between the pick and this transaction. */
  static final String LOST =
      "The host that was picked has no room any more; the next one is waited for.";

  /** What is said of a group whose address was given away meanwhile. */
  static final String LOST_ADDRESS =
      "The vSwitch that was picked has no free address any more; the next one is waited for.";

  /** Whether this is said of a group of which the numbers were not looked at yet. */
  static boolean isLost(String message) {
    return message.equals(LOST)
        || message.equals(LOST_ADDRESS)
        || message.equals(PlaceChoice.OTHERS_FIRST);
  }

  /**
   * @param lost what is said of it if its host or address was given away meanwhile, null if it has
   *     what was picked
   */
  private record Row(
      GroupRecord group,
      Reservations.@Nullable Grant grant,
      @Nullable GroupAddress address,
      @Nullable String lost) {

    static Row of(NewGroup item, GroupHolds.Granted granted) {
      ContainerGroupId id = item.record().id();
      Reservations.Grant grant = granted.hosts().get(id);
      return new Row(
          grant == null ? item.record().waiting() : item.record(),
          grant,
          granted.addresses().get(id),
          grant != null || item.picked() == null
              ? null
              : granted.withoutAddress().contains(id) ? LOST_ADDRESS : LOST);
    }

    GroupSpec spec() {
      return address == null ? group.spec() : group.spec().at(address);
    }

    String reason() {
      return grant != null ? "" : lost != null ? "NoCapacity" : group.reason();
    }

    String message() {
      return grant != null ? "" : lost != null ? lost : group.message();
    }

    @Nullable String zone() {
      // The zone asked for, also if it has no hosts and those of another one serve it.
      ZoneId zone = group.zone() == null && grant != null ? grant.zone() : group.zone();
      return zone == null ? null : zone.value();
    }

    @Nullable String host() {
      return grant == null ? null : grant.host().value();
    }

    @Nullable String shard() {
      return grant == null ? null : String.valueOf(grant.shard());
    }
  }

  private final JdbcTemplate jdbc;
  private final RequestNonces nonces;
  private final ClientTokens tokens;
  private final VSwitches vSwitches;
  private final GroupHolds holds;
  private final PersistentVolumes volumes;
  private final Quotas quotas;
  private final GroupEvents events;
  private final GroupDocuments documents;

  JdbcGroupCreation(
      JdbcTemplate jdbc,
      RequestNonces nonces,
      ClientTokens tokens,
      VSwitches vSwitches,
      VSwitchAddresses addresses,
      PersistentVolumes volumes,
      Quotas quotas,
      Reservations reservations,
      GroupEvents events,
      GroupDocuments documents) {
    this.jdbc = jdbc;
    this.nonces = nonces;
    this.tokens = tokens;
    this.vSwitches = vSwitches;
    this.holds = new GroupHolds(addresses, reservations);
    this.volumes = volumes;
    this.quotas = quotas;
    this.events = events;
    this.documents = documents;
  }

  @Override
  public List<NewGroup.Outcome> write(List<NewGroup> items) {
    List<Boolean> fresh = nonces.burn(items.stream().map(NewGroup::nonce).toList());
    List<@Nullable TokenClaim> claims = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      claims.add(fresh.get(i) ? items.get(i).token() : null);
    }
    List<TokenClaim.Outcome> claimed = tokens.claim(claims);

    List<NewGroup> creating = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (fresh.get(i) && claimed.get(i) instanceof TokenClaim.Outcome.Granted) {
        creating.add(items.get(i));
      }
    }
    Map<ContainerGroupId, NewGroup.Outcome> notMade = new HashMap<>();
    leaveOut(register(creating), creating, notMade);
    DiskClaims disks = lockDisks(creating);
    Together statements = new Together(jdbc);
    Map<QuotaPlace, QuotaRoom> rooms =
        quotas.lock(
            creating.stream()
                .collect(
                    Collectors.toMap(
                        NewGroup::quotaPlace,
                        item -> QuotaWant.group(item.mostCpu()),
                        QuotaWant::plus)),
            statements);
    GroupHolds.Locked locked = holds.lock(wishes(creating), statements);
    statements.send();
    leaveOut(refused(creating, disks, rooms), creating, notMade);
    GroupHolds.Granted granted = insertWithHosts(creating, disks, locked, statements);

    List<NewGroup.Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      outcomes.add(
          fresh.get(i)
              ? outcome(items.get(i), claimed.get(i), granted, notMade)
              : new NewGroup.Outcome.NonceUsed());
    }
    return outcomes;
  }

  /** Locks the existing disks of groups that are to be made, before their quotas. */
  DiskClaims lockDisks(List<NewGroup> creating) {
    return DiskClaims.lock(volumes, creating);
  }

  /**
   * Reserves hosts for groups that nothing speaks against and inserts them with their disks and
   * events; answers what they got.
   */
  GroupHolds.Granted insertWithHosts(List<NewGroup> creating, DiskClaims disks) {
    Together statements = new Together(jdbc);
    GroupHolds.Locked locked = holds.lock(wishes(creating), statements);
    statements.send();
    return insertWithHosts(creating, disks, locked, statements);
  }

  private GroupHolds.Granted insertWithHosts(
      List<NewGroup> creating, DiskClaims disks, GroupHolds.Locked locked, Together statements) {
    GroupHolds.Granted granted = holds.grant(wishes(creating), locked, statements);
    List<Row> rows = creating.stream().map(item -> Row.of(item, granted)).toList();
    insert(rows, statements);
    Map<ContainerGroupId, String> lost = new HashMap<>();
    for (Row row : rows) {
      if (row.lost() != null) {
        lost.put(row.group().id(), row.lost());
      }
    }
    events.append(
        creating.stream()
            .flatMap(
                item ->
                    occurrences(item, lost.get(item.record().id())).stream()
                        .map(
                            occurrence ->
                                new GroupHappening(
                                    item.record().id(),
                                    item.record().account(),
                                    occurrence,
                                    item.record().createdAt())))
            .toList(),
        statements);
    statements.send();
    disks.write(creating, granted.hosts());
    return granted;
  }

  private static List<GroupHolds.Wish> wishes(List<NewGroup> creating) {
    return creating.stream().flatMap(item -> item.wish().stream()).toList();
  }

  /** Takes those that are refused out of what is to be made; their tokens stand for nothing. */
  private void leaveOut(
      Map<ContainerGroupId, NewGroup.Outcome> refused,
      List<NewGroup> creating,
      Map<ContainerGroupId, NewGroup.Outcome> notMade) {
    tokens.giveBack(
        creating.stream()
            .filter(item -> refused.containsKey(item.record().id()))
            .map(NewGroup::token)
            .filter(Objects::nonNull)
            .toList());
    creating.removeIf(item -> refused.containsKey(item.record().id()));
    notMade.putAll(refused);
  }

  /** Registers vSwitches; answers the groups whose vSwitch is not as it was when it was picked. */
  Map<ContainerGroupId, NewGroup.Outcome> register(List<NewGroup> creating) {
    Map<VSwitches.Key, VSwitches.Registered> registered =
        vSwitches.register(
            creating.stream().map(NewGroup::vSwitch).filter(Objects::nonNull).toList());
    Map<ContainerGroupId, NewGroup.Outcome> elsewhere = new HashMap<>();
    for (NewGroup item : creating) {
      VSwitches.Placed vSwitch = item.vSwitch();
      if (vSwitch == null) {
        continue;
      }
      VSwitches.Registered now = registered.get(vSwitch.key());
      if (now == null || !now.agrees(vSwitch)) {
        elsewhere.put(item.record().id(), new NewGroup.Outcome.VSwitchElsewhere());
      }
    }
    return elsewhere;
  }

  /**
   * Those that cannot be: in their order, a disk is another's or nothing is left of a quota. What
   * the others use is counted as they are inserted.
   */
  private static Map<ContainerGroupId, NewGroup.Outcome> refused(
      List<NewGroup> creating, DiskClaims disks, Map<QuotaPlace, QuotaRoom> rooms) {
    Map<ContainerGroupId, NewGroup.Outcome> refused = new HashMap<>();
    for (NewGroup item : creating) {
      Optional<NewGroup.Outcome> why =
          disks
              .refused(item)
              .<NewGroup.Outcome>map(NewGroup.Outcome.DiskTaken::new)
              .or(
                  () ->
                      Objects.requireNonNull(rooms.get(item.quotaPlace()))
                          .takeGroup(item.mostCpu())
                          .map(NewGroup.Outcome.OverQuota::new));
      if (why.isPresent()) {
        refused.put(item.record().id(), why.get());
      } else {
        disks.take(item);
      }
    }
    return refused;
  }

  private static List<Occurrence> occurrences(NewGroup item, @Nullable String lost) {
    return lost == null
        ? item.occurrences()
        : List.of(Occurrence.warning("FailedScheduling", lost));
  }

  private static NewGroup.Outcome outcome(
      NewGroup item,
      TokenClaim.Outcome claim,
      GroupHolds.Granted granted,
      Map<ContainerGroupId, NewGroup.Outcome> notMade) {
    return switch (claim) {
      case TokenClaim.Outcome.Granted _ -> {
        NewGroup.Outcome refused = notMade.get(item.record().id());
        if (refused != null) {
          yield refused;
        }
        Reservations.Grant grant = granted.hosts().get(item.record().id());
        yield new NewGroup.Outcome.Created(
            item.record().id(),
            grant == null ? null : grant.host(),
            grant == null ? null : grant.shard(),
            granted.withoutAddress().contains(item.record().id()));
      }
      case TokenClaim.Outcome.Replay(String id) -> {
        // Of a group of this very batch that was not made after all.
        ContainerGroupId first = new ContainerGroupId(id);
        yield notMade.getOrDefault(first, new NewGroup.Outcome.Replayed(first));
      }
      case TokenClaim.Outcome.Mismatch mismatch -> new NewGroup.Outcome.TokenMismatch();
    };
  }

  private void insert(List<Row> rows, Together statements) {
    if (rows.isEmpty()) {
      return;
    }
    statements.add(
        """
        insert into container_group
          (id, account_id, region, zone, name, status, reason, message, milli_cpu, memory_mib,
           spec, kept, tags, state, host_id, shard, deadline_at, created_at, attention_at, spot)
        select id, account_id, region, zone, name, status, reason, message, milli_cpu, memory_mib,
               spec::jsonb, kept::jsonb, tags::jsonb, state::jsonb, host_id, shard::int4,
               deadline_at, created_at, case when host_id is null then null else created_at end,
               jsonb_exists(kept::jsonb, 'spot')
        from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::int4[], ?::int4[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
          as g (id, account_id, region, zone, name, status, reason, message, milli_cpu, memory_mib,
                spec, kept, tags, state, host_id, shard, deadline_at, created_at)
        """,
        Columns.of(rows)
            .text(r -> r.group().id().value())
            .text(r -> r.group().account().value())
            .text(r -> r.group().region().value())
            .text(Row::zone)
            .text(r -> r.group().name())
            .text(r -> r.group().status().wireName())
            .text(Row::reason)
            .text(Row::message)
            .integer(r -> r.group().size().cpu().value())
            .integer(r -> r.group().size().memory().value())
            .text(r -> documents.writeSpec(r.group().id(), r.spec()))
            .text(r -> documents.write(r.group().kept()))
            .text(r -> documents.write(r.group().tags()))
            .text(r -> documents.write(r.group().state()))
            .text(Row::host)
            .text(Row::shard)
            .instant(r -> r.group().deadlineAt())
            .instant(r -> r.group().createdAt()));
    SpotGroups.insert(rows.stream().map(Row::group).toList(), statements);
  }
}
