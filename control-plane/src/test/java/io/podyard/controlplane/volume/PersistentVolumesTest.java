package io.podyard.controlplane.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.ApiException;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.volume.PersistentVolumes.Attachment;
import io.podyard.controlplane.volume.PersistentVolumes.Growth;
import io.podyard.controlplane.volume.PersistentVolumes.Placed;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
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
  private static final List<Integer> SHARDS = List.of(0);
  private static final ContainerGroupId ONE = new ContainerGroupId("eci-one");
  private static final ContainerGroupId TWO = new ContainerGroupId("eci-two");
  private static final String FIRST = "d-00000000000000000001";
  private static final String SECOND = "d-00000000000000000002";
  private static final String THIRD = "d-00000000000000000003";

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private PersistentVolumes volumes;
  private VolumeListing listing;
  private VolumeRemoval removal;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    volumes = new PersistentVolumes(jdbc);
    listing = new VolumeListing(jdbc, database.transaction());
    removal = new VolumeRemoval(jdbc, database.transaction(), volumes, CommitPoints.NONE);
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
        id, ALICE, REGION, null, null, 20, "ext4", "PL1", withGroup, group, Instant.EPOCH);
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

  private PersistentVolume found(String id) {
    return Objects.requireNonNull(volumes.find(ALICE, REGION, List.of(id)).get(id));
  }

  private int rows() {
    return Objects.requireNonNull(
        jdbc.queryForObject("select count(*) from persistent_volume", Integer.class));
  }

  @Test
  void idsAreInTheOrderOfTheirTimesAndNoOtherTextIsOne() {
    VolumeIds ids = new VolumeIds(new Random(7));
    String one = ids.next(Instant.ofEpochMilli(1_700_000_000_000L));
    String later = ids.next(Instant.ofEpochMilli(1_700_000_000_001L));
    assertThat(one).isLessThan(later);
    assertThat(List.of(one, later)).allMatch(VolumeIds::isId);
    assertThat(List.of("", "d-", one + "0", one.toUpperCase(Locale.ROOT), "d-new"))
        .noneMatch(VolumeIds::isId);
  }

  @Test
  void aDiskIsFreeWhenNothingIsLeftOfItsGroupAndNotBefore() {
    group(ONE, "h1");
    volumes.insert(List.of(disk(FIRST, false, ONE)));
    assertThat(volumes.hostsOf(List.of(ONE))).isEmpty();
    volumes.placed(List.of(new Placed(ONE, HOST, ZONE)));
    assertThat(volumes.hostsOf(List.of(ONE, TWO))).containsOnlyKeys(ONE).containsEntry(ONE, HOST);

    volumes.attach(List.of(new Attachment(FIRST, TWO, true)));
    assertThat(found(FIRST).attachedTo()).isEqualTo(ONE);
    assertThat(found(FIRST).deleteWithGroup()).isFalse();
    assertThat(removal.freeLeftBehind()).isZero();
    jdbc.update("update container_group set released_at = now()");
    assertThat(removal.freeLeftBehind()).isEqualTo(1);
    assertThat(removal.freeLeftBehind()).isZero();

    volumes.attach(List.of(new Attachment(FIRST, TWO, true)));
    assertThat(found(FIRST).attachedTo()).isEqualTo(TWO);
    assertThat(found(FIRST).deleteWithGroup()).isTrue();
    assertThat(found(FIRST).host()).isEqualTo(HOST);
    assertThat(volumes.find(BOB, REGION, List.of(FIRST))).isEmpty();
    assertThat(volumes.find(ALICE, new RegionId("other"), List.of(FIRST))).isEmpty();
  }

  @Test
  void whatGoesWithItsGroupIsRemovedAndRememberedForAWhile() {
    volumes.insert(List.of(disk(FIRST, true, ONE), disk(SECOND, false, ONE)));
    volumes.placed(List.of(new Placed(ONE, HOST, ZONE)));
    assertThat(removal.toRemove(SHARDS, Set.of())).isEmpty();

    assertThat(volumes.lockOf(List.of(ONE))).hasSize(2);
    volumes.free(List.of(ONE));
    assertThat(removal.toRemove(SHARDS, Set.of()))
        .containsExactly(new VolumeRemoval.Doomed(FIRST, HOST, 0));
    assertThat(removal.toRemove(SHARDS, Set.of(HOST))).as("left out").isEmpty();
    assertThat(removal.toRemove(List.of(1), Set.of())).as("other shards").isEmpty();
    assertThat(volumes.find(ALICE, REGION, List.of(FIRST))).isEmpty();
    assertThat(volumes.lock(List.of(FIRST, SECOND))).containsOnlyKeys(SECOND);
    volumes.attach(List.of(new Attachment(FIRST, TWO, false)));
    assertThat(removal.removedBefore(List.of(FIRST, SECOND))).isEmpty();

    removal.removed(SECOND);
    removal.removed(FIRST);
    removal.removed(FIRST);
    assertThat(removal.toRemove(SHARDS, Set.of())).isEmpty();
    assertThat(removal.removedBefore(List.of(FIRST, SECOND, THIRD))).containsExactly(FIRST);
    assertThat(removal.known(List.of(FIRST, SECOND, THIRD)))
        .containsExactlyInAnyOrder(FIRST, SECOND);
    assertThat(removal.withDisks(List.of(HOST, new HostId("h9")))).containsExactly(HOST);
    removal.forgetRemoved(Duration.ofDays(1));
    assertThat(rows()).isEqualTo(2);
    jdbc.update(
        "update persistent_volume set removed_at = now() - interval '2 days' where id = ?", FIRST);
    removal.forgetRemoved(Duration.ofDays(1));
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void disksOfAGroupThatNeverHadAHostWereNeverMade() {
    group(ONE, null);
    volumes.insert(List.of(disk(FIRST, false, ONE)));
    assertThat(removal.freeLeftBehind()).isZero();
    assertThat(removal.forgetUnmade()).isZero();

    jdbc.update("update container_group set status = 'ScheduleFailed', final_at = now()");
    assertThat(removal.freeLeftBehind()).isEqualTo(1);
    assertThat(removal.forgetUnmade()).isEqualTo(1);
    assertThat(rows()).isZero();
  }

  @Test
  void disksGrowForTheirOwnGroupAndNeverShrink() {
    volumes.insert(List.of(disk(FIRST, false, ONE)));
    volumes.grow(List.of(new Growth(FIRST, TWO, 50)));
    assertThat(found(FIRST).sizeGib()).isEqualTo(20);
    volumes.grow(List.of(new Growth(FIRST, ONE, 50)));
    volumes.grow(List.of(new Growth(FIRST, ONE, 40)));
    assertThat(found(FIRST).sizeGib()).isEqualTo(50);
  }

  @Test
  void anOwnerListsAndDeletesWhatNoGroupHas() {
    volumes.insert(
        List.of(disk(FIRST, false, ONE), disk(SECOND, false, ONE), disk(THIRD, false, TWO)));
    volumes.placed(List.of(new Placed(ONE, HOST, ZONE)));
    assertThat(listing.page(ALICE, REGION, null, 2))
        .extracting(PersistentVolume::id)
        .containsExactly(THIRD, SECOND);
    assertThat(listing.page(ALICE, REGION, SECOND, 2))
        .extracting(PersistentVolume::id)
        .containsExactly(FIRST);
    assertThat(listing.page(BOB, REGION, null, 2)).isEmpty();
    assertThat(listing.require(ALICE, FIRST).performanceLevel()).isEqualTo("PL1");

    assertThatThrownBy(() -> listing.delete(ALICE, FIRST))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("eci-one");
    assertThatThrownBy(() -> listing.delete(BOB, FIRST)).hasMessageContaining("names no disk");
    volumes.free(List.of(ONE));
    listing.delete(ALICE, FIRST);
    assertThatThrownBy(() -> listing.delete(ALICE, FIRST)).hasMessageContaining("names no disk");
    assertThatThrownBy(() -> listing.require(ALICE, FIRST)).hasMessageContaining("names no disk");
    assertThat(removal.toRemove(SHARDS, Set.of()))
        .containsExactly(new VolumeRemoval.Doomed(FIRST, HOST, 0));
  }
}
