package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A client that lost its answer repeats its create. It gets the answer however the world has
 * changed since; whoever comes new is refused.
 */
class RetriedCreateTest {

  /** Not of the settings, which would bring it back. */
  private static final String ZONE = "cn-hangzhou-z";

  private TestServer server;
  private Groups groups;

  @BeforeEach
  void start() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(2, "4vCPU/8GiB")
                .with("podyard.zones-without-hosts", "refused"));
    groups = Groups.ofNewAccount(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Map<String, String> create(String... more) {
    return Groups.shell("sleep infinity", more);
  }

  private void awaitRefused(ErrorCode code, Map<String, String> create) {
    Waiting.until(
        "the refusal of what is new",
        () -> {
          try {
            groups.create(create);
            return false;
          } catch (PodyardCallException refused) {
            return refused.errorCode().filter(code::equals).isPresent();
          }
        });
  }

  private void assertOnlyTheSameIsAnswered(String first, Map<String, String> create) {
    int known = groups.list().totalCount();
    for (int i = 0; i < 2; i++) {
      assertThat(groups.create(create)).isEqualTo(first);
    }
    Map<String, String> other = Groups.shell("sleep 1");
    other.put("ClientToken", create.get("ClientToken"));
    assertThat(groups.refusal(Action.CREATE_CONTAINER_GROUP, other).errorCode())
        .contains(ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH);
    assertThat(groups.list().totalCount()).isEqualTo(known);
  }

  @Test
  void withoutPricesTheFirstAnswerIsGiven() {
    String first = groups.create(create("ClientToken=priced"));
    server
        .jdbc()
        .update(
            "update price set valid_to = date_trunc('second', now(), 'UTC') where item = 'memory'");
    awaitRefused(ErrorCode.ZONE_NOT_ON_SALE, create());

    assertOnlyTheSameIsAnswered(first, create("ClientToken=priced"));
    assertThat(
            groups
                .refusal(Action.CREATE_CONTAINER_GROUP, create("ClientToken=priced", "DryRun=true"))
                .errorCode())
        .as("a dry run says what would become of it now")
        .contains(ErrorCode.ZONE_NOT_ON_SALE);
    assertThat(
            groups.refusal(Action.CREATE_CONTAINER_GROUP, create("ClientToken=unused")).errorCode())
        .contains(ErrorCode.ZONE_NOT_ON_SALE);
  }

  private void moveTheHostsThere() {
    server.jdbc().update("insert into zone (region, id) values ('cn-hangzhou', ?)", ZONE);
    server.jdbc().update("update host set zone = ?", ZONE);
    Waiting.until(
        "groups can be there",
        () ->
            groups
                .refusal(Action.CREATE_CONTAINER_GROUP, create("ZoneId=" + ZONE, "DryRun=true"))
                .errorCode()
                .filter(ErrorCode.DRY_RUN_OPERATION::equals)
                .isPresent());
  }

  @Test
  void withoutHostsOrTheZoneTheFirstAnswerIsGiven() {
    moveTheHostsThere();
    Map<String, String> inZone = create("ClientToken=zone", "ZoneId=" + ZONE);
    Map<String, String> anywhere = create("ClientToken=host", "Cpu=4", "Memory=8");
    String large = groups.create(anywhere);
    String first = groups.create(inZone);

    // The hosts shrink to what is reserved at present, which is less than the large group once that
    // is over.
    groups.delete(large, "Force=true");
    groups.untilGone(large);
    server
        .jdbc()
        .update(
            """
            update host set allocatable_milli_cpu = greatest(reserved_milli_cpu, 1000),
                            allocatable_memory_mib = greatest(reserved_memory_mib, 2048)
            """);
    awaitRefused(ErrorCode.OPERATION_DENIED_NO_STOCK, create("Cpu=4", "Memory=8"));
    assertOnlyTheSameIsAnswered(large, anywhere);

    server.jdbc().update("update host set zone = 'cn-hangzhou-g'");
    awaitRefused(ErrorCode.ZONE_NOT_ON_SALE, create("ZoneId=" + ZONE));
    assertOnlyTheSameIsAnswered(first, inZone);

    server.jdbc().update("delete from zone where id = ?", ZONE);
    awaitRefused(ErrorCode.INVALID_PARAMETER, create("ZoneId=" + ZONE));
    assertOnlyTheSameIsAnswered(first, inZone);
  }
}
