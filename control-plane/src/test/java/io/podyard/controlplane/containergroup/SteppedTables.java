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
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.usage.UsageIntervals;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.DirectWriter;
import io.podyard.controlplane.write.ItemWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How simulated processes read and write groups: the production statements of one database, which
 * keep nothing themselves, so all processes may have the same.
 */
public final class SteppedTables {

  /** A bug put into the statements, to see that it is found. */
  public enum Plant {
    NONE,
    /** A group that was deleted before it was metered keeps its reservation. */
    RELEASE_FORGOTTEN,
    /** The meter of a group that ends by itself goes on. */
    METER_LEFT_ON,
    /** A group of a lost host keeps its reservation. */
    LOST_KEPT,
    /** Tokens of creates are not looked at. */
    TOKEN_IGNORED,
    /** A step is written whatever became of the group since it was decided. */
    VERSION_IGNORED
  }

  private static final PodyardSettings SETTINGS =
      new Binder(
              new MapConfigurationPropertySource(
                  Map.of(
                      "podyard.final-records-kept",
                      "1h",
                      "podyard.final-records-per-region",
                      "0",
                      // Short, so that it happens while a simulation lasts.
                      "podyard.keep-host-after",
                      "30s",
                      "podyard.spot.notice",
                      "20s")))
          .bind("podyard", PodyardSettings.class)
          .get();

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final GroupDocuments documents =
      new GroupDocuments(new SecretBox(SecretsKey.of(SecretsKey.random(), Path.of("not-used"))));
  private final StartTimes startTimes = new StartTimes(new SimpleMeterRegistry());
  private final RequestNonces nonces;
  private final ClientTokens tokens;
  private final GroupEvents events;
  private final PersistentVolumes volumes;
  private final Quotas quotas;
  private final Reservations reservations;
  private final UsageIntervals usage;

  public SteppedTables(JdbcTemplate jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.nonces = new RequestNonces(jdbc);
    this.tokens = new ClientTokens(jdbc);
    this.events = new GroupEvents(jdbc);
    this.volumes = new PersistentVolumes(jdbc);
    this.quotas = StoredGroups.quotas(jdbc);
    this.reservations = new Reservations(jdbc);
    this.usage = new UsageIntervals(jdbc);
  }

  ItemWriter<NewGroup, NewGroup.Outcome> creations(CommitPoints points, Plant plant) {
    JdbcGroupCreation handler =
        new JdbcGroupCreation(
            jdbc,
            nonces,
            tokens,
            new VSwitches(jdbc),
            new VSwitchAddresses(jdbc),
            volumes,
            quotas,
            reservations,
            events,
            documents);
    return writer(
        "create",
        plant == Plant.TOKEN_IGNORED ? changed(handler, SteppedTables::withoutToken) : handler,
        points);
  }

  private static NewGroup withoutToken(NewGroup item) {
    return new NewGroup(
        item.record(), item.picked(), item.occurrences(), item.vSwitch(), null, item.nonce());
  }

  ItemWriter<GroupDeletion, GroupDeletion.Outcome> deletions(CommitPoints points) {
    return writer(
        "delete", new JdbcGroupDeletion(jdbc, nonces, tokens, events, volumes, quotas), points);
  }

  ItemWriter<GroupChange, GroupChange.Outcome> changes(CommitPoints points) {
    return writer(
        "change",
        new JdbcGroupChanges(
            jdbc, nonces, tokens, quotas, reservations, volumes, usage, events, documents),
        points);
  }

  private ItemWriter<GroupBinding, GroupBinding.Outcome> bindings(CommitPoints points) {
    return writer(
        "bind",
        new JdbcGroupBinding(
            jdbc,
            new VSwitches(jdbc),
            new VSwitchAddresses(jdbc),
            volumes,
            reservations,
            events,
            documents),
        points);
  }

  GroupStore store(CommitPoints points, Plant plant) {
    JdbcGroupTransitions handler = transitions();
    return new GroupStore(
        jdbc,
        new GroupRows(documents),
        startTimes,
        transaction,
        writer("transition", changed(handler, step -> planted(step, plant)), points));
  }

  private JdbcGroupTransitions transitions() {
    return new JdbcGroupTransitions(jdbc, events, usage, reservations, volumes, quotas, documents);
  }

  /**
   * Writes steps in the lives of many groups inside the caller's transaction; tells which of them
   * count.
   */
  public List<Boolean> write(List<GroupTransition> steps) {
    return transitions().write(steps);
  }

  private GroupTransition planted(GroupTransition step, Plant plant) {
    return switch (plant) {
      case NONE, TOKEN_IGNORED -> step;
      case RELEASE_FORGOTTEN ->
          step.next().state().chargedFrom() == null ? with(step, false, true) : step;
      case LOST_KEPT -> step.next().reason().equals("HostLost") ? with(step, false, true) : step;
      case METER_LEFT_ON ->
          step.next().status().isFinal() ? with(step, step.releases(), false) : step;
      case VERSION_IGNORED -> {
        jdbc.update(
            "update container_group set version = ? where id = ?",
            step.seen().version(),
            step.seen().id().value());
        yield step;
      }
    };
  }

  private static GroupTransition with(GroupTransition step, boolean releases, boolean closes) {
    return new GroupTransition(
        step.seen(),
        step.next(),
        step.epoch(),
        step.occurrences(),
        step.at(),
        step.meterOpens(),
        closes ? step.meterCloses() : null,
        releases,
        step.ends());
  }

  private static <I, R> BatchWriter.Handler<I, R> changed(
      BatchWriter.Handler<I, R> handler, UnaryOperator<I> change) {
    return items -> handler.write(items.stream().map(change).toList());
  }

  private <I, R> ItemWriter<I, R> writer(
      String name, BatchWriter.Handler<I, R> handler, CommitPoints points) {
    return new DirectWriter<>(name, transaction, handler, points);
  }

  GroupPlaces places(Placement placement) {
    return new GroupPlaces(
        new VSwitches(jdbc), placement, new ServedZones(placement, SETTINGS), SETTINGS);
  }

  /** The rounds of one process, each on the caller's thread. */
  WaitingGroups waiting(
      GroupStore groups,
      Placement placement,
      GroupPlaces places,
      PlaceChoice choice,
      CapacityReturned capacityReturned,
      CommitPoints points,
      Clock clock) {
    KeptHosts kept = new KeptHosts(jdbc, transaction);
    WaitingLine line = new WaitingLine(jdbc, new GroupRows(documents));
    return new WaitingGroups(
        line,
        new WaitingRounds(
            placement,
            places,
            choice,
            new SpotBids((_, _, _, _) -> Optional.empty(), placement, clock),
            line,
            new GroupDisks(volumes),
            FixedImageCaches.NONE,
            FixedDataCaches.NONE,
            clock),
        new WaitingBindings(
            groups,
            placement,
            (_, _) -> {},
            new BindingLoad(),
            startTimes,
            bindings(points),
            CallersThread::new,
            clock),
        groups,
        kept,
        new GivingWay(
            jdbc,
            transaction,
            new Inventory(jdbc),
            placement,
            kept,
            new SpotNotices(jdbc, events, SETTINGS, clock),
            points,
            clock),
        capacityReturned,
        SETTINGS,
        clock);
  }

  /** Ends the records of all groups that ended so long ago that none is kept. */
  public void endRecords(Clock clock) {
    int _ = new GroupHousekeeping(jdbc, transaction, SETTINGS, clock).endRecords();
  }
}
