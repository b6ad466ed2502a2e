package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.VSwitchAddresses;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.placement.Reservations;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.volume.PersistentVolumes;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.VSwitchId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.Taken;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is written with a new group, and with one that gets its host later. */
class GroupCreationTest {

  private static final AccountId ACCOUNT = new AccountId("a");
  private static final RegionId REGION = new RegionId("r");
  private static final ZoneId ZONE_A = new ZoneId("r-a");
  private static final ZoneId ZONE_B = new ZoneId("r-b");
  private static final Placement.Pick PICK =
      new Placement.Pick(new HostId("h1"), Taken.of(Size.of(2000, 4096)));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private JdbcGroupCreation creation;
  private JdbcGroupBinding binding;

  @BeforeEach
  void addHost() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    // Room for one group of the usual size and not for two.
    TestHosts.add(jdbc, 1, Size.of(3000, 6144));
    jdbc.update("insert into zone (region, id) values ('r', 'r-b')");
    jdbc.update("insert into account (id, name, role) values ('a', 'a', 'USER')");
    GroupDocuments documents =
        new GroupDocuments(new SecretBox(SecretsKey.of(SecretsKey.random(), Path.of("not-used"))));
    creation =
        new JdbcGroupCreation(
            jdbc,
            new RequestNonces(jdbc),
            new ClientTokens(jdbc),
            new VSwitches(jdbc),
            new VSwitchAddresses(jdbc),
            new PersistentVolumes(jdbc),
            StoredGroups.quotas(jdbc),
            new Reservations(jdbc),
            new GroupEvents(jdbc),
            documents);
    binding =
        new JdbcGroupBinding(
            jdbc,
            new VSwitches(jdbc),
            new VSwitchAddresses(jdbc),
            new PersistentVolumes(jdbc),
            new Reservations(jdbc),
            new GroupEvents(jdbc),
            documents);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static NewGroup group(
      String id, ZoneId zone, @Nullable String vSwitch, @Nullable String token) {
    GroupDraft draft = CreateRequests.draft("Cpu=2", "Memory=4");
    GroupRecord record = NewRecords.scheduling(id, ACCOUNT, REGION, zone, draft, NOW, LATER);
    return new NewGroup(
        record,
        zone.equals(ZONE_A) ? PICK : null,
        List.of(GroupBinding.HOST_FOUND),
        vSwitch == null
            ? null
            : new VSwitches.Placed(
                new VSwitches.Key(ACCOUNT, REGION, new VSwitchId(vSwitch)), zone),
        TokenClaim.of(
            ACCOUNT, REGION, Action.CREATE_CONTAINER_GROUP, token, () -> List.of("a request"), id),
        null);
  }

  private List<NewGroup.Outcome> write(NewGroup... groups) {
    return Objects.requireNonNull(
        database.transaction().execute(status -> creation.write(List.of(groups))));
  }

  private List<@Nullable String> texts(String sql) {
    return jdbc.queryForList(sql, String.class);
  }

  @Test
  void aNewVSwitchHasOneZoneThoughTwoOfOneBatchWantTwo() {
    List<NewGroup.Outcome> outcomes =
        write(
            group("g1", ZONE_A, "v", "t1"),
            group("g2", ZONE_B, "v", "t2"),
            group("g3", ZONE_B, "v", "t2"),
            group("g4", ZONE_B, "w", null));

    assertThat(outcomes.get(0)).isInstanceOf(NewGroup.Outcome.Created.class);
    // The third has the token of the second, which stands for no group either.
    assertThat(outcomes.subList(1, 3))
        .allMatch(outcome -> outcome instanceof NewGroup.Outcome.VSwitchElsewhere);
    assertThat(outcomes.get(3)).isInstanceOf(NewGroup.Outcome.Created.class);
    assertThat(texts("select id from container_group order by id")).containsExactly("g1", "g4");
    assertThat(texts("select token from client_token")).containsExactly("t1");
    assertThat(texts("select id || ' ' || zone from vswitch order by id"))
        .containsExactly("v r-a", "w r-b");
    assertThat(texts("select distinct group_id from group_event")).containsOnly("g1", "g4");

    // The same again: now it is known where the vSwitch is.
    assertThat(write(group("g2", ZONE_A, null, "t2")).getFirst())
        .isInstanceOf(NewGroup.Outcome.Created.class);
  }

  @Test
  void aGroupThatIsNotCreatedRegistersNoVSwitch() {
    write(group("g1", ZONE_A, null, "t"));
    NewGroup again = group("g2", ZONE_A, "v", "t");
    NewGroup other =
        new NewGroup(
            again.record(),
            null,
            List.of(),
            again.vSwitch(),
            TokenClaim.of(
                ACCOUNT,
                REGION,
                Action.CREATE_CONTAINER_GROUP,
                "t",
                () -> List.of("another request"),
                "g2"),
            null);

    assertThat(write(again, other))
        .containsExactly(
            new NewGroup.Outcome.Replayed(new ContainerGroupId("g1")),
            new NewGroup.Outcome.TokenMismatch());
    assertThat(texts("select id from vswitch")).isEmpty();
  }

  @Test
  void aGroupIsToldOnceThatItGotItsHostAndOnlyWhenItDid() {
    write(group("g1", ZONE_A, null, null), group("g2", ZONE_A, null, null));

    assertThat(events("g1")).containsExactly("NORMAL Scheduled");
    // Its host was picked and lost: what is said is what is true.
    assertThat(events("g2")).containsExactly("WARNING FailedScheduling");
    assertThat(texts("select reason from container_group order by id"))
        .containsExactly("", "NoCapacity");

    assertThat(bind("g2")).isEqualTo(new GroupBinding.Outcome.NoRoom());
    assertThat(events("g2")).containsExactly("WARNING FailedScheduling");
    jdbc.update("update host set allocatable_milli_cpu = 6000, allocatable_memory_mib = 12288");
    assertThat(bind("g2")).isInstanceOf(GroupBinding.Outcome.Bound.class);
    assertThat(bind("g2")).isEqualTo(new GroupBinding.Outcome.NotAsked());
    assertThat(events("g2")).containsExactly("WARNING FailedScheduling", "NORMAL Scheduled");
    assertThat(texts("select max(count)::text from group_event")).containsExactly("1");
  }

  @Test
  void aGroupStaysInTheZoneThatItAskedForThoughItsHostIsInAnother() {
    NewGroup served = group("g1", ZONE_B, "v", null);
    write(
        new NewGroup(served.record(), PICK, served.occurrences(), served.vSwitch(), null, null),
        group("g2", ZONE_B, null, null));
    assertThat(texts("select host_id || ' ' || zone from container_group where id = 'g1'"))
        .containsExactly("h1 r-b");
    assertThat(texts("select id || ' ' || zone from vswitch")).containsExactly("v r-b");
    jdbc.update("update host set allocatable_milli_cpu = 6000, allocatable_memory_mib = 12288");
    assertThat(bind("g2")).isInstanceOf(GroupBinding.Outcome.Bound.class);
    assertThat(texts("select host_id || ' ' || zone from container_group where id = 'g2'"))
        .containsExactly("h1 r-b");
  }

  private GroupBinding.Outcome bind(String group) {
    return Objects.requireNonNull(
            database
                .transaction()
                .execute(
                    status ->
                        binding.write(
                            List.of(
                                new GroupBinding(new ContainerGroupId(group), PICK, null, LATER)))))
        .getFirst();
  }

  private List<@Nullable String> events(String group) {
    return jdbc.queryForList(
        "select upper(type) || ' ' || reason from group_event where group_id = ? order by last_at",
        String.class,
        group);
  }
}
