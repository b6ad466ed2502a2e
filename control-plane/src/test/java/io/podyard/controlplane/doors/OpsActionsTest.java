package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.ops.CreateInstanceOpsTaskResponse;
import io.podyard.api.ops.DescribeInstanceOpsRecordsResponse;
import io.podyard.api.ops.OpsRecordResponse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.Fence;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Operations tasks (contract section 15), on simulated hosts. */
class OpsActionsTest {

  private static final Fence OPEN =
      new Fence() {
        @Override
        public long epoch() {
          return 1;
        }

        @Override
        public void check() {}
      };

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "16vCPU/64GiB")
                .with("podyard.ops.tcpdump-image", "registry.test/tcpdump:1")
                .with("podyard.ops.core-dumps", "64MB")
                .with("podyard.ops.per-account", "2"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private String running() {
    String id = groups.create(Groups.shell("sleep infinity"));
    groups.untilStatus(id, "Running");
    return id;
  }

  private static Map<String, String> request(String group, String type, String value) {
    return Groups.parameters("ContainerGroupId=" + group, "OpsType=" + type, "OpsValue=" + value);
  }

  private void task(String group, String type, String value) {
    assertThat(
            groups
                .client()
                .call(
                    Action.CREATE_INSTANCE_OPS_TASK,
                    request(group, type, value),
                    CreateInstanceOpsTaskResponse.class)
                .result())
        .isEqualTo("success");
  }

  private void begin(String group, String value) {
    task(group, "tcpdump", value);
  }

  private void dump(String group, String value) {
    task(group, "coredump", value);
  }

  private ErrorCode refusal(String group, String type, String value) {
    return refusal(groups, group, type, value).errorCode().orElseThrow();
  }

  private static PodyardCallException refusal(
      Groups whose, String group, String type, String value) {
    return whose.refusal(Action.CREATE_INSTANCE_OPS_TASK, request(group, type, value));
  }

  private List<OpsRecordResponse> records(Groups whose, String group) {
    return records(whose, group, "tcpdump");
  }

  private static List<OpsRecordResponse> records(Groups whose, String group, String type) {
    return whose
        .call(
            Action.DESCRIBE_INSTANCE_OPS_RECORDS,
            DescribeInstanceOpsRecordsResponse.class,
            "ContainerGroupId=" + group,
            "OpsType=" + type)
        .records();
  }

  private OpsRecordResponse newestDump(String group) {
    return records(groups, group, "coredump").getFirst();
  }

  private OpsRecordResponse untilDumpIsOver(String group) {
    Waiting.until("the dump is there", () -> !"Ready".equals(newestDump(group).opsStatus()));
    return newestDump(group);
  }

  private void untilDumpsAreEnabled(String group) {
    groups.until(group, "dumps are kept", _ -> !message(group, "CoreDumpEnabled").isEmpty());
  }

  @Test
  void theCoreDumpOfACrashIsDownloadedAlsoWhenItsGroupIsGone() {
    String group = groups.create(Groups.shell("sleep 3; exit 139", "RestartPolicy=Never"));
    groups.untilStatus(group, "Running");
    dump(group, "enable");
    assertThat(newestDump(group).opsStatus()).isEqualTo("Ready");
    assertThat(newestDump(group).expireTime()).isAfter(Instant.now());
    assertThat(refusal(group, "coredump", "enable"))
        .isEqualTo(ErrorCode.COREDUMP_REFRESH_INTERVAL_TOO_SHORT);
    begin(group, "{\"Enable\":true,\"PacketNum\":1}");

    OpsRecordResponse done = untilDumpIsOver(group);
    assertThat(done.opsStatus()).isEqualTo("Success");
    assertThat(done.opsType()).isEqualTo("coredump");
    assertThat(message(group, "CoreDumpStored")).contains("exit code 139");
    groups.untilStatus(group, "Failed");
    HttpResponse<byte[]> file = ask("GET", address(done));
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body()).startsWith(0x7F, 'E', 'L', 'F');
    assertThat(file.headers().firstValue("Content-Type")).contains("application/x-core");
    assertThat(file.headers().firstValue("Content-Disposition").orElseThrow())
        .contains("attachment", group, ".core");
    assertThat(refusal(group, "coredump", "enable")).isEqualTo(ErrorCode.OPS_INSTANCE_NOT_SUPPORT);
    groups.delete(group);
    groups.untilGone(group);
    assertThat(ask("GET", address(newestDump(group))).body()).isEqualTo(file.body());
    assertThat(records(Groups.ofNewAccount(server), group, "coredump")).isEmpty();
  }

  @Test
  void oneDumpOfACrashLoopIsKeptEachTimeSomebodyAsks() {
    String group = groups.create(Groups.shell("sleep 0.5; exit 134"));
    groups.until(group, "it crashes", _ -> !message(group, "Started").isEmpty());
    dump(group, "enable");
    assertThat(untilDumpIsOver(group).opsStatus()).isEqualTo("Success");
    dump(group, "enable");
    assertThat(untilDumpIsOver(group).opsStatus()).isEqualTo("Success");
    assertThat(records(groups, group, "coredump")).hasSize(2);
    groups.delete(group, "Force=true");
  }

  @Test
  void nobodyWaitsForADumpOnceThatIsDisabledOrTheGroupOrTheTimeIsOver() {
    String group = running();
    dump(group, "disable");
    dump(group, "enable");
    untilDumpsAreEnabled(group);
    dump(group, "disable");
    assertThat(untilDumpIsOver(group).opsStatus()).isEqualTo("Closed");
    assertThat(newestDump(group).resultContent()).isNull();
    assertThat(groups.reasons(group)).contains("CoreDumpEnabled", "CoreDumpDisabled");

    dump(group, "enable");
    Waiting.until("it has begun", () -> begun(group));
    server
        .jdbc()
        .update(
            "update ops_task set begun_at = now() - interval '12 h' where group_id = ? and status ="
                + " 'Ready'",
            group);
    assertThat(untilDumpIsOver(group).opsStatus()).isEqualTo("Closed");

    dump(group, "enable");
    Waiting.until("it has begun", () -> begun(group));
    groups.delete(group, "Force=true");
    assertThat(untilDumpIsOver(group).opsStatus()).isEqualTo("Closed");
  }

  private static boolean begun(String group) {
    return Boolean.TRUE.equals(
        server
            .jdbc()
            .queryForObject(
                "select bool_or(begun_at is not null) from ops_task where group_id = ? and status ="
                    + " 'Ready'",
                Boolean.class,
                group));
  }

  private OpsRecordResponse newest(String group) {
    return records(groups, group).getFirst();
  }

  private OpsRecordResponse untilOver(String group) {
    Waiting.until("the task is over", () -> !"Ready".equals(newest(group).opsStatus()));
    return newest(group);
  }

  private static HttpResponse<byte[]> ask(String method, String address) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create(address))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String address(OpsRecordResponse record) {
    return Objects.requireNonNull(record.resultContent(), () -> "no result: " + record);
  }

  private static int packets(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(in.getInt()).isEqualTo(0xA1B2C3D4);
    in.position(24);
    int packets = 0;
    while (in.hasRemaining()) {
      in.position(in.position() + 16 + in.getInt(in.position() + 8));
      packets++;
    }
    return packets;
  }

  private String message(String group, String reason) {
    return groups.get(group).events().stream()
        .filter(event -> reason.equals(event.reason()))
        .map(event -> String.valueOf(event.message()))
        .findFirst()
        .orElse("");
  }

  @Test
  void aCaptureIsDownloadedByItsAddressUntilItExpires() {
    String group = running();
    begin(group, "{\"Enable\":true,\"Protocol\":\"udp\",\"DestPort\":53,\"PacketNum\":3}");
    OpsRecordResponse done = untilOver(group);
    assertThat(done.opsStatus()).isEqualTo("Success");
    assertThat(done.opsType()).isEqualTo("tcpdump");
    assertThat(done.resultType()).isEqualTo("OSS");
    assertThat(done.createTime()).isBeforeOrEqualTo(Instant.now());
    assertThat(done.expireTime()).isAfter(Instant.now().plusSeconds(11 * 3600));
    assertThat(groups.reasons(group)).contains("CaptureStarted", "CaptureStored");

    String address = address(done);
    assertThat(address(newest(group))).as("it stays the same").isEqualTo(address);
    HttpResponse<byte[]> file = ask("GET", address);
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(packets(file.body())).isEqualTo(3);
    assertThat(file.headers().firstValue("Content-Type")).contains("application/vnd.tcpdump.pcap");
    assertThat(file.headers().firstValue("Content-Disposition").orElseThrow())
        .contains("attachment", group, ".pcap");
    assertThat(file.headers().firstValue("Cache-Control")).contains("no-store");
    HttpResponse<byte[]> head = ask("HEAD", address);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(file.body().length);
    assertThat(ask("POST", address).statusCode()).isEqualTo(405);
    assertThat(ask("GET", address + "x").statusCode()).isEqualTo(404);
    assertThat(ask("GET", address.replaceFirst("\\?.*", "")).statusCode()).isEqualTo(400);

    assertThat(records(Groups.ofNewAccount(server), group)).isEmpty();
    String secret = address.replaceFirst(".*=", "");
    assertThat(secret).hasSizeGreaterThanOrEqualTo(43);
    assertThat(server.jdbc().queryForList("select to_jsonb(o)::text from ops_task o", String.class))
        .as("what is stored")
        .noneMatch(row -> row.contains(secret));

    groups.delete(group, "Force=true");
    groups.untilGone(group);
    assertThat(ask("GET", address(newest(group))).body()).isEqualTo(file.body());

    server
        .jdbc()
        .update(
            "update ops_task set expires_at = now() - interval '1 s' where group_id = ?", group);
    assertThat(newest(group).opsStatus()).isEqualTo("Expired");
    assertThat(newest(group).resultContent()).isNull();
    assertThat(newest(group).resultType()).isNull();
    assertThat(ask("GET", address).statusCode()).isEqualTo(404);
    Waiting.until(
        "its content is gone",
        () ->
            Boolean.TRUE.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select status = 'Expired' and file_id is null from ops_task where"
                            + " group_id = ?",
                        Boolean.class,
                        group)));
    assertThat(newest(group).opsStatus()).isEqualTo("Expired");
  }

  @Test
  void aGroupHasOneAtATimeWhichItsOwnerOrItsTimeEnds() {
    String group = running();
    begin(group, "{\"Enable\":true}");
    assertThat(newest(group).opsStatus()).isEqualTo("Ready");
    assertThat(newest(group).expireTime()).isAfter(Instant.now().plusSeconds(300));
    assertThat(newest(group).resultContent()).isNull();
    assertThat(refusal(group, "tcpdump", "{\"Enable\":true}"))
        .isEqualTo(ErrorCode.OPS_INTERVAL_TOO_SHORT);
    groups.until(group, "it has begun", _ -> !message(group, "CaptureStarted").isEmpty());
    begin(group, "{\"Enable\":false}");
    OpsRecordResponse closed = untilOver(group);
    assertThat(closed.opsStatus()).isEqualTo("Closed");
    assertThat(packets(ask("GET", address(closed)).body())).isPositive();
    begin(group, "{\"Enable\":false}");

    begin(group, "{\"Enable\":true,\"Duration\":\"1\"}");
    assertThat(untilOver(group).opsStatus()).isEqualTo("Success");
    assertThat(packets(ask("GET", address(newest(group))).body())).isBetween(5, 1000);
    assertThat(records(groups, group)).hasSize(2);
    assertThat(address(records(groups, group).get(1))).isNotEqualTo(address(newest(group)));
    groups.delete(group, "Force=true");
  }

  @Test
  void whatFailsIsToldToItsGroupAndTheEndOfTheGroupEndsACapture() throws Exception {
    String group = running();
    begin(group, "{\"Enable\":true,\"IfDeviceName\":\"eth9\"}");
    OpsRecordResponse failed = untilOver(group);
    assertThat(failed.opsStatus()).isEqualTo("Failed");
    assertThat(failed.resultContent()).isNull();
    assertThat(message(group, "CaptureFailed")).contains("eth9");

    begin(group, "{\"Enable\":true}");
    groups.until(group, "it has begun", _ -> !message(group, "CaptureStarted").isEmpty());
    groups.delete(group, "Force=true");
    assertThat(untilOver(group).opsStatus()).isEqualTo("Closed");
    groups.untilGone(group);
    Waiting.until("nothing of it is on the host", OpsActionsTest::noCaptures);

    String ended = groups.create(Groups.shell("true", "RestartPolicy=Never"));
    groups.untilStatus(ended, "Succeeded");
    assertThat(refusal(ended, "tcpdump", "{\"Enable\":true}"))
        .isEqualTo(ErrorCode.OPS_INSTANCE_NOT_SUPPORT);
    groups.delete(ended);
  }

  private static boolean noCaptures() {
    try {
      return server.hosts().engine(host()).captures(installation()).isEmpty();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static HostId host() {
    return server.runtimes().keySet().iterator().next();
  }

  private static InstallationId installation() {
    return new Inventory(server.jdbc()).installation();
  }

  @Test
  void anAccountHasNotTooManyAtOnce() {
    List<String> all = List.of(running(), running(), running());
    begin(all.get(0), "{\"Enable\":true}");
    begin(all.get(1), "{\"Enable\":true}");
    assertThat(refusal(all.get(2), "tcpdump", "{\"Enable\":true}"))
        .isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    begin(all.get(0), "{\"Enable\":false}");
    assertThat(untilOver(all.get(0)).opsStatus()).isEqualTo("Closed");
    begin(all.get(2), "{\"Enable\":true,\"PacketNum\":1}");
    assertThat(untilOver(all.get(2)).opsStatus()).isEqualTo("Success");
    all.forEach(group -> groups.delete(group, "Force=true"));
  }

  @Test
  void aCaptureWhoseTaskNobodyKnowsIsRemoved() throws Exception {
    String group = running();
    begin(group, "{\"Enable\":true,\"PacketNum\":1}");
    assertThat(untilOver(group).opsStatus()).as("the host has tasks").isEqualTo("Success");
    Waiting.until("nothing is left of it", OpsActionsTest::noCaptures);
    server
        .hosts()
        .engine(host())
        .beginCapture(
            "",
            new CaptureOrder(
                installation(),
                new AccountId("acc"),
                host(),
                new ContainerGroupId(group),
                "ops-stale",
                "registry.test/tcpdump:1",
                1,
                new CaptureFilter(
                    "eth0", null, CaptureFilter.End.ANY, CaptureFilter.End.ANY, 100, 0, 1 << 20)),
            OPEN);
    assertThat(noCaptures()).isFalse();
    Waiting.until("it is gone", OpsActionsTest::noCaptures);
    groups.delete(group, "Force=true");
  }

  @Test
  void whatTheOperatorDoesNotAllowIsRefusedByTheNameOfTheSetting() {
    Groups elsewhere = Groups.ofNewAccount(TestServer.shared());
    String group = elsewhere.create(Groups.shell("sleep infinity"));
    elsewhere.untilStatus(group, "Running");
    PodyardCallException refused = refusal(elsewhere, group, "tcpdump", "{\"Enable\":true}");
    assertThat(refused.errorCode()).contains(ErrorCode.OPS_REGION_NOT_SUPPORT);
    assertThat(refused.getMessage()).contains("PODYARD_OPS_TCPDUMP_IMAGE");
    PodyardCallException none = refusal(elsewhere, group, "coredump", "enable");
    assertThat(none.errorCode()).contains(ErrorCode.COREDUMP_REGION_NOT_SUPPORT);
    assertThat(none.getMessage()).contains("PODYARD_OPS_CORE_DUMPS");
    elsewhere.delete(group, "Force=true");
  }
}
