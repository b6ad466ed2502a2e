package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.api.quota.ListUsageResponse;
import io.podyard.controlplane.quota.Maxima;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.RegionId;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an account may have in a region (contract sections 7 and 15). */
class QuotaTest {

  private static final RegionId REGION = new RegionId("cn-hangzhou");

  private static TestServer server;

  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "16vCPU/64GiB")
                .with("podyard.quotas.max-cpu", "4")
                .with("podyard.quotas.max-container-group", "3")
                .with("podyard.quotas.max-data-cache-count", "7"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** The host is small; what a test leaves would be in the way of the next one. */
  @AfterEach
  void deleteGroups() {
    groups
        .list("Limit=20")
        .containerGroups()
        .forEach(
            group -> groups.delete(Objects.requireNonNull(group.containerGroupId()), "Force=true"));
    Waiting.until("an empty host", () -> groups.list().containerGroups().isEmpty());
    assertUsed("0", 0);
  }

  private Map<String, BigDecimal> usage() {
    return groups.call(Action.LIST_USAGE, ListUsageResponse.class).attributes();
  }

  private void assertUsed(String cpu, int count) {
    assertThat(usage().get("UsedCpu")).isEqualByComparingTo(cpu);
    assertThat(usage().get("UsedContainerGroup")).isEqualByComparingTo("" + count);
  }

  private void set(Map<QuotaKind, Long> own) {
    server.bean(Quotas.class).set(new QuotaPlace(key.account(), REGION), new Maxima(own));
  }

  private static Map<String, String> sized(String cpu, String memory, String... more) {
    Map<String, String> request = Groups.shell("sleep infinity", more);
    request.put("Cpu", cpu);
    request.put("Memory", memory);
    return request;
  }

  private PodyardCallException refused(Map<String, String> request) {
    PodyardCallException refusal = groups.refusal(Action.CREATE_CONTAINER_GROUP, request);
    assertThat(refusal.errorCode()).contains(ErrorCode.QUOTA_EXCEEDED);
    assertThat(refusal.httpStatus()).isEqualTo(403);
    return refusal;
  }

  @Test
  void whatIsUsedAndWhatMayBeIsListed() {
    assertThat(usage())
        .containsOnlyKeys(
            "UsedCpu",
            "MaxCpu",
            "UsedContainerGroup",
            "MaxContainerGroup",
            "UsedImageCacheCount",
            "MaxImageCacheCount",
            "UsedAutoImageCacheCount",
            "MaxAutoImageCacheCount",
            "UsedDataCacheCount",
            "MaxDataCacheCount");
    assertThat(usage().get("MaxCpu")).isEqualByComparingTo("4");
    assertThat(usage().get("MaxImageCacheCount")).isEqualByComparingTo("500");
    assertThat(usage().get("MaxAutoImageCacheCount")).isEqualByComparingTo("25");
    assertThat(usage().get("MaxDataCacheCount")).isEqualByComparingTo("7");
    assertThat(usage().get("UsedDataCacheCount")).isZero();
    assertUsed("0", 0);
    String id = groups.create(sized("0.25", "0.5"));
    assertUsed("0.25", 1);
    groups.delete(id, "Force=true");
    groups.untilGone(id);
    assertUsed("0", 0);
  }

  @Test
  void whatIsBeyondAQuotaIsRefusedWithItsNumbersUntilSomethingIsGivenBack() {
    String large = groups.create(sized("2", "4"));
    assertThat(refused(sized("4", "8", "ClientToken=again")).getMessage())
        .contains("MaxCpu", "is 4 vCPU", "2 are used", "4 more");
    assertThat(refused(sized("4", "8", "DryRun=true")).getMessage()).contains("MaxCpu");
    String small = groups.create(sized("0.25", "0.5"));
    String other = groups.create(sized("0.25", "0.5"));
    assertThat(refused(sized("0.25", "0.5")).getMessage())
        .contains("MaxContainerGroup", "is 3 container groups", "3 are used", "1 more");
    assertUsed("2.5", 3);

    for (String id : new String[] {large, small, other}) {
      groups.delete(id, "Force=true");
      groups.untilGone(id);
    }
    // The token of what was refused stands for nothing.
    String made = groups.create(sized("4", "8", "ClientToken=again"));
    assertUsed("4", 1);
    // It does now, and its answer is given although the quota is used up.
    assertThat(groups.create(sized("4", "8", "ClientToken=again"))).isEqualTo(made);
    assertUsed("4", 1);
    groups.delete(made, "Force=true");
  }

  @Test
  void aGroupThatEndsByItselfOrNeverGetsAHostGivesBack() {
    String ends = groups.create(Groups.shell("true", "RestartPolicy=Never", "Cpu=2", "Memory=4"));
    groups.untilStatus(ends, "Succeeded");
    assertUsed("0", 0);
    set(Map.of(QuotaKind.CPU, 40L));
    String host = groups.create(sized("16", "32"));
    groups.untilStatus(host, "Running");
    String waits = groups.create(sized("8", "16"));
    assertUsed("24", 2);
    assertThat(groups.get(waits).status()).isEqualTo("Scheduling");
    groups.delete(waits);
    groups.untilGone(waits);
    assertUsed("16", 1);
    groups.delete(host, "Force=true");
    groups.untilGone(host);
    groups.delete(ends);
    assertUsed("0", 0);
  }

  @Test
  void aGroupGrowsAsFarAsTheQuotaAllowsAndCountsForWhatItHas() {
    String id = groups.create(sized("2", "4"));
    String other = groups.create(sized("1", "2"));
    groups.untilStatus(id, "Running");
    Map<String, String> growing = Groups.parameters("ContainerGroupId=" + id, "Cpu=4", "Memory=8");
    PodyardCallException refusal = groups.refusal(Action.UPDATE_CONTAINER_GROUP, growing);
    assertThat(refusal.errorCode()).contains(ErrorCode.QUOTA_EXCEEDED);
    assertThat(refusal.getMessage()).contains("MaxCpu", "3 are used", "2 more");
    assertUsed("3", 2);
    groups.delete(other, "Force=true");
    groups.untilGone(other);
    resize(id, "4", "8");
    assertUsed("4", 1);
    groups.until(id, "has grown", group -> "Running".equals(group.status()));
    resize(id, "1", "2");
    Waiting.until(
        "what it no longer has to be given back",
        () -> Objects.requireNonNull(usage().get("UsedCpu")).intValue() == 1);
    groups.delete(id, "Force=true");
    groups.untilGone(id);
    assertUsed("0", 0);
  }

  private void resize(String id, String cpu, String memory) {
    UpdateContainerGroupResponse _ =
        groups.call(
            Action.UPDATE_CONTAINER_GROUP,
            UpdateContainerGroupResponse.class,
            "ContainerGroupId=" + id,
            "Cpu=" + cpu,
            "Memory=" + memory);
  }

  @Test
  void anAccountMayHaveMaximaOfItsOwn() {
    set(Map.of(QuotaKind.CPU, 1L, QuotaKind.DATA_CACHE, 0L));
    assertThat(usage().get("MaxCpu")).isEqualByComparingTo("1");
    assertThat(usage().get("MaxDataCacheCount")).isZero();
    assertThat(refused(sized("2", "4")).getMessage()).contains("is 1 vCPU");
    String id = groups.create(sized("1", "2"));
    // What there is goes on, also if it is more.
    set(Map.of(QuotaKind.CPU, 0L));
    groups.untilStatus(id, "Running");
    assertThat(refused(sized("0.25", "0.5")).getMessage()).contains("is 0 vCPU", "1 are used");
    set(Map.of());
    assertThat(usage().get("MaxCpu")).isEqualByComparingTo("4");
    groups.delete(id, "Force=true");
  }

  /** As a release does that runs beside this one and writes groups without a word of quotas. */
  @Test
  void groupsThatOthersWriteCountAsWell() {
    String id = groups.create(sized("1", "2"));
    groups.untilStatus(id, "Running");
    server
        .jdbc()
        .update(
            """
            insert into container_group
              (id, account_id, region, zone, name, status, milli_cpu, memory_mib, spec, kept, state,
               deadline_at, created_at)
            select id || n, account_id, region, zone, name, 'Scheduling', milli_cpu, memory_mib,
                   spec, kept, state, now() + interval '1 hour', created_at
            from container_group, generate_series(1, 2) n where id = ?
            """,
            id);
    assertUsed("3", 3);
    server
        .jdbc()
        .update(
            "update container_group set spec = jsonb_set(spec, '{size,cpu,value}', '2000')"
                + " where id = ?",
            id + "1");
    assertUsed("4", 3);
    server
        .jdbc()
        .update(
            "update container_group set milli_cpu = 500,"
                + " spec = jsonb_set(spec, '{size,cpu,value}', '500') where id = ?",
            id + "1");
    assertUsed("2.5", 3);
    server
        .jdbc()
        .update(
            "update container_group set status = 'Failed', final_at = now(), failed_at = now()"
                + " where id = ?",
            id + "1");
    assertUsed("2", 2);
    server.jdbc().update("delete from container_group where id in (?, ?)", id + "1", id + "2");
    assertUsed("1", 1);
    groups.delete(id, "Force=true");
    groups.untilGone(id);
    assertUsed("0", 0);
  }
}
