package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.AccountId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.PlacementPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DeclaredZonesTest {

  private static final RegionId HOME = new RegionId("h");
  private static final RegionId REGION = new RegionId("r");
  private static final ZoneId A = new ZoneId("r-a");
  private static final ZoneId B = new ZoneId("r-b");
  private static final AccountId ACCOUNT = new AccountId("a");

  private TestDatabase database;
  private DeclaredZones zones;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    zones = process("h-a");
    zones.renew();
    database.jdbc().update("insert into account (id, name, role) values ('a', 'a', 'USER')");
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** As a process with these zones in its settings knows them. */
  private DeclaredZones process(String ofSettings) {
    PodyardSettings settings =
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of("podyard.region", HOME.value(), "podyard.zones", ofSettings)))
            .bindOrCreate("podyard", PodyardSettings.class);
    return new DeclaredZones(
        database.jdbc(),
        database.transaction(),
        new Inventory(database.jdbc()),
        region -> region.equals(REGION) ? List.of(A) : List.of(),
        settings);
  }

  private List<String> all() {
    return zones.all().stream()
        .map(zone -> "%s %s %s %s".formatted(zone.region(), zone.zone(), zone.by(), zone.open()))
        .toList();
  }

  private void add(ZoneId... ids) {
    for (ZoneId id : ids) {
      assertThat(zones.add(REGION, id)).isEmpty();
    }
  }

  private void group(String id, String region, String status, boolean ended) {
    database
        .jdbc()
        .update(
            """
            insert into container_group
              (id, account_id, region, zone, name, status, milli_cpu, memory_mib, spec, kept, state,
               created_at, final_at)
            values (?, 'a', ?, 'r-a', 'g', ?, 1000, 1024, '{}', '{}', '{"containers": []}', now(),
                    case when ? then now() end)
            """,
            id,
            region,
            status,
            ended);
  }

  @Test
  void eachZoneIsWhoseItIsAndAddingItAgainChangesNothing() {
    add(B, A, A);
    assertThat(all()).containsExactly("h h-a SETTINGS false", "r r-a API true", "r r-b API false");
    zones.declareInFile(Map.of(REGION, List.of(B), HOME, List.of(new ZoneId("h-a"))));
    assertThat(all()).containsExactly("h h-a FILE false", "r r-a API true", "r r-b FILE false");
    assertThat(zones.add(REGION, B)).contains("zone r-b is declared in the inventory file");
    assertThat(zones.remove(REGION, B)).contains("zone r-b is declared in the inventory file");

    zones.declareInFile(Map.of());
    assertThat(zones.remove(HOME, new ZoneId("h-a")))
        .contains("zone h-a comes from the settings of a server");
    assertThat(zones.remove(REGION, B)).as("out of the file it is the API's").isEmpty();
    assertThat(zones.remove(REGION, B)).as("gone already").isEmpty();
    assertThat(all()).containsExactly("h h-a SETTINGS false", "r r-a API true");
  }

  @Test
  void whatAProcessWithoutTheFileTookAwayComesBack() {
    zones.declareInFile(Map.of(REGION, List.of(A)));
    DeclaredZones other = process("h-b");
    assertThat(other.remove(REGION, A)).isEmpty();
    assertThat(other.remove(HOME, new ZoneId("h-a"))).isEmpty();
    assertThat(all()).isEmpty();
    zones.renew();
    assertThat(all()).containsExactly("h h-a SETTINGS false", "r r-a FILE true");
  }

  @Test
  void aZoneStaysWithWhatIsInItAndTheRefusalNamesIt() {
    add(A, B);
    Inventory inventory = new Inventory(database.jdbc());
    inventory.addPool(new PoolId("p"), REGION, "simulated", 1);
    database
        .jdbc()
        .update(
            """
            insert into host (id, pool_id, region, zone, shard, state, allocatable_milli_cpu,
                              allocatable_memory_mib, reported_milli_cpu, reported_memory_mib,
                              engine)
            select 'h' || n, 'p', 'r', 'r-a', 0, 'READY', 0, 0, 0, 0, ''
            from generate_series(1, 4) n
            """);
    database
        .jdbc()
        .update("insert into vswitch (account_id, region, id, zone) values ('a', 'r', 'v', 'r-a')");
    group("g1", "r", "Scheduling", false);
    group("g2", "r", "ScheduleFailed", true);
    group("g3", "h", "Scheduling", false);
    assertThat(zones.remove(REGION, A))
        .contains(
            "zone r-a still has 4 hosts (h1, h2, h3 and others), 1 vSwitch (v of account a),"
                + " 1 container group (g1)");
    assertThat(zones.find(REGION, A).orElseThrow())
        .isEqualTo(new DeclaredZones.Declared(REGION, A, DeclaredBy.API, 4, 1, true));
    assertThat(zones.remove(REGION, B)).isEmpty();

    database.jdbc().update("delete from host");
    database.jdbc().update("delete from vswitch");
    database.jdbc().update("delete from container_group where id = 'g1'");
    assertThat(zones.remove(REGION, A))
        .contains("zone r-a is the last one of r, which still has 1 pool (p)");
    database.jdbc().update("delete from pool");
    assertThat(zones.remove(REGION, A)).isEmpty();
    assertThat(zones.find(REGION, A)).isEmpty();
  }

  private boolean somebodyWaits() {
    return Boolean.TRUE.equals(
        database
            .jdbc()
            .queryForObject(
                """
                select exists (
                  select 1 from pg_locks l join pg_database d on d.oid = l.database
                  where d.datname = current_database() and not l.granted)
                """,
                Boolean.class));
  }

  @Test
  void ofTheLastTwoZonesOnlyOneGoesWhereThereIsAPool() {
    add(A, B);
    assertThat(
            new DeclaredPools(database.jdbc())
                .declare(
                    new PoolDeclaration(
                        new PoolId("p"), REGION, "simulated", PlacementPolicy.SPREAD, 1),
                    DeclaredBy.API))
        .isEmpty();
    CompletableFuture<Optional<String>> second =
        database
            .transaction()
            .execute(
                status -> {
                  assertThat(zones.remove(REGION, A)).isEmpty();
                  CompletableFuture<Optional<String>> other =
                      CompletableFuture.supplyAsync(() -> zones.remove(REGION, B));
                  Waiting.until("the second waits for the first", this::somebodyWaits);
                  return other;
                });
    assertThat(second.join()).contains("zone r-b is the last one of r, which still has 1 pool (p)");
    assertThat(all()).hasSize(2);
  }

  @Test
  void aVSwitchIsNotRegisteredInAZoneThatIsGone() {
    add(A);
    VSwitches vSwitches = new VSwitches(database.jdbc());
    VSwitches.Key there = new VSwitches.Key(ACCOUNT, REGION, new VSwitchId("v"));
    VSwitches.Key gone = new VSwitches.Key(ACCOUNT, REGION, new VSwitchId("w"));
    Map<VSwitches.Key, VSwitches.Registered> registered =
        database
            .transaction()
            .execute(
                status ->
                    vSwitches.register(
                        List.of(new VSwitches.Placed(gone, B), new VSwitches.Placed(there, A))));
    assertThat(registered).containsOnlyKeys(there);
  }
}
