package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.inventory.CidrBlock;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** How addresses are given and given back, and what happens when others were faster. */
class GroupAddressesTest {

  private static final AccountId ACCOUNT = new AccountId("a");
  private static final RegionId REGION = new RegionId("r");
  private static final ZoneId ZONE_A = new ZoneId("r-a");
  private static final ZoneId ZONE_B = new ZoneId("r-b");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final CidrBlock FOUR = CidrBlock.parse("10.9.0.8/29").orElseThrow();
  private static final Placement.Pick PICK =
      new Placement.Pick(new HostId("h1"), Taken.of(Size.of(2000, 4096)));

  private TestDatabase database;
  private JdbcTemplate jdbc;
  private JdbcGroupCreation creation;
  private JdbcGroupBinding binding;
  private Reservations reservations;

  @BeforeEach
  void prepare() {
    database = TestDatabase.create();
    jdbc = database.jdbc();
    TestHosts.add(jdbc, 1, Size.of(64_000, 128 * 1024));
    jdbc.update("insert into zone (region, id) values ('r', 'r-b')");
    jdbc.update("insert into account (id, name, role) values ('a', 'a', 'USER')");
    reservations = new Reservations(jdbc);
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
            reservations,
            new GroupEvents(jdbc),
            documents);
    binding =
        new JdbcGroupBinding(
            jdbc,
            new VSwitches(jdbc),
            new VSwitchAddresses(jdbc),
            new PersistentVolumes(jdbc),
            reservations,
            new GroupEvents(jdbc),
            documents);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void vSwitch(String id, ZoneId zone, @Nullable CidrBlock cidr) {
    jdbc.update(
        "insert into vswitch (account_id, region, id, zone, cidr) values ('a', 'r', ?, ?, ?::cidr)",
        id,
        zone.value(),
        cidr == null ? null : cidr.toString());
  }

  private static VSwitches.Placed in(String id, ZoneId zone, @Nullable CidrBlock cidr) {
    return new VSwitches.Placed(
        new VSwitches.Key(ACCOUNT, REGION, new VSwitchId(id)), zone, cidr, true);
  }

  private static NewGroup group(
      String id, VSwitches.Placed vSwitch, Placement.@Nullable Pick picked) {
    GroupDraft draft = CreateRequests.draft("Cpu=2", "Memory=4");
    VSwitchId inside = vSwitch.key().id();
    GroupRecord record =
        NewRecords.scheduling(
            id,
            ACCOUNT,
            REGION,
            vSwitch.zone(),
            draft,
            draft.spec().inVSwitch(inside),
            draft.kept().inVSwitch(inside.value(), List.of()),
            NOW,
            NOW.plusSeconds(60));
    return new NewGroup(record, picked, List.of(GroupBinding.HOST_FOUND), vSwitch, null, null);
  }

  private List<NewGroup.Outcome> write(NewGroup... groups) {
    return Objects.requireNonNull(
        database.transaction().execute(status -> creation.write(List.of(groups))));
  }

  private boolean bind(String group, VSwitches.Placed vSwitch) {
    List<GroupBinding.Outcome> outcomes =
        Objects.requireNonNull(
            database
                .transaction()
                .execute(
                    status ->
                        binding.write(
                            List.of(
                                new GroupBinding(
                                    new ContainerGroupId(group), PICK, vSwitch, NOW)))));
    return outcomes.getFirst() instanceof GroupBinding.Outcome.Bound;
  }

  private void release(String group) {
    database
        .transaction()
        .executeWithoutResult(status -> reservations.release(List.of(new ContainerGroupId(group))));
  }

  /** What a group that has an address was given; it is in its spec and nowhere else. */
  private @Nullable String address(String group) {
    List<String> rows =
        jdbc.query(
            "select host(address) from vswitch_address where group_id = ?",
            (row, n) -> row.getString(1),
            group);
    assertThat(
            jdbc.query(
                "select spec -> 'address' ->> 'ip' from container_group where id = ?",
                (row, n) -> Optional.ofNullable(row.getString(1)),
                group))
        .containsExactly(rows.stream().findFirst());
    return rows.isEmpty() ? null : rows.getFirst();
  }

  private String text(String sql) {
    return String.valueOf(jdbc.queryForObject(sql, String.class));
  }

  @Test
  void addressesAreGivenInOrderAndTheOneThatIsFreeForLongestIsGivenAgain() {
    vSwitch("v", ZONE_A, FOUR);
    VSwitches.Placed v = in("v", ZONE_A, FOUR);
    write(group("g1", v, PICK), group("g2", v, PICK), group("g3", v, PICK));
    List<String> given = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      given.add(String.valueOf(address("g" + i)));
    }
    assertThat(given).containsExactlyInAnyOrder("10.9.0.9", "10.9.0.10", "10.9.0.11");
    assertThat(text("select spec ->> 'address' from container_group where id = 'g1'"))
        .contains("\"10.9.0.8/29\"", "\"10.9.0.13\"");

    // One that nobody ever had comes before one that was just given back.
    release("g2");
    release("g1");
    write(group("g4", v, PICK));
    assertThat(address("g4")).isEqualTo("10.9.0.12");
    write(group("g5", v, PICK));
    assertThat(address("g5")).isEqualTo(given.get(1));
    release("g3");
    write(group("g6", v, PICK));
    assertThat(address("g6")).isEqualTo(given.get(0));
    write(group("g7", v, PICK));
    assertThat(address("g7")).isEqualTo(given.get(2));
    assertThat(text("select addresses_touched from vswitch")).isEqualTo("4");
  }

  @Test
  void aGroupThatFindsNoAddressLeftHoldsNothingAndWaits() {
    vSwitch("v", ZONE_A, FOUR);
    VSwitches.Placed v = in("v", ZONE_A, FOUR);
    NewGroup[] five =
        IntStream.rangeClosed(1, 5).mapToObj(i -> group("g" + i, v, PICK)).toArray(NewGroup[]::new);
    assertThat(write(five))
        .extracting(outcome -> ((NewGroup.Outcome.Created) outcome).became())
        .containsExactlyInAnyOrder(
            PickSettlement.Became.PLACED,
            PickSettlement.Became.PLACED,
            PickSettlement.Became.PLACED,
            PickSettlement.Became.PLACED,
            PickSettlement.Became.WITHOUT_ADDRESS);

    assertThat(text("select count(*) from reservation")).isEqualTo("4");
    String last = text("select id from container_group where host_id is null");
    assertThat(text("select message from container_group where host_id is null"))
        .isEqualTo(JdbcGroupCreation.LOST_ADDRESS);
    assertThat(address(last)).isNull();
    assertThat(bind(last, v)).isFalse();
    assertThat(text("select count(*) from reservation")).isEqualTo("4");

    String first = text("select group_id from reservation order by group_id limit 1");
    String its = address(first);
    release(first);
    assertThat(bind(last, v)).isTrue();
    assertThat(address(last)).isEqualTo(its);
  }

  @Test
  void aGroupWhoseHostIsFullTakesNoAddress() {
    vSwitch("v", ZONE_A, FOUR);
    jdbc.update("update host set cordoned_at = now(), state = 'CORDONED'");
    assertThat(write(group("g1", in("v", ZONE_A, FOUR), PICK)))
        .extracting(outcome -> ((NewGroup.Outcome.Created) outcome).became())
        .containsExactly(PickSettlement.Became.WAITING);

    assertThat(text("select message from container_group")).isEqualTo(JdbcGroupCreation.LOST);
    assertThat(text("select count(*) from vswitch_address")).isEqualTo("0");
    assertThat(text("select addresses_touched from vswitch")).isEqualTo("0");
  }

  @Test
  void aGroupThatWaitedInOneVSwitchMayBeBoundInAnother() {
    vSwitch("v", ZONE_A, null);
    vSwitch("w", ZONE_B, FOUR);
    write(group("g1", in("v", ZONE_A, null), null), group("g2", in("w", ZONE_B, FOUR), null));

    assertThat(bind("g1", in("w", ZONE_B, FOUR))).isTrue();
    assertThat(bind("g2", in("v", ZONE_A, null))).isTrue();

    assertThat(address("g1")).isEqualTo("10.9.0.9");
    assertThat(address("g2")).isNull();
    assertThat(
            jdbc.queryForList(
                """
                select zone || ' ' || (kept ->> 'vSwitchId') || ' ' || (spec -> 'vSwitch' ->> 'value')
                from container_group order by id
                """,
                String.class))
        .containsExactly("r-b w w", "r-a v v");
  }

  @Test
  void aVSwitchThatWasMadeOrDeletedMeanwhileIsChosenAnew() {
    vSwitch("made", ZONE_A, FOUR);
    VSwitches.Placed unknown =
        new VSwitches.Placed(new VSwitches.Key(ACCOUNT, REGION, new VSwitchId("made")), ZONE_A);
    VSwitches.Placed deleted = in("deleted", ZONE_A, null);

    assertThat(write(group("g1", unknown, PICK), group("g2", deleted, PICK)))
        .allMatch(outcome -> outcome instanceof NewGroup.Outcome.VSwitchElsewhere);

    assertThat(text("select count(*) from container_group")).isEqualTo("0");
    assertThat(text("select string_agg(id, ' ') from vswitch")).isEqualTo("made");
    write(group("g3", in("made", ZONE_A, FOUR), null));
    assertThat(bind("g3", deleted)).isFalse();
    assertThat(bind("g3", unknown)).isFalse();
    assertThat(bind("g3", in("made", ZONE_A, FOUR))).isTrue();
  }
}
