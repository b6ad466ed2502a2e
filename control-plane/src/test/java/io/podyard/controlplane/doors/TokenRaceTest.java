package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.controlplane.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A client token means one group, however many requests carry it (contract section 8). */
class TokenRaceTest {

  private static final int RACERS = 500;

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);

  private static <T> List<T> atOnce(int number, Callable<T> call) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<T>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < number; i++) {
        answers.add(
            threads.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      start.countDown();
      List<T> results = new ArrayList<>();
      for (Future<T> answer : answers) {
        results.add(answer.get());
      }
      return results;
    }
  }

  @Test
  void manyCreatesWithOneTokenMakeOneGroupAndGetOneAnswer() throws Exception {
    Map<String, String> create = Groups.shell("sleep infinity", "ClientToken=race");

    List<String> ids = atOnce(RACERS, () -> groups.create(create));

    assertThat(ids).hasSize(RACERS).containsOnly(ids.getFirst());
    assertThat(groups.list().totalCount()).isEqualTo(1);
    assertThat(stored("container_group")).isEqualTo(1);
    assertThat(stored("client_token")).isEqualTo(1);
    groups.untilStatus(ids.getFirst(), "Running");

    // Written otherwise, it is still the same request; any other is not.
    assertThat(groups.create(Groups.shell("sleep infinity", "ClientToken=race", "Cpu=0.250")))
        .isEqualTo(ids.getFirst());
    assertThat(
            groups.create(
                Groups.shell("sleep infinity", "ClientToken=race", "RegionId=cn-hangzhou")))
        .isEqualTo(ids.getFirst());
    assertThat(
            groups.create(
                Groups.shell(
                    "sleep infinity",
                    "ClientToken=race",
                    "DryRun=false",
                    "RestartPolicy=Always",
                    "MaxPendingMinute=60",
                    "Container.1.EnvironmentVarHide=false")))
        .as("a default that is spelled")
        .isEqualTo(ids.getFirst());
    for (String other : List.of("Cpu=0.5", "ContainerGroupName=other", "Tag.1.Key=more")) {
      assertThat(
              groups
                  .refusal(
                      Action.CREATE_CONTAINER_GROUP,
                      Groups.shell("sleep infinity", "ClientToken=race", other))
                  .errorCode())
          .contains(ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH);
    }
    assertThat(groups.list().totalCount()).isEqualTo(1);
    groups.delete(ids.getFirst(), "Force=true");
    groups.untilGone(ids.getFirst());
  }

  @Test
  void tokensAreSpelledExactlyAndBelongToAnAccount() {
    String lower = groups.create(Groups.shell("true", "ClientToken=same", "RestartPolicy=Never"));
    String upper = groups.create(Groups.shell("true", "ClientToken=SAME", "RestartPolicy=Never"));
    String others =
        Groups.ofNewAccount(server)
            .create(Groups.shell("true", "ClientToken=same", "RestartPolicy=Never"));
    assertThat(List.of(lower, upper, others)).doesNotHaveDuplicates();
  }

  @Test
  void aDeleteWithATokenIsAnsweredTheSameWayEveryTime() throws Exception {
    String id = groups.create(Groups.shell("sleep infinity"));
    atOnce(
        50,
        () -> {
          groups.delete(id, "ClientToken=end");
          return true;
        });
    groups.untilGone(id);
    groups.delete(id, "ClientToken=end");
    groups.delete(id, "ClientToken=end", "Force=false");
    assertThat(
            groups
                .refusal(
                    Action.DELETE_CONTAINER_GROUP,
                    Groups.parameters("ContainerGroupId=" + id, "ClientToken=end", "Force=true"))
                .errorCode())
        .contains(ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH);

    Map<String, String> unknown =
        Groups.parameters("ContainerGroupId=eci-unknown", "ClientToken=none");
    for (int i = 0; i < 3; i++) {
      assertThat(groups.refusal(Action.DELETE_CONTAINER_GROUP, unknown).errorCode())
          .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    }
    assertThat(
            groups
                .refusal(
                    Action.DELETE_CONTAINER_GROUP,
                    Groups.parameters(
                        "ContainerGroupId=eci-unknown", "ClientToken=" + "t".repeat(65)))
                .errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED);
  }

  /** A process that stands still with a token in its hands, as another one sees it. */
  @Test
  void aTokenThatAnotherProcessHoldsUpIsAnsweredThatItIsUnderWay() throws Exception {
    TransactionTemplate other =
        new TransactionTemplate(
            new JdbcTransactionManager(Objects.requireNonNull(server.jdbc().getDataSource())));
    Map<String, String> create = Groups.shell("sleep infinity", "ClientToken=held");
    other.executeWithoutResult(
        status -> {
          server
              .jdbc()
              .update(
                  """
                  insert into client_token (account_id, region, action, token, fingerprint,
                                            resource_id)
                  values (?, 'cn-hangzhou', 'CreateContainerGroup', 'held', '', '')
                  """,
                  key.account().value());
          PodyardCallException refused = groups.refusal(Action.CREATE_CONTAINER_GROUP, create);
          assertThat(refused.errorCode()).contains(ErrorCode.LAST_TOKEN_PROCESSING);
          assertThat(refused.httpStatus()).isEqualTo(403);
          status.setRollbackOnly();
        });
    String id = groups.create(create);
    assertThat(groups.list().totalCount()).isEqualTo(1);
    groups.delete(id, "Force=true");
    groups.untilGone(id);
  }

  private int stored(String table) {
    Integer rows =
        server
            .jdbc()
            .queryForObject(
                "select count(*) from %s where account_id = ?".formatted(table),
                Integer.class,
                key.account().value());
    return rows == null ? 0 : rows;
  }
}
