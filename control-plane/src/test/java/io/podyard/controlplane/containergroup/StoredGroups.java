package io.podyard.controlplane.containergroup;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.ServedZones;
import io.podyard.controlplane.inventory.VSwitchAddresses;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.CapacityReturned;
import io.podyard.controlplane.placement.KeptHosts;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.quota.CountedResources;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.usage.UsageIntervals;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.controlplane.wake.Looking;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.HostReport;
import io.podyard.scheduler.Taken;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Groups in the tables as another process would leave them: nobody here is told of them. */
public final class StoredGroups implements AutoCloseable {

  public static final RegionId REGION = new RegionId("r");

  private static final AccountId ACCOUNT = new AccountId("a");
  private static final ZoneId ZONE = new ZoneId("r-a");
  private static final PoolId POOL = new PoolId("simulated");

  private final TestDatabase database;
  private final JdbcTemplate jdbc;
  private final GroupDocuments documents =
      new GroupDocuments(new SecretBox(SecretsKey.of(SecretsKey.random(), Path.of("not-used"))));
  private final StartTimes startTimes = new StartTimes(new SimpleMeterRegistry());
  private final JdbcGroupCreation creation;
  private final GroupStore store;

  public StoredGroups(TestDatabase database) {
    this.database = database;
    this.jdbc = database.jdbc();
    jdbc.update("insert into account (id, name, role) values ('a', 'a', 'USER')");
    this.creation =
        new JdbcGroupCreation(
            jdbc,
            new RequestNonces(jdbc),
            new ClientTokens(jdbc),
            new VSwitches(jdbc),
            new VSwitchAddresses(jdbc),
            new PersistentVolumes(jdbc),
            quotas(jdbc),
            new Reservations(jdbc),
            new GroupEvents(jdbc),
            documents);
    this.store =
        new GroupStore(
            jdbc,
            new GroupRows(documents),
            startTimes,
            database.transaction(),
            new JdbcGroupTransitions(
                jdbc,
                new GroupEvents(jdbc),
                new UsageIntervals(jdbc),
                new Reservations(jdbc),
                new PersistentVolumes(jdbc),
                quotas(jdbc),
                documents),
            CommitPoints.NONE);
  }

  /** The installation's quotas, more than any test needs. */
  static Quotas quotas(JdbcTemplate jdbc) {
    StaticListableBeanFactory none = new StaticListableBeanFactory();
    return new Quotas(
        jdbc,
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of(
                        "podyard.quotas.max-cpu", "1000000",
                        "podyard.quotas.max-container-group", "1000000")))
            .bind("podyard", PodyardSettings.class)
            .get(),
        none.getBeanProvider(CountedResources.class));
  }

  public GroupStore store() {
    return store;
  }

  KnownGroups known() {
    return new KnownGroups(
        jdbc, new GroupRows(documents), new GroupAnswers(), new GroupEvents(jdbc));
  }

  /** As if its record had been over for long. */
  void forget(ContainerGroupId group) {
    jdbc.update("delete from container_group where id = ?", group.value());
  }

  /** Adds hosts of one size to shard 0. */
  public void addHosts(List<HostId> hosts, Size size) {
    Inventory inventory = new Inventory(jdbc);
    inventory.addZones(REGION, List.of(ZONE));
    inventory.addPool(POOL, REGION, "simulated", 1);
    Inventory.Seat seat = new Inventory.Seat(REGION, ZONE, 0);
    for (HostId host : hosts) {
      Inventory.Seat _ =
          inventory.report(host, POOL, seat, new HostReport("simulated 1", size, "amd64"), "");
    }
  }

  /**
   * Adds groups that were just bound to a host and want their driver.
   *
   * @param since when they were changed
   * @return one of them
   */
  public ContainerGroupId add(HostId host, String prefix, int count, Instant since) {
    ContainerGroupId first = add(host, prefix + "-first", since);
    jdbc.update(
        """
        insert into container_group
          (id, account_id, region, zone, name, status, reason, message, milli_cpu, memory_mib,
           spec, kept, tags, state, host_id, shard, deadline_at, created_at, attention_at)
        select ? || '-' || n, account_id, region, zone, name, status, reason, message, milli_cpu,
               memory_mib, spec, kept, tags, state, host_id, shard, deadline_at, created_at,
               attention_at
        from container_group, generate_series(2, ?) n where id = ?
        """,
        prefix,
        count,
        first.value());
    jdbc.update(
        """
        insert into reservation (group_id, host_id, milli_cpu, memory_mib)
        select ? || '-' || n, host_id, milli_cpu, memory_mib
        from reservation, generate_series(2, ?) n where group_id = ?
        """,
        prefix,
        count,
        first.value());
    return first;
  }

  private ContainerGroupId add(@Nullable HostId host, String id, Instant since) {
    GroupDraft draft = CreateRequests.draft("Container.1.Image=podyard/app:1");
    GroupRecord record =
        NewRecords.scheduling(
            id, ACCOUNT, REGION, ZONE, draft, since, since.plus(Duration.ofHours(1)));
    Placement.Pick pick = host == null ? null : new Placement.Pick(host, Taken.of(record.size()));
    NewGroup group = new NewGroup(record, pick, List.of(GroupBinding.HOST_FOUND), null, null, null);
    List<NewGroup.Outcome> outcomes =
        Objects.requireNonNull(
            database.transaction().execute(status -> creation.write(List.of(group))));
    if (!(outcomes.getFirst() instanceof NewGroup.Outcome.Created)) {
      throw new IllegalStateException("not created: " + outcomes);
    }
    return record.id();
  }

  /** Adds a group that waits for a host. */
  public ContainerGroupId addWaiting(String id) {
    return add(null, id, Instant.now());
  }

  /**
   * Adds groups that wait, one a second from a time on.
   *
   * @param account whose they are; it need not be one that can sign in
   * @param prefix of their ids, which end in -1, -2, ...
   */
  void addWaiting(String account, String prefix, int count, int milliCpu, Instant from) {
    ContainerGroupId pattern = add(null, prefix + "-pattern", from);
    jdbc.update(
        """
        insert into container_group
          (id, account_id, region, zone, name, status, reason, message, milli_cpu, memory_mib,
           spec, kept, tags, state, deadline_at, created_at)
        select ? || '-' || n, ?, region, zone, name, status, reason, message, ?, memory_mib,
               jsonb_set(spec, '{size,cpu,value}', to_jsonb(?)), kept, tags, state, deadline_at,
               created_at + n * interval '1 second'
        from container_group, generate_series(1, ?) n where id = ?
        """,
        prefix,
        account,
        milliCpu,
        milliCpu,
        count,
        pattern.value());
    jdbc.update("delete from container_group where id = ?", pattern.value());
  }

  /** Adds a group that lost the host it was picked for; that host must be full or unknown. */
  ContainerGroupId addLost(HostId host, String id) {
    return add(host, id, Instant.now());
  }

  /** Gives waiting groups their hosts; starts with {@link WaitingLook#start}. */
  WaitingLook waiting(Placement placement, GroupWakeUp wakeUp) {
    return waiting(placement, wakeUp, Clock.systemUTC());
  }

  WaitingLook waiting(Placement placement, GroupWakeUp wakeUp, Clock clock) {
    return waiting(placement, wakeUp, FixedImageCaches.NONE, FixedDataCaches.NONE, clock);
  }

  WaitingLook waiting(
      Placement placement,
      GroupWakeUp wakeUp,
      GroupImageCaches imageCaches,
      GroupDataCaches dataCaches,
      Clock clock) {
    PodyardSettings settings = new Binder().bindOrCreate("podyard", PodyardSettings.class);
    GroupPlaces places =
        new GroupPlaces(
            new VSwitches(jdbc), placement, new ServedZones(placement, settings), settings);
    KeptHosts kept = new KeptHosts(jdbc, database.transaction());
    CapacityReturned capacityReturned = new CapacityReturned(placement);
    return new WaitingLook(
        new WaitingGroups(
            line(),
            new WaitingRounds(
                placement,
                places,
                new PlaceChoice(places, placement),
                new SpotBids((_, _, _, _) -> Optional.empty(), placement, clock),
                line(),
                new GroupDisks(new PersistentVolumes(jdbc)),
                imageCaches,
                dataCaches,
                clock),
            new WaitingBindings(
                store,
                placement,
                wakeUp,
                new BindingLoad(),
                startTimes,
                database.transaction(),
                new JdbcGroupBinding(
                    jdbc,
                    new VSwitches(jdbc),
                    new VSwitchAddresses(jdbc),
                    new PersistentVolumes(jdbc),
                    new Reservations(jdbc),
                    new GroupEvents(jdbc),
                    documents),
                CommitPoints.NONE,
                clock),
            store,
            kept,
            new GivingWay(
                jdbc,
                database.transaction(),
                new Inventory(jdbc),
                placement,
                kept,
                new SpotNotices(jdbc, new GroupEvents(jdbc), settings, clock),
                CommitPoints.NONE,
                clock),
            capacityReturned,
            settings,
            clock),
        placement,
        capacityReturned,
        Looking.USUAL);
  }

  /** The groups that wait, in the order of their turns. */
  WaitingLine line() {
    return new WaitingLine(jdbc, new GroupRows(documents));
  }

  /** Ends a group by force, as a request to another process would. */
  public void delete(ContainerGroupId group) {
    jdbc.update(
        """
        update container_group
        set status = 'Terminating', goal = 'END', goal_reason = 'Deleted', reason = 'Deleted',
            kill_at = now(), attention_at = now(), version = version + 1, changed_at = now()
        where id = ?
        """,
        group.value());
  }

  /** Whether nothing is left of a group but its history. */
  public boolean isOver(ContainerGroupId group) {
    return jdbc.queryForList(
            "select 1 from container_group where id = ?", Integer.class, group.value())
        .isEmpty();
  }

  /** What is said of a group. */
  String message(ContainerGroupId group) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select message from container_group where id = ?", String.class, group.value()));
  }

  public String status(ContainerGroupId group) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select status from container_group where id = ?", String.class, group.value()));
  }

  /** How many groups of a host have a status. */
  public int count(HostId host, String status) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select count(*) from container_group where host_id = ? and status = ?",
            Integer.class,
            host.value(),
            status));
  }

  @Override
  public void close() {
    store.close();
  }
}
