package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.placement.KeptHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.SpotHost;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What an earlier release writes of groups, on the same database: it knows nothing of kinds of
 * machines, of GPUs and of spot groups.
 */
class EarlierReleaseTest {

  private static final HostId HOST = new HostId("h1");

  /** As it stores a group whose document it read without what it does not know. */
  private static final String OLD_CHANGE =
      """
      update container_group
      set kept = kept - 'machine' - 'gpuDriverVersion' - 'spot' || '{"resourceGroupId": "rg-1"}',
          version = version + 1
      where id = ?
      """;

  private static final String OLD_INTERVAL =
      """
      insert into usage_interval
        (group_id, sequence, account_id, region, zone, milli_cpu, memory_mib, started_at)
      select id, 1, account_id, region, zone, milli_cpu, memory_mib, date_trunc('second', now())
      from container_group where id = ?
      """;

  private static final String OLD_PROMISE =
      """
      insert into spot_promise (group_id, host_id, milli_cpu, memory_mib, disk_mib)
      values (?, 'h1', 1000, 1024, 0)
      """;

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private StoredGroups groups;
  private Inventory inventory;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    groups = new StoredGroups(database);
    groups.addHosts(List.of(HOST), Size.of(16_000, 65_536));
    inventory = new Inventory(jdbc);
  }

  @AfterEach
  void close() {
    groups.close();
    database.close();
  }

  private void sql(String sql, Object... values) {
    assertThat(jdbc.update(sql, values)).isEqualTo(1);
  }

  /** Makes one a spot group whose protection is over. */
  private void makeSpot(ContainerGroupId group) {
    sql(
        """
        update container_group set spot = true, kept = kept || '{"spot": {"hours": 0}}'
        where id = ?
        """,
        group.value());
    sql(
        "insert into spot_group (group_id, created_at, protected_until) values (?, now(), now())",
        group.value());
  }

  private List<SpotHost> spotHosts() {
    return new SpotHosts(jdbc).all(inventory::host);
  }

  @Test
  void itsChangesLeaveAGroupTheKindOfMachineAndTheTermsItHas() {
    ContainerGroupId id = groups.add(HOST, "g", 1, Instant.now());
    makeSpot(id);
    sql(
        """
        update container_group
        set kept = kept || '{"gpuDriverVersion": "tesla=1", "machine": {"instanceTypes": ["ecs.g6.large"],
          "computeCategories": [], "options": [{"instanceType": "ecs.g6.large",
          "size": {"cpu": {"value": 2000}, "memory": {"value": 8192}}, "computeCategory": "",
          "gpuModel": "", "gpuThousandths": 0, "tariff": "ecs.g6.large"}], "chosen": 0}}'
        where id = ?
        """,
        id.value());
    KeptFields before = groups.store().find(id).orElseThrow().kept();
    sql(OLD_CHANGE, id.value());

    GroupRecord after = groups.store().find(id).orElseThrow();
    assertThat(after.kept()).isEqualTo(before.inResourceGroup("rg-1"));
    assertThat(after.kept().tariff().code()).isEqualTo("ecs.g6.large");
    assertThat(Objects.requireNonNull(after.kept().spot()).hours()).isZero();
    assertThat(after.kept().gpuDriverVersion()).isEqualTo("tesla=1");
  }

  @Test
  void aGroupThatItMadePaysInFullAndIsNotAskedToLeave() {
    ContainerGroupId id = groups.add(HOST, "g", 2, Instant.now());
    assertThat(groups.store().find(id).orElseThrow().kept().spot()).isNull();
    assertThat(spotHosts()).isEmpty();
    makeSpot(id);
    assertThat(spotHosts()).singleElement().satisfies(host -> assertThat(host.groups()).hasSize(1));

    // It charges what it knows: vCPU and memory.
    sql(OLD_INTERVAL, id.value());
    assertThat(
            jdbc.queryForObject(
                "select tariff || ' ' || gpu_milli from usage_interval where group_id = ?",
                String.class,
                id.value()))
        .isEqualTo(" 0");
  }

  @Test
  void gpusThatItPromisedNobodyKnowsOf() {
    makeSpot(groups.add(HOST, "g", 1, Instant.now()));
    ContainerGroupId waits = groups.addWaiting("waits");
    sql(OLD_PROMISE, waits.value());
    assertThat(spotHosts())
        .singleElement()
        .satisfies(
            host ->
                assertThat(host.promised())
                    .containsExactly(
                        new SpotHost.Promise(Size.of(1000, 1024), 0, GpuRequest.NONE)));

    sql("update host set gpu_reserved_milli = '{0,0}'");
    assertThat(spotHosts()).as("until that promise is kept").isEmpty();
    sql("delete from spot_promise");
    KeptHosts kept = new KeptHosts(jdbc, database.transaction());
    SpotHost.Promise two = new SpotHost.Promise(Size.of(1000, 1024), 0, GpuRequest.whole(2));
    kept.promise(waits, HOST, two);
    assertThat(spotHosts())
        .singleElement()
        .satisfies(host -> assertThat(host.promised()).containsExactly(two));
    assertThat(kept.promised()).containsEntry(waits, HOST);
  }

  @Test
  void aHostThatItForgetsTakesItsPromisesAlong() {
    ContainerGroupId waits = groups.addWaiting("waits");
    sql(OLD_PROMISE, waits.value());
    sql("delete from host where id = 'h1'");
    assertThat(new KeptHosts(jdbc, database.transaction()).promised()).isEmpty();
    assertThat(groups.status(waits)).isEqualTo("Scheduling");
  }
}
