package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import io.podyard.runtime.HostReport;
import io.podyard.scheduler.GpuDevices;
import io.podyard.scheduler.HostSnapshot;
import io.podyard.scheduler.PlacementPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What an earlier release writes of pools and hosts, which knows nothing of compute categories, of
 * GPUs that hosts report and of drains in the inventory file.
 */
class HostKindFactsTest {

  private static final RegionId REGION = new RegionId("r");
  private static final PoolId POOL = new PoolId("p");
  private static final HostId HOST = new HostId("h");
  private static final ZoneId ZONE = new ZoneId("r-a");

  private static final String OLD_POOL =
      """
      insert into pool (id, region, runtime, policy, cpu_overcommit, declared_by)
      values ('p', 'r', 'simulated', 'SPREAD', 2, 'FILE')
      on conflict (id) do update
        set region = excluded.region, runtime = excluded.runtime, policy = excluded.policy,
            cpu_overcommit = excluded.cpu_overcommit, declared_by = excluded.declared_by
      """;

  private static final String OLD_HOST =
      """
      insert into host (id, pool_id, region, zone, shard, state, unreachable_since,
                        allocatable_milli_cpu, allocatable_memory_mib, reported_milli_cpu,
                        reported_memory_mib, engine, declared_by)
      values ('h', 'p', 'r', 'r-a', 0, 'UNREACHABLE', now(), 0, 0, 0, 0, '', 'FILE')
      on conflict (id) do update
        set pool_id = excluded.pool_id, region = excluded.region, zone = excluded.zone
      """;

  /** With so many GPUs. */
  private static final String OLD_DECLARATION =
      """
      update host h
      set declared_by = 'FILE', address = '', tls_folder = '', declared_milli_cpu = null,
          declared_memory_mib = null, wanted_disk_mib = 0, allocatable_disk_mib = 0,
          gpu_reserved_milli = array(
            select coalesce(h.gpu_reserved_milli[n], 0)
            from generate_series(1, greatest(?, (
              select coalesce(max(d.number), 0)
              from unnest(h.gpu_reserved_milli) with ordinality as d (milli, number)
              where d.milli > 0))) as n
            order by n),
          gpu_model = ?, instance_type = '', labels = '{}', leaving_since = null
      where h.id = 'h'
      """;

  private static final String OLD_UNCORDON =
      "update host set cordoned_at = null, cordon_reason = null where id = 'h'";

  private TestDatabase database;
  private Inventory inventory;
  private DeclaredPools pools;
  private Declarations declarations;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    inventory = new Inventory(database.jdbc());
    pools = new DeclaredPools(database.jdbc());
    declarations =
        new Declarations(
            database.jdbc(), pools, new HostLife(database.jdbc()), database.transaction());
    inventory.addZones(REGION, List.of(ZONE));
    database.jdbc().update("insert into shard_lease (shard) values (0) on conflict do nothing");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void old(String sql, Object... values) {
    assertThat(database.jdbc().update(sql, values)).isEqualTo(1);
  }

  private void declarePool() {
    assertThat(
            pools.declare(
                new PoolDeclaration(
                    POOL, REGION, "simulated", PlacementPolicy.SPREAD, 2, "economy"),
                DeclaredBy.FILE))
        .isEmpty();
  }

  private void declareHost(@Nullable Integer gpus, @Nullable HostDrain drain) {
    HostDeclaration host =
        new HostDeclaration(
            HOST,
            POOL,
            ZONE,
            "",
            "",
            null,
            null,
            0,
            gpus,
            gpus == null || gpus == 0 ? "" : "A10",
            "",
            List.of(),
            null);
    assertThat(declarations.declare(host.going(null, drain), DeclaredBy.FILE, 0)).isEmpty();
  }

  private HostSnapshot host() {
    return inventory.host(HOST).orElseThrow().snapshot();
  }

  private void reports(int gpus, String model) {
    inventory.report(
        HOST, new HostReport("engine", Size.of(8000, 16_384), "amd64", gpus, model), "");
  }

  @Test
  void theCategoryOfAPoolStaysWhoeverDeclaresItAgain() {
    old(OLD_POOL);
    old(OLD_HOST);
    assertThat(host().kind().computeCategory())
        .as("of a pool that says nothing")
        .isEqualTo("general");
    declarePool();
    old(OLD_POOL);
    old(OLD_HOST);
    assertThat(host().kind().computeCategory()).isEqualTo("economy");
  }

  @Test
  void gpusThatOnlyAnEarlierReleaseDeclaredAreBelievedUntilTheHostTellsOfOthers() {
    declarePool();
    old(OLD_HOST);
    old(OLD_DECLARATION, 2, "A10");
    reports(0, "");
    assertThat(host().gpus()).as("an engine that tells of none").isEqualTo(GpuDevices.free(2));
    assertThat(host().kind().gpuModel()).isEqualTo("A10");
    reports(4, "T4");
    assertThat(host().gpus()).isEqualTo(GpuDevices.free(4));
    assertThat(host().kind().gpuModel()).isEqualTo("T4");
  }

  @Test
  void gpusThatAreReportedComeBackAfterAnEarlierReleaseReadTheFile() {
    declarePool();
    declareHost(null, null);
    reports(4, "T4");
    // It knows no host that tells of GPUs itself, so it has none.
    old(OLD_HOST);
    old(OLD_DECLARATION, 0, "");
    assertThat(host().gpus().count()).isZero();
    declareHost(null, null);
    assertThat(host().gpus()).isEqualTo(GpuDevices.free(4));
    assertThat(host().kind().gpuModel()).isEqualTo("T4");

    declareHost(3, null);
    old(OLD_DECLARATION, 3, "A10");
    reports(4, "T4");
    assertThat(host().gpus()).as("what is declared counts").isEqualTo(GpuDevices.free(3));
  }

  @Test
  void aDrainOfTheFileStaysBesideAnEarlierReleaseAndIsNotBegunAgainAfterItsUncordon() {
    declarePool();
    HostDrain drain = new HostDrain(Duration.ofHours(2), "new disks");
    declareHost(null, drain);
    old(OLD_HOST);
    old(OLD_DECLARATION, 0, "");
    assertThat(isDraining()).isTrue();
    old(OLD_UNCORDON);
    declareHost(null, drain);
    assertThat(isDraining()).as("the file said so once").isFalse();
    declareHost(null, new HostDrain(Duration.ofHours(1), "again"));
    assertThat(isDraining()).isTrue();
  }

  private boolean isDraining() {
    return Boolean.TRUE.equals(
        database
            .jdbc()
            .queryForObject(
                "select draining_since is not null from host where id = 'h'", Boolean.class));
  }
}
