package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.HostReport;
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.PlacementPolicy;
import io.podyard.scheduler.Taken;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeclarationsTest {

  private static final RegionId REGION = new RegionId("r");
  private static final PoolId POOL = new PoolId("p");
  private static final HostId HOST = new HostId("h");
  private static final HostReport REPORT = new HostReport("engine", Size.of(8000, 16_384), "arm64");

  private TestDatabase database;
  private Inventory inventory;
  private DeclaredPools pools;
  private Declarations declarations;
  private Reservations reservations;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    inventory = new Inventory(database.jdbc());
    pools = new DeclaredPools(database.jdbc());
    declarations =
        new Declarations(
            database.jdbc(), pools, new HostLife(database.jdbc()), database.transaction());
    reservations = new Reservations(database.jdbc());
    inventory.addZones(REGION, List.of(new ZoneId("r-a"), new ZoneId("r-b")));
    assertThat(pools.declare(pool(PlacementPolicy.SPREAD, 1), DeclaredBy.API)).isEmpty();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static PoolDeclaration pool(PlacementPolicy policy, int overcommit) {
    return new PoolDeclaration(POOL, REGION, "simulated", policy, overcommit);
  }

  private static HostDeclaration host(
      String zone, @Nullable Integer milliCpu, int disk, @Nullable Integer gpus) {
    return new HostDeclaration(
        HOST,
        POOL,
        new ZoneId(zone),
        "",
        "",
        milliCpu == null ? null : MilliCpu.of(milliCpu),
        milliCpu == null ? null : MemoryMib.of(milliCpu),
        disk,
        gpus,
        gpus == null || gpus == 0 ? "" : "A10",
        "ecs.test",
        List.of("b=2", "a=1"),
        null);
  }

  private void declare(HostDeclaration host) {
    assertThat(declarations.declare(host, DeclaredBy.API, 3)).isEmpty();
  }

  private HostSnapshot snapshot() {
    return inventory.host(HOST).orElseThrow().snapshot();
  }

  private void answers() {
    inventory.report(HOST, REPORT, "");
    database
        .jdbc()
        .update(
            "update host set unreachable_since = null, state = 'READY' where cordoned_at is null");
  }

  private Map<ContainerGroupId, Reservations.Grant> reserve(String group, Taken taken) {
    return database
        .transaction()
        .execute(
            status ->
                reservations.reserve(
                    List.of(new Reservations.Need(new ContainerGroupId(group), HOST, taken))));
  }

  private void release(String group) {
    database
        .transaction()
        .executeWithoutResult(
            status -> {
              List<Reservations.Released> _ =
                  reservations.release(List.of(new ContainerGroupId(group)));
            });
  }

  @Test
  void aNewHostTakesNothingBeforeItHasAnswered() {
    declare(host("r-a", null, 0, 0));
    assertThat(snapshot().schedulable()).isFalse();
    assertThat(snapshot().allocatable()).isEqualTo(Size.of(0, 0));
    answers();
    assertThat(snapshot().schedulable()).isTrue();
    assertThat(snapshot().allocatable()).isEqualTo(REPORT.capacity());
    assertThat(snapshot().kind().architecture()).isEqualTo("arm64");
    assertThat(snapshot().kind().labels()).isEqualTo(Set.of("a=1", "b=2"));
    assertThat(inventory.host(HOST).orElseThrow().shard()).isEqualTo(3);
  }

  @Test
  void whatIsDeclaredStandsInThePlaceOfWhatIsReported() {
    declare(host("r-a", 4000, 0, 0));
    answers();
    assertThat(snapshot().allocatable()).isEqualTo(Size.of(4000, 4000));
    declare(host("r-a", null, 0, 0));
    assertThat(snapshot().allocatable()).isEqualTo(REPORT.capacity());
    assertThat(pools.declare(pool(PlacementPolicy.BEST_FIT, 3), DeclaredBy.API)).isEmpty();
    assertThat(snapshot().allocatable()).isEqualTo(Size.of(24_000, 16_384));
    assertThat(inventory.policies()).containsEntry(POOL, PlacementPolicy.BEST_FIT);
  }

  private void tellsOfGpus(int count, String model) {
    inventory.report(HOST, new HostReport("engine", REPORT.capacity(), "arm64", count, model), "");
  }

  private String gpus() {
    return snapshot().gpus().count() + " of " + snapshot().kind().gpuModel();
  }

  @Test
  void aHostHasTheGpusThatItTellsOfUnlessOthersAreDeclared() {
    declare(host("r-a", null, 0, null));
    answers();
    assertThat(gpus()).isEqualTo("0 of ");
    tellsOfGpus(4, "unknown");
    assertThat(gpus()).isEqualTo("4 of unknown");
    declare(host("r-a", null, 0, 2));
    tellsOfGpus(8, "unknown");
    assertThat(gpus()).isEqualTo("2 of A10");
    declare(host("r-a", null, 0, 0));
    assertThat(gpus()).isEqualTo("0 of ");
    declare(host("r-a", null, 0, null));
    assertThat(gpus()).isEqualTo("8 of unknown");

    answers();
    database.jdbc().update("update host set unreachable_since = null, state = 'READY'");
    tellsOfGpus(8, "unknown");
    assertThat(reserve("g", new Taken(Size.of(1, 1), 0, 0b1000, 1000))).hasSize(1);
    tellsOfGpus(1, "unknown");
    assertThat(snapshot().gpus().reservedMilli())
        .as("what groups hold stays")
        .containsExactly(0, 0, 0, 1000);
    release("g");
  }

  @Test
  void gpusThatAReleaseDeclaredWhichTellsNothingApartStay() {
    declare(host("r-a", null, 0, 3));
    database.jdbc().update("update host set declared_gpus = null");
    answers();
    assertThat(gpus()).isEqualTo("3 of A10");
  }

  @Test
  void whatGroupsHoldIsNeverDeclaredAway() {
    declare(host("r-a", 4000, 50_000, 4));
    answers();
    assertThat(reserve("g", new Taken(Size.of(3000, 3000), 40_000, 0b100, 500))).hasSize(1);
    declare(host("r-a", 1000, 10_000, 0));
    assertThat(snapshot().allocatable()).isEqualTo(Size.of(3000, 3000));
    assertThat(snapshot().disk().allocatableMib()).isEqualTo(40_000);
    assertThat(snapshot().gpus().reservedMilli()).containsExactly(0, 0, 500);
    assertThat(reserve("h", Taken.of(Size.of(1, 1)))).isEmpty();
    release("g");
    assertThat(snapshot().allocatable())
        .as("the excess is not given away again")
        .isEqualTo(Size.of(1000, 1000));
    assertThat(snapshot().disk().allocatableMib()).isEqualTo(10_000);
    declare(host("r-a", 1000, 0, 0));
    assertThat(snapshot().gpus().count()).isZero();
    assertThat(snapshot().disk().counted()).isFalse();
  }

  @Test
  void aHostMovesOnlyWhenNothingIsOnIt() {
    declare(host("r-a", null, 0, 0));
    answers();
    assertThat(reserve("g", Taken.of(Size.of(1, 1)))).hasSize(1);
    assertThat(declarations.declare(host("r-b", null, 0, 0), DeclaredBy.API, 0))
        .contains("host h stays in pool p and zone r-a as long as groups or disks are on it");
    release("g");
    declare(host("r-b", null, 0, 0));
    assertThat(snapshot().zone()).isEqualTo(new ZoneId("r-b"));
  }

  @Test
  void whatTheFileDeclaresIsTheFilesAndWhatTheSettingsBringCanBeTakenOver() {
    declare(host("r-a", null, 0, 0));
    assertThat(declarations.declare(host("r-a", null, 0, 0), DeclaredBy.FILE, 0))
        .contains("host h was declared by the API");
    assertThat(pools.declare(pool(PlacementPolicy.SPREAD, 1), DeclaredBy.FILE))
        .contains("pool p was declared by the API");
    assertThat(declarations.remove(HOST, DeclaredBy.FILE))
        .contains("host h was declared by the API");

    inventory.addPool(new PoolId("s"), REGION, "simulated", 1);
    Inventory.Seat seat = new Inventory.Seat(REGION, new ZoneId("r-b"), 0);
    HostId of = new HostId("of-settings");
    assertThat(inventory.report(of, new PoolId("s"), seat, REPORT, "")).isEqualTo(seat);
    assertThat(inventory.declaredHosts()).extracting(Inventory.Reach::host).containsExactly(HOST);
    HostDeclaration taken =
        new HostDeclaration(
            of, POOL, new ZoneId("r-a"), "", "", null, null, 0, 0, "", "", List.of(), null);
    assertThat(declarations.declare(taken, DeclaredBy.FILE, 5)).isEmpty();
    assertThat(inventory.report(of, new PoolId("s"), seat, REPORT, "").zone())
        .as("a start of the server does not move it back")
        .isEqualTo(new ZoneId("r-a"));
  }

  @Test
  void whatCannotBeIsRefusedInWords() {
    assertThat(declarations.declare(host("r-x", null, 0, 0), DeclaredBy.API, 0))
        .contains("r-x is not a zone of r");
    HostDeclaration elsewhere =
        new HostDeclaration(
            HOST,
            new PoolId("none"),
            new ZoneId("r-a"),
            "unix:///x",
            "",
            null,
            null,
            0,
            0,
            "",
            "",
            List.of(),
            null);
    assertThat(declarations.declare(elsewhere, DeclaredBy.API, 0))
        .contains("there is no pool none");
    declare(host("r-a", null, 0, 0));
    assertThat(pools.remove(POOL, DeclaredBy.API)).contains("pool p has hosts");
    assertThat(
            pools.declare(
                new PoolDeclaration(POOL, REGION, "docker", PlacementPolicy.SPREAD, 1),
                DeclaredBy.API))
        .contains("pool p is of runtime simulated in r as long as it has hosts");
  }

  @Test
  void aHostThatIsLetGoIsForgottenWhenNothingIsLeftOfIt() {
    declare(host("r-a", null, 0, 0));
    answers();
    assertThat(reserve("g", Taken.of(Size.of(1, 1)))).hasSize(1);
    assertThat(declarations.remove(HOST, DeclaredBy.API)).isEmpty();
    assertThat(snapshot().schedulable()).isFalse();
    assertThat(declarations.forgetLeft(true)).isEmpty();

    declare(host("r-a", null, 0, 0));
    assertThat(snapshot().schedulable()).as("declared again, it stays").isTrue();
    assertThat(declarations.remove(HOST, DeclaredBy.API)).isEmpty();
    release("g");
    assertThat(declarations.forgetLeft(true)).containsExactly(HOST);
    assertThat(inventory.host(HOST)).isEmpty();
    assertThat(pools.remove(POOL, DeclaredBy.API)).isEmpty();
    assertThat(pools.all()).isEmpty();
  }

  /** A group that ended on the host. */
  private void ended(String id, boolean released) {
    assertThat(
            database
                .jdbc()
                .update(
                    """
                    insert into container_group
                      (id, account_id, region, name, status, milli_cpu, memory_mib, spec, kept,
                       state, host_id, shard, goal, created_at, final_at, released_at)
                    values (?, 'a', 'r', 'g', 'Failed', 1000, 1024, '{}', '{}',
                            '{"containers": []}', 'h', 3, 'REMOVE', now(), now(),
                            case when ? then now() end)
                    """,
                    id,
                    released))
        .isEqualTo(1);
  }

  private void keepsTheHost(String what) {
    assertThat(declarations.declare(host("r-b", null, 0, 0), DeclaredBy.API, 3))
        .as(what)
        .contains("host h stays in pool p and zone r-a as long as groups or disks are on it");
    staysWhenItIsLetGo(what);
  }

  private void staysWhenItIsLetGo(String what) {
    assertThat(declarations.remove(HOST, DeclaredBy.API)).isEmpty();
    assertThat(declarations.forgetLeft(true)).as(what).isEmpty();
    assertThat(inventory.host(HOST)).as(what).isPresent();
  }

  @Test
  void recordsOfGroupsThatEndedOnAHostNeitherBindNorKeepIt() {
    declare(host("r-a", null, 0, 0));
    answers();
    ended("over", true);
    declare(host("r-b", null, 0, 0));
    assertThat(snapshot().zone()).isEqualTo(new ZoneId("r-b"));
    assertThat(declarations.remove(HOST, DeclaredBy.API)).isEmpty();
    assertThat(declarations.forgetLeft(true)).containsExactly(HOST);
    assertThat(
            database
                .jdbc()
                .queryForObject(
                    "select host_id from container_group where id = 'over'", String.class))
        .as("where it was")
        .isEqualTo("h");
  }

  @Test
  void whateverMayStillBeOnAHostKeepsIt() {
    declare(host("r-a", null, 0, 0));
    answers();
    ended("there", false);
    keepsTheHost("a group that has not let go of it");
    database.jdbc().update("update container_group set released_at = now()");

    database
        .jdbc()
        .update(
            """
            insert into commit_task
              (id, account_id, region, group_id, container, host_id, shard, image, author, message,
               status, phase, deadline_at, finished_at)
            values ('t', 'a', 'r', 'there', 'main', 'h', 3, 'image', '', '', 'Failed',
                    'CommitContainer', now(), now())
            """);
    staysWhenItIsLetGo("a task that may have left something");
    database.jdbc().update("update commit_task set cleared_at = now()");

    database.jdbc().update("insert into account (id, name, role) values ('a', 'a', 'USER')");
    database
        .jdbc()
        .update(
            """
            insert into persistent_volume
              (id, account_id, region, zone, host_id, size_gib, fs_type, delete_with_group,
               created_at)
            values ('v', 'a', 'r', 'r-a', 'h', 20, 'ext4', false, now())
            """);
    keepsTheHost("a disk");
    database.jdbc().update("delete from persistent_volume");
    assertThat(declarations.forgetLeft(true)).containsExactly(HOST);
  }

  @Test
  void aLostHostIsKeptForTheGroupsThatWereThereAtItsLoss() {
    declare(host("r-a", null, 0, 0));
    answers();
    ended("there", true);
    database.jdbc().update("update host set unreachable_since = now(), lost_at = now()");
    staysWhenItIsLetGo("nobody has seen the group's containers go");
    database.jdbc().update("update container_group set released_at = now() - interval '1 hour'");
    assertThat(declarations.forgetLeft(false)).as("lost ones are not looked at").isEmpty();
    assertThat(declarations.forgetLeft(true)).containsExactly(HOST);
  }
}
