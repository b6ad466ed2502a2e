package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.BatchCreateContainerGroupsResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.api.containergroup.ResizeContainerGroupVolumeResponse;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.api.containergroup.VolumeResponse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.quota.Maxima;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Disks that outlive their groups (contract section 10). */
class DiskActionsTest {

  private static final RegionId REGION = new RegionId("cn-hangzhou");

  private static TestServer server;

  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "4vCPU/16GiB")
                .with("podyard.example-prices", "true"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** The hosts are small; what a test leaves would be in the way of the next one. */
  @AfterEach
  void leaveNothing() throws Exception {
    groups
        .list("Limit=20")
        .containerGroups()
        .forEach(
            group -> groups.delete(Objects.requireNonNull(group.containerGroupId()), "Force=true"));
    Waiting.until("empty hosts", () -> groups.list().containerGroups().isEmpty());
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  private static Map<String, String> flex(String options, String... more) {
    Map<String, String> all =
        Groups.shell(
            "sleep infinity",
            "Volume.1.Name=data",
            "Volume.1.Type=FlexVolume",
            "Volume.1.FlexVolume.Driver=alicloud/disk",
            "Volume.1.FlexVolume.Options=" + options,
            "Container.1.VolumeMount.1.Name=data",
            "Container.1.VolumeMount.1.MountPath=/data");
    all.putAll(Groups.parameters(more));
    return all;
  }

  private static Map<String, String> existing(String disk, String... more) {
    return flex("{\"volumeId\":\"" + disk + "\"}", more);
  }

  /** Creates a group with a disk, waits until it runs, and answers the disk. */
  private String diskOf(String group) {
    ContainerGroupResponse running = groups.untilStatus(group, "Running");
    String options = String.valueOf(running.volumes().getFirst().flexVolumeOptions());
    return options.replaceAll(".*\"volumeId\":\"([^\"]*)\".*", "$1");
  }

  private void end(String group) {
    groups.delete(group, "Force=true");
    groups.untilGone(group);
  }

  private static String hostOf(String group) {
    return server
        .jdbc()
        .queryForObject("select host_id from container_group where id = ?", String.class, group);
  }

  /** The hosts that keep a disk. */
  private static List<HostId> keepers(String disk) {
    List<HostId> hosts = new ArrayList<>();
    for (Map.Entry<HostId, GroupRuntime> host : server.runtimes().entrySet()) {
      try {
        if (host.getValue()
            .disks(server.bean(Inventory.class).installation(), host.getKey())
            .contains(disk)) {
          hosts.add(host.getKey());
        }
      } catch (RuntimeUnavailableException e) {
        throw new AssertionError(e);
      }
    }
    return hosts;
  }

  private PodyardCallException refusal(Map<String, String> create) {
    return groups.refusal(Action.CREATE_CONTAINER_GROUP, create);
  }

  private static void assertRefused(PodyardCallException refused, int status, String code) {
    assertThat(refused.httpStatus()).as(refused.getMessage()).isEqualTo(status);
    assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code);
  }

  @Test
  void aDiskOutlivesItsGroupOnItsHostAndIsOneGroupsAtATime() {
    String first = groups.create(flex("{\"volumeSize\":20,\"performanceLevel\":\"PL1\"}"));
    String disk = diskOf(first);
    String host = hostOf(first);
    assertThat(keepers(disk)).containsExactly(new HostId(host));
    assertThat(groups.get(first).volumes())
        .extracting(
            VolumeResponse::type,
            VolumeResponse::flexVolumeDriver,
            VolumeResponse::flexVolumeFsType,
            VolumeResponse::flexVolumeOptions,
            VolumeResponse::diskVolumeDiskId)
        .containsExactly(
            tuple(
                "FlexVolume",
                "alicloud/disk",
                "ext4",
                "{\"volumeId\":\"%s\",\"volumeSize\":\"20\",\"performanceLevel\":\"PL1\",\"deleteWithInstance\":\"false\"}"
                    .formatted(disk),
                null));

    PodyardCallException taken = refusal(existing(disk));
    assertRefused(taken, 400, "IncorrectStatus");
    assertThat(taken.getMessage()).contains(first);
    assertRefused(refusal(existing(disk, "DryRun=true")), 400, "IncorrectStatus");

    end(first);
    assertThat(keepers(disk)).containsExactly(new HostId(host));
    assertRefused(refusal(existing(disk, "DryRun=true")), 400, "DryRunOperation");
    String second =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "Volume.1.Name=again",
                "Volume.1.Type=DiskVolume",
                "Volume.1.DiskVolume.DiskId=" + disk,
                "Volume.1.DiskVolume.FsType=ext4"));
    ContainerGroupResponse running = groups.untilStatus(second, "Running");
    assertThat(hostOf(second)).isEqualTo(host);
    assertThat(running.volumes())
        .extracting(
            VolumeResponse::type,
            VolumeResponse::diskVolumeDiskId,
            VolumeResponse::diskVolumeFsType,
            VolumeResponse::flexVolumeDriver)
        .containsExactly(tuple("DiskVolume", disk, "ext4", null));
  }

  @Test
  void whatOneGroupWroteTheNextOneReads() {
    String writer =
        groups.create(
            flex(
                "{\"volumeSize\":20}", "Container.1.Command.3=echo kept >/data/file; sleep 99999"));
    String disk = diskOf(writer);
    end(writer);

    String reader = groups.create(existing(disk, "Container.1.Command.3=cat /data/file"));
    Waiting.until("read", () -> groups.log(reader, "main").equals("kept\n"));
  }

  private List<String> batch(Map<String, String> request) {
    return groups
        .client()
        .call(
            Action.BATCH_CREATE_CONTAINER_GROUPS, request, BatchCreateContainerGroupsResponse.class)
        .containerGroupIds();
  }

  @Test
  void eachGroupOfABatchHasADiskOfItsOwn() {
    List<String> ids = batch(flex("{\"volumeSize\":20,\"deleteWithInstance\":true}", "Amount=2"));
    assertThat(ids.stream().map(this::diskOf).distinct()).hasSize(2);

    String owner = groups.create(flex("{\"volumeSize\":20}"));
    String disk = diskOf(owner);
    end(owner);
    assertRefused(
        groups.refusal(Action.BATCH_CREATE_CONTAINER_GROUPS, existing(disk, "Amount=2")),
        400,
        "DiskVolume.NotSupport");
    assertThat(diskOf(batch(existing(disk)).getFirst())).isEqualTo(disk);
    assertRefused(
        groups.refusal(Action.BATCH_CREATE_CONTAINER_GROUPS, existing(disk)),
        400,
        "IncorrectStatus");
  }

  @Test
  void whatGoesWithItsGroupIsRemovedFromItsHostOnceTheGroupIsGone() {
    String group = groups.create(flex("{\"volumeSize\":\"20\",\"deleteWithInstance\":\"true\"}"));
    String disk = diskOf(group);
    assertThat(keepers(disk)).hasSize(1);

    end(group);
    Waiting.until("the end of the disk", () -> keepers(disk).isEmpty());
    PodyardCallException gone = refusal(existing(disk));
    assertRefused(gone, 404, "InvalidDiskId.NotFound");
  }

  @Test
  void nobodyLearnsOfOrTakesTheDiskOfAnother() {
    String disk = diskOf(groups.create(flex("{\"volumeSize\":20}")));
    Groups stranger = Groups.ofNewAccount(server);
    String unknown = disk.substring(0, disk.length() - 5) + "zzzzz";

    PodyardCallException foreign = stranger.refusal(Action.CREATE_CONTAINER_GROUP, existing(disk));
    PodyardCallException none = stranger.refusal(Action.CREATE_CONTAINER_GROUP, existing(unknown));
    assertRefused(foreign, 404, "InvalidDiskId.NotFound");
    assertThat(foreign.getMessage().replace(disk, "x").replaceAll("[0-9A-F-]{36}", ""))
        .isEqualTo(none.getMessage().replace(unknown, "x").replaceAll("[0-9A-F-]{36}", ""));
  }

  @Test
  void aGroupWaitsForTheHostThatKeepsItsDisk() {
    String first = groups.create(flex("{\"volumeSize\":20}"));
    String disk = diskOf(first);
    String keeper = hostOf(first);
    end(first);
    List<String> fillers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      fillers.add(
          groups.create(Groups.shell("sleep infinity", "Cpu=4", "Memory=8", "Container.1.Name=f")));
    }
    fillers.forEach(filler -> groups.untilStatus(filler, "Running"));
    String other =
        fillers.stream().filter(f -> !hostOf(f).equals(keeper)).findFirst().orElseThrow();
    String onKeeper =
        fillers.stream().filter(f -> hostOf(f).equals(keeper)).findFirst().orElseThrow();

    String waiting = groups.create(existing(disk));
    assertThat(groups.reasons(waiting)).containsExactly("FailedScheduling");
    assertThat(groups.get(waiting).events().getFirst().message())
        .contains("1 without its disks", "1 without enough free vCPU");
    // Somebody else's room is of no use to it.
    end(other);
    Waiting.during(Duration.ofSeconds(3), () -> "Scheduling".equals(groups.get(waiting).status()));
    end(onKeeper);
    groups.untilStatus(waiting, "Running");
    assertThat(hostOf(waiting)).isEqualTo(keeper);
  }

  @Test
  void aNewDiskOfAWaitingGroupIsWhereTheGroupGetsItsHost() {
    List<String> fillers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      fillers.add(groups.create(Groups.shell("sleep infinity", "Cpu=4", "Memory=8")));
    }
    fillers.forEach(filler -> groups.untilStatus(filler, "Running"));
    String waiting = groups.create(flex("{\"volumeSize\":20}"));
    assertThat(hostOf(waiting)).isNull();
    assertThat(rows("attached_to = '" + waiting + "' and host_id is null")).isEqualTo(1);
    String freed = hostOf(fillers.getFirst());
    end(fillers.getFirst());

    String disk = diskOf(waiting);
    assertThat(keepers(disk)).containsExactly(new HostId(freed));
    assertThat(rows("id = '" + disk + "' and host_id = '" + freed + "'")).isEqualTo(1);
  }

  @Test
  void aDiskThatWasRemovedIsRemovedAgainAndOneThatNobodyKnowsStays() {
    List<String> disks = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String group = groups.create(flex("{\"volumeSize\":20}"));
      disks.add(diskOf(group));
      end(group);
    }
    // As a driver leaves one that made it after its time, and a database that is older than one.
    server
        .jdbc()
        .update(
            "update persistent_volume set deleting_at = now(), removed_at = now() where id = ?",
            disks.getFirst());
    server
        .jdbc()
        .update("update persistent_volume set id = 'hidden' where id = ?", disks.getLast());
    Waiting.until("its end", () -> keepers(disks.getFirst()).isEmpty());
    assertThat(keepers(disks.getLast())).hasSize(1);
    server
        .jdbc()
        .update(
            "update persistent_volume set id = ?, deleting_at = now() where id = 'hidden'",
            disks.getLast());
    Waiting.until("the end of the other", () -> keepers(disks.getLast()).isEmpty());
  }

  @Test
  void aGroupThatNeverHadAHostLeavesNoDisk() {
    List<String> fillers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      fillers.add(groups.create(Groups.shell("sleep infinity", "Cpu=4", "Memory=8")));
    }
    fillers.forEach(filler -> groups.untilStatus(filler, "Running"));
    String waiting = groups.create(flex("{\"volumeSize\":20}"));
    end(waiting);
    Waiting.until("no disk", () -> rows("account_id = '" + key.account().value() + "'") == 0);
  }

  private static int rows(String where) {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select count(*) from persistent_volume where " + where, Integer.class));
  }

  private void resize(String group, String... more) {
    Map<String, String> all = Groups.parameters("ContainerGroupId=" + group, "VolumeName=data");
    all.putAll(Groups.parameters(more));
    assertThat(
            groups
                .client()
                .call(
                    Action.RESIZE_CONTAINER_GROUP_VOLUME,
                    all,
                    ResizeContainerGroupVolumeResponse.class)
                .requestId())
        .isNotEmpty();
  }

  private PodyardCallException noResize(String group, String... more) {
    Map<String, String> all =
        Groups.parameters("ContainerGroupId=" + group, "VolumeName=data", "NewSize=40");
    all.putAll(Groups.parameters(more));
    return groups.refusal(Action.RESIZE_CONTAINER_GROUP_VOLUME, all);
  }

  @Test
  void aDiskGrowsWithoutARestartAndNeverShrinks() {
    String group =
        groups.create(
            flex("{\"volumeSize\":20}", "Volume.2.Name=empty", "Volume.2.Type=EmptyDirVolume"));
    String disk = diskOf(group);

    resize(group, "NewSize=40", "ClientToken=grow");
    resize(group, "NewSize=40", "ClientToken=grow");
    groups.until(
        group,
        "shows the new size",
        g ->
            "Running".equals(g.status())
                && String.valueOf(g.volumes().getFirst().flexVolumeOptions())
                    .contains("\"volumeSize\":\"40\""));
    assertThat(groups.container(group, "main").restartCount()).isZero();
    assertThat(groups.reasons(group)).containsOnlyOnce("Updating");
    assertThat(rows("id = '" + disk + "' and size_gib = 40")).isEqualTo(1);
    assertRefused(
        noResize(group, "NewSize=41", "ClientToken=grow"), 400, "IdempotentParameterMismatch");
    resize(group, "NewSize=40");
    groups.untilStatus(group, "Running");

    PodyardCallException smaller = noResize(group, "NewSize=39");
    assertRefused(smaller, 400, "InvalidParameter");
    assertThat(smaller.getMessage()).contains("NewSize", "at least 40");
    assertRefused(noResize(group, "VolumeName=empty"), 403, "InvalidVolumeType");
    PodyardCallException none = noResize(group, "VolumeName=other");
    assertRefused(none, 404, "InvalidParameter.NotFound");
    assertThat(none.getMessage()).contains("its disks are data");
    PodyardCallException all = noResize(group, "VolumeName=", "NewSize=19", "ClientToken=tök");
    assertThat(all.getMessage()).contains("VolumeName", "NewSize", "20 to 32768", "ClientToken");
    assertRefused(
        Groups.ofNewAccount(server)
            .refusal(
                Action.RESIZE_CONTAINER_GROUP_VOLUME,
                Groups.parameters("ContainerGroupId=" + group, "VolumeName=data", "NewSize=40")),
        404,
        "InvalidParameter.NotFound");

    groups.delete(group);
    assertRefused(noResize(group), 403, "IncorrectStatusDetail");
    groups.untilGone(group);
    String later = groups.create(existing(disk));
    groups.untilStatus(later, "Running");
    assertRefused(noResize(later, "NewSize=39"), 400, "InvalidParameter");
  }

  @Test
  void ofManyCreatesForOneDiskOneIsMade() throws Exception {
    String first = groups.create(flex("{\"volumeSize\":20}"));
    String disk = diskOf(first);
    end(first);
    List<Callable<String>> creates = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      creates.add(
          () -> {
            try {
              return groups.create(existing(disk));
            } catch (PodyardCallException refused) {
              return refused.code();
            }
          });
    }
    List<String> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> answer : threads.invokeAll(creates)) {
        answers.add(answer.get());
      }
    }
    assertThat(answers).filteredOn("IncorrectStatus"::equals).hasSize(11);
    String made = answers.stream().filter(a -> a.startsWith("eci-")).findFirst().orElseThrow();
    groups.untilStatus(made, "Running");
  }

  @Test
  void aTokenMakesOneGroupWithOneDiskAndFindsItAgain() {
    Map<String, String> request = flex("{\"volumeSize\":20}", "ClientToken=disk-token");
    String group = groups.create(request);
    assertThat(groups.create(request)).isEqualTo(group);
    assertThat(rows("account_id = '" + key.account().value() + "'")).isEqualTo(1);
    assertRefused(
        refusal(flex("{\"volumeSize\":21}", "ClientToken=disk-token")),
        400,
        "IdempotentParameterMismatch");
    String disk = diskOf(group);
    end(group);

    Map<String, String> again = existing(disk, "ClientToken=again-token");
    String second = groups.create(again);
    assertThat(groups.create(again)).isEqualTo(second);
  }

  @Test
  void aCreateThatIsRefusedLeavesNoDiskAndTakesNone() {
    String first = groups.create(flex("{\"volumeSize\":20}"));
    String disk = diskOf(first);
    end(first);
    server
        .bean(Quotas.class)
        .set(
            new QuotaPlace(key.account(), REGION),
            new Maxima(Map.of(QuotaKind.CONTAINER_GROUP, 0L)));
    assertRefused(refusal(flex("{\"volumeSize\":20}")), 403, "QuotaExceeded");
    assertRefused(refusal(existing(disk)), 403, "QuotaExceeded");
    server.bean(Quotas.class).set(new QuotaPlace(key.account(), REGION), new Maxima(Map.of()));

    assertThat(rows("account_id = '" + key.account().value() + "'")).isEqualTo(1);
    groups.untilStatus(groups.create(existing(disk)), "Running");
  }

  @Test
  void theDisksOfOneGroupAreOnOneHostInItsZone() {
    List<String> disks = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String group = groups.create(flex("{\"volumeSize\":20}"));
      disks.add(diskOf(group));
      end(group);
    }
    // As if there were more zones and hosts than this server has.
    String zone =
        server
            .jdbc()
            .queryForObject(
                "select zone from persistent_volume where id = ?", String.class, disks.getFirst());
    List<String> hosts =
        server.jdbc().queryForList("select id from host order by id", String.class);
    move(disks.getFirst(), hosts.getFirst(), String.valueOf(zone));
    move(disks.getLast(), hosts.getLast(), String.valueOf(zone));
    PodyardCallException apart =
        refusal(
            existing(
                disks.getFirst(),
                "Volume.2.Name=b",
                "Volume.2.Type=DiskVolume",
                "Volume.2.DiskVolume.DiskId=" + disks.getLast()));
    assertRefused(apart, 400, "DiskVolume.NotSupport");

    move(disks.getFirst(), hosts.getFirst(), "cn-hangzhou-elsewhere");
    PodyardCallException zoned = refusal(existing(disks.getFirst(), "ZoneId=" + zone));
    assertRefused(zoned, 400, "DiskVolume.NotInSameZone");
    assertThat(zoned.getMessage()).contains("cn-hangzhou-elsewhere", String.valueOf(zone));
    // Back to where they are, and on their way.
    for (String disk : disks) {
      move(disk, keepers(disk).getFirst().value(), String.valueOf(zone));
    }
  }

  private static void move(String disk, String host, String zone) {
    server
        .jdbc()
        .update(
            "update persistent_volume set host_id = ?, zone = ? where id = ?", host, zone, disk);
  }

  @Test
  void anUpdateLeavesDisksAsTheyAre() {
    String group =
        groups.create(
            flex("{\"volumeSize\":20}", "Volume.2.Name=empty", "Volume.2.Type=EmptyDirVolume"));
    String disk = diskOf(group);
    update(group, "UpdateType=RenewUpdate", "Volume.1.Name=new", "Volume.1.Type=EmptyDirVolume");
    ContainerGroupResponse changed =
        groups.until(
            group,
            "has other volumes",
            g -> "Running".equals(g.status()) && g.volumes().getFirst().name().equals("new"));
    assertThat(changed.volumes()).extracting(VolumeResponse::name).containsExactly("new", "data");
    assertThat(changed.volumes().getLast().flexVolumeOptions()).contains(disk);
    assertThat(groups.container(group, "main").restartCount()).isZero();

    String driver = "Volume.1.FlexVolume.Driver=alicloud/disk";
    String[] same = {"Volume.1.Name=data", "Volume.1.Type=FlexVolume", driver};
    PodyardCallException other =
        noUpdate(
            group,
            concat(
                same,
                "Volume.1.FlexVolume.Options={\"volumeSize\":30,\"deleteWithInstance\":true}"));
    assertThat(other.getMessage())
        .contains("volumeSize", "ResizeContainerGroupVolume", "deleteWithInstance");
    PodyardCallException added =
        noUpdate(
            group,
            "Volume.1.Name=more",
            "Volume.1.Type=FlexVolume",
            driver,
            "Volume.1.FlexVolume.Options={\"volumeSize\":20}");
    assertThat(added.getMessage()).contains("cannot be added");
    PodyardCallException replaced =
        noUpdate(group, "Volume.1.Name=data", "Volume.1.Type=EmptyDirVolume");
    assertRefused(replaced, 400, "InvalidParameter.DuplicatedVolumeName");
    assertRefused(
        noUpdate(
            group,
            concat(
                same,
                "UpdateType=IncrementalUpdate",
                "Volume.1.FlexVolume.Options={\"volumeId\":\"" + disk + "\"}")),
        400,
        "NoNeedUpdate");
  }

  private static String[] concat(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  private void update(String group, String... parameters) {
    Map<String, String> all = Groups.parameters(parameters);
    all.put("ContainerGroupId", group);
    UpdateContainerGroupResponse _ =
        groups
            .client()
            .call(Action.UPDATE_CONTAINER_GROUP, all, UpdateContainerGroupResponse.class);
  }

  private PodyardCallException noUpdate(String group, String... parameters) {
    Map<String, String> all = Groups.parameters(parameters);
    all.put("ContainerGroupId", group);
    return groups.refusal(Action.UPDATE_CONTAINER_GROUP, all);
  }

  @Test
  void everyProblemOfDisksIsToldAtOnce() {
    Map<String, String> wrong =
        Groups.shell(
            "true",
            "Volume.1.Name=a",
            "Volume.1.Type=DiskVolume",
            "Volume.1.DiskVolume.FsType=xfs",
            "Volume.2.Name=b",
            "Volume.2.Type=DiskVolume",
            "Volume.2.DiskVolume.DiskSize=19",
            "Volume.3.Name=c",
            "Volume.3.Type=FlexVolume",
            "Volume.3.FlexVolume.Driver=alicloud/disk",
            "Volume.3.FlexVolume.Options={\"volumeSize\":40000,\"encrypted\":true,\"kmsKeyId\":\"k\","
                + "\"performanceLevel\":\"PL9\",\"deleteWithInstance\":\"maybe\"}",
            "Volume.4.Name=d",
            "Volume.4.Type=FlexVolume",
            "Volume.4.FlexVolume.Driver=alicloud/disk",
            "Volume.4.FlexVolume.Options={\"volumeId\":\"d-none\",\"mkfs\":1}",
            "Volume.5.Name=e",
            "Volume.5.Type=DiskVolume",
            "Volume.5.DiskVolume.DiskId=d-00000000000000000000");
    PodyardCallException refused = refusal(wrong);
    assertThat(refused.getMessage())
        .contains(
            "Volume.1.DiskVolume: must name a disk",
            "Volume.1.DiskVolume.FsType",
            "must be ext4",
            "Volume.2.DiskVolume.DiskSize",
            "from 20 to 32768",
            "Volume.3.FlexVolume.Options.volumeSize",
            "Volume.3.FlexVolume.Options.encrypted",
            "hosts do not encrypt",
            "Volume.3.FlexVolume.Options.kmsKeyId",
            "Volume.3.FlexVolume.Options.performanceLevel",
            "Volume.3.FlexVolume.Options.deleteWithInstance",
            "Volume.4.FlexVolume.Options: must have volumeId",
            "Volume.4.FlexVolume.Options.volumeId",
            "Volume.5.DiskVolume.DiskId",
            "names no disk of this account");

    Map<String, String> many = Groups.shell("true");
    for (int i = 1; i <= 17; i++) {
      many.put("Volume." + i + ".Name", "v" + i);
      many.put("Volume." + i + ".Type", "DiskVolume");
      many.put("Volume." + i + ".DiskVolume.DiskSize", "20");
    }
    PodyardCallException tooMany = refusal(many);
    assertRefused(tooMany, 400, "DiskNumber.LimitExceed");
    assertThat(tooMany.getMessage()).contains("at most 16");

    String disk = "d-00000000000000000000";
    PodyardCallException twice =
        refusal(
            existing(
                disk,
                "Volume.2.Name=b",
                "Volume.2.Type=DiskVolume",
                "Volume.2.DiskVolume.DiskId=" + disk));
    assertThat(twice.getMessage()).contains("is the disk of volume data already");
  }
}
