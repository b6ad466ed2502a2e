package io.podyard.controlplane.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.volume.PersistentVolumes.Claim;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class PersistentVolumesTest {

  private static final AccountId ALICE = new AccountId("alice");
  private static final AccountId BOB = new AccountId("bob");
  private static final RegionId REGION = new RegionId("r");
  private static final ZoneId ZONE = new ZoneId("r-a");
  private static final HostId HOST = new HostId("h1");
  private static final ContainerGroupId ONE = new ContainerGroupId("eci-one");
  private static final ContainerGroupId TWO = new ContainerGroupId("eci-two");

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private PersistentVolumes volumes;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    volumes = new PersistentVolumes(jdbc);
    TestHosts.add(jdbc, 1, Size.of(4000, 8192));
    for (AccountId account : List.of(ALICE, BOB)) {
      jdbc.update(
          "insert into account (id, name, role, created_at) values (?, ?, 'USER', now())",
          account.value(),
          account.value());
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static PersistentVolume disk(String id, boolean withGroup, ContainerGroupId group) {
    return new PersistentVolume(
        id, ALICE, REGION, null, null, 20, "ext4", withGroup, group, Instant.EPOCH);
  }

  private void group(ContainerGroupId id, @Nullable String host) {
    jdbc.update(
        """
        insert into container_group (id, account_id, region, zone, name, status, milli_cpu,
          memory_mib, spec, kept, state, host_id, shard, created_at)
        values (?, 'alice', 'r', 'r-a', 'g', 'Scheduling', 250, 256, '{}', '{}', '{}', ?, ?, now())
        """,
        id.value(),
        host,
        host == null ? null : 0);
  }

  private Claim claim(String id, AccountId account, ContainerGroupId group) {
    return new Claim(id, account, REGION, group);
  }

  private PersistentVolume found(String id) {
    return volumes.find(ALICE, REGION, id).orElseThrow();
  }

  @Test
  void aDiskIsOneGroupsAtATime() {
    group(ONE, "h1");
    volumes.insert(List.of(disk("d-1", false, ONE)));
    volumes.insert(List.of(disk("d-1", true, TWO)));
    volumes.placed(ONE, HOST, ZONE);

    assertThat(volumes.attach(List.of(claim("d-1", ALICE, TWO)))).isEmpty();
    assertThat(volumes.attach(List.of(claim("d-1", ALICE, ONE)))).containsEntry("d-1", ONE);
    assertThat(volumes.delete(ALICE, REGION, "d-1")).isFalse();
    assertThat(volumes.free()).isZero();
    assertThat(found("d-1").attachedTo()).isEqualTo(ONE);
    assertThat(found("d-1").deleteWithGroup()).isFalse();

    jdbc.update("update container_group set released_at = now()");
    assertThat(volumes.free()).isEqualTo(1);
    assertThat(volumes.free()).isZero();
    assertThat(volumes.attach(List.of(claim("d-1", BOB, TWO)))).isEmpty();
    assertThat(volumes.attach(List.of(claim("d-1", ALICE, TWO), claim("d-1", ALICE, ONE))))
        .containsOnlyKeys("d-1")
        .containsEntry("d-1", TWO);
    assertThat(found("d-1").host()).isEqualTo(HOST);
  }

  @Test
  void whatGoesWithItsGroupIsRemovedOnceNothingIsLeftOfIt() {
    group(ONE, "h1");
    volumes.insert(List.of(disk("d-1", true, ONE), disk("d-2", false, ONE)));
    volumes.placed(ONE, HOST, ZONE);
    assertThat(volumes.toRemove(Set.of(HOST))).isEmpty();

    jdbc.update("delete from container_group");
    assertThat(volumes.free()).isEqualTo(2);
    assertThat(volumes.toRemove(Set.of(HOST)))
        .extracting(PersistentVolume::id)
        .containsExactly("d-1");
    assertThat(volumes.find(ALICE, REGION, "d-1")).isEmpty();
    assertThat(volumes.attach(List.of(claim("d-1", ALICE, TWO)))).isEmpty();
    volumes.removed("d-2");
    volumes.removed("d-1");
    assertThat(volumes.page(ALICE, REGION, null, 10))
        .extracting(PersistentVolume::id)
        .containsExactly("d-2");

    assertThat(volumes.delete(BOB, REGION, "d-2")).isFalse();
    assertThat(volumes.delete(ALICE, REGION, "d-2")).isTrue();
    assertThat(volumes.toRemove(Set.of(HOST)))
        .extracting(PersistentVolume::id)
        .containsExactly("d-2");
  }

  @Test
  void disksOfAGroupThatNeverHadAHostWereNeverMade() {
    group(ONE, null);
    volumes.insert(List.of(disk("d-1", false, ONE)));
    assertThat(volumes.free()).isZero();
    assertThat(volumes.removeUnmade()).isZero();

    jdbc.update("update container_group set status = 'ScheduleFailed', final_at = now()");
    assertThat(volumes.free()).isEqualTo(1);
    assertThat(volumes.removeUnmade()).isEqualTo(1);
    assertThat(volumes.page(ALICE, REGION, null, 10)).isEmpty();
  }

  @Test
  void pagesGoFromTheNewestIdOn() {
    group(ONE, "h1");
    volumes.insert(
        List.of(disk("d-1", false, ONE), disk("d-2", false, ONE), disk("d-3", false, ONE)));

    assertThat(volumes.page(ALICE, REGION, null, 2))
        .extracting(PersistentVolume::id)
        .containsExactly("d-3", "d-2");
    assertThat(volumes.page(ALICE, REGION, "d-2", 2))
        .extracting(PersistentVolume::id)
        .containsExactly("d-1");
    assertThat(volumes.page(BOB, REGION, null, 2)).isEmpty();
  }
}
