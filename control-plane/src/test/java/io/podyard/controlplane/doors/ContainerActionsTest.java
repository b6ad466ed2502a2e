package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.simulated.FaultPlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logs of containers and commands run in them (contract section 15). */
class ContainerActionsTest {

  private static final String THREE_LINES = "echo one; echo two; echo drei-äö; sleep infinity";

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  /** Of its own: its hosts fall silent. */
  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(1, "16vCPU/64GiB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void letHostsAnswer() throws Exception {
    server.hosts().configure(FaultPlan.NONE);
  }

  private static void silenceHosts() throws Exception {
    server
        .hosts()
        .configure(
            new FaultPlan(
                FaultPlan.NONE.latency(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new FaultPlan.Outage("*", 0, 0)),
                List.of()));
  }

  private String running(String line, String... more) {
    String id = groups.create(Groups.shell(line, more));
    groups.until(
        id,
        "runs",
        group ->
            group.containers().stream()
                .allMatch(
                    container ->
                        container.currentState() != null
                            && "Running".equals(container.currentState().state())));
    return id;
  }

  private PodyardCallException noLog(String id, String... more) {
    Map<String, String> parameters =
        Groups.parameters("ContainerGroupId=" + id, "ContainerName=main");
    parameters.putAll(Groups.parameters(more));
    return groups.refusal(Action.DESCRIBE_CONTAINER_LOG, parameters);
  }

  @Test
  void theNewestPartOfALogIsRead() {
    String id = running(THREE_LINES);
    assertThat(groups.log(id, "main")).isEqualTo("one\ntwo\ndrei-äö\n");
    assertThat(groups.log(id, "main", "Tail=2")).isEqualTo("two\ndrei-äö\n");
    assertThat(groups.log(id, "main", "Tail=2000", "LimitBytes=5")).isEqualTo("äö\n");
    // Half a character is none.
    assertThat(groups.log(id, "main", "LimitBytes=4")).isEqualTo("ö\n");
    assertThat(groups.log(id, "main", "SinceSeconds=3600")).isEqualTo("one\ntwo\ndrei-äö\n");
    assertThat(groups.log(id, "main", "StartTime=2020-01-01T00:00:00Z", "Tail=1"))
        .isEqualTo("drei-äö\n");
    String later = Instant.now().plusSeconds(3600).toString();
    assertThat(groups.log(id, "main", "StartTime=" + later)).isEmpty();
    // With both, the later moment counts.
    assertThat(groups.log(id, "main", "SinceSeconds=3600", "StartTime=" + later)).isEmpty();
    assertThat(groups.log(id, "main", "Timestamps=true", "Tail=1"))
        .matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z drei-äö\n");
    groups.delete(id, "Force=true");
  }

  @Test
  void aLogIsReadAsLongAsTheRecordIsThereAndForgottenWithIt() throws Exception {
    String id =
        groups.create(
            Groups.shell(
                "echo last words",
                "RestartPolicy=Never",
                "InitContainer.1.Name=init",
                "InitContainer.1.Image=init:1",
                "InitContainer.1.Command.1=echo",
                "InitContainer.1.Command.2=first words"));
    groups.untilStatus(id, "Succeeded");
    Waiting.until(
        "nothing is on the host any more",
        () ->
            Boolean.TRUE.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select released_at is not null from container_group where id = ?",
                        Boolean.class,
                        id)));
    assertThat(groups.log(id, "main")).isEqualTo("last words\n");
    assertThat(groups.log(id, "init")).isEqualTo("first words\n");

    silenceHosts();
    groups.delete(id);
    groups.untilGone(id);
    assertThat(noLog(id).errorCode()).contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    // A host that cannot be told is told later, however often this process dies meanwhile.
    assertThat(remains(id)).isEqualTo(1);
    server.hosts().configure(FaultPlan.NONE);
    assertThat(server.hosts().engine(host()).loggedAttempts(installation(), group(id), "main"))
        .isNotEmpty();
    Waiting.until("the host has forgotten", () -> remains(id) == 0);
    assertThat(server.hosts().engine(host()).loggedAttempts(installation(), group(id), "main"))
        .isEmpty();
  }

  private static List<Integer> attempts(String id) {
    try {
      return server.hosts().engine(host()).loggedAttempts(installation(), group(id), "main");
    } catch (RuntimeUnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int remains(String id) {
    Integer rows =
        server
            .jdbc()
            .queryForObject(
                "select count(*) from group_remains where group_id = ?", Integer.class, id);
    return rows == null ? 0 : rows;
  }

  private static HostId host() {
    return server.runtimes().keySet().iterator().next();
  }

  private static InstallationId installation() {
    return new Inventory(server.jdbc()).installation();
  }

  private static ContainerGroupId group(String id) {
    return new ContainerGroupId(id);
  }

  @Test
  void aContainerThatHasNotRunHasAnEmptyLog() {
    String waits =
        groups.create(Groups.shell("true", "Container.1.Image=registry.test/not-found:1"));
    assertThat(groups.log(waits, "main")).isEmpty();
    PodyardCallException noEarlierRun = noLog(waits, "LastTime=true");
    assertThat(noEarlierRun.errorCode()).contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(noEarlierRun.getMessage()).contains("LastTime", "main");
    PodyardCallException noSuch = noLog(waits, "ContainerName=other");
    assertThat(noSuch.errorCode()).contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(noSuch.getMessage()).contains("ContainerName", "other", "main");
    groups.delete(waits, "Force=true");
  }

  @Test
  void aLogThatIsLostIsNotTakenForAnEmptyOne() throws Exception {
    String id = groups.create(Groups.shell("echo words", "RestartPolicy=Never"));
    groups.untilStatus(id, "Succeeded");
    Waiting.until(
        "nothing is on the host any more",
        () ->
            Boolean.TRUE.equals(
                server
                    .jdbc()
                    .queryForObject(
                        "select released_at is not null from container_group where id = ?",
                        Boolean.class,
                        id)));
    assertThat(groups.log(id, "main")).isEqualTo("words\n");
    server.hosts().engine(host()).forgetLogs(installation(), group(id));
    Waiting.until("the host has forgotten", () -> attempts(id).isEmpty());

    PodyardCallException lost = noLog(id);
    assertThat(lost.errorCode()).contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(lost.httpStatus()).isEqualTo(404);
    assertThat(lost.getMessage()).contains("main", "is not kept any more");
    assertThat(noLog(id, "LastTime=true").getMessage()).contains("no run before");
    groups.delete(id, "Force=true");
  }

  private Map<String, String> command(String id, String command, String... more) {
    Map<String, String> parameters =
        Groups.parameters(
            "ContainerGroupId=" + id, "ContainerName=main", "Sync=true", "Command=" + command);
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private String exec(String id, String command, String... more) {
    ExecContainerCommandResponse answer =
        groups
            .client()
            .call(
                Action.EXEC_CONTAINER_COMMAND,
                command(id, command, more),
                ExecContainerCommandResponse.class);
    assertThat(answer.webSocketUri()).isNull();
    assertThat(answer.httpUrl()).isNull();
    return String.valueOf(answer.syncResponse());
  }

  private PodyardCallException noExec(String id, String command, String... more) {
    return groups.refusal(Action.EXEC_CONTAINER_COMMAND, command(id, command, more));
  }

  @Test
  void aCommandIsRunAndItsOutputIsTheAnswerWhateverItsExitCode() {
    String id = running("sleep infinity");
    assertThat(exec(id, "[\"echo\",\"hello\",\"\",\"wörld\"]")).isEqualTo("hello  wörld\n");
    assertThat(exec(id, "[\"sh\",\"-c\",\"echo out; exit 3\"]", "Stdin=false")).isEqualTo("out\n");
    assertThat(exec(id, "[\"/bin/bash\",\"-c\",\"echo shell\"]", "TTY=false")).isEqualTo("shell\n");
    groups.delete(id, "Force=true");
  }

  @Test
  void whatIsNotSupportedOrTooMuchIsRefusedByName() {
    String id = running("sleep infinity");
    assertThat(noExec(id, "[\"true\"]", "TTY=true").getMessage()).contains("TTY: ");
    assertThat(noExec(id, "[\"/bin/bash\"]").getMessage()).contains("Command: ");
    assertThat(noExec(id, "[\"" + "w".repeat(257) + "\"]").errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED);
    assertThat(noExec(id, "[\"\"]", "Sync=perhaps", "TTY=perhaps").getMessage())
        .contains("Command: ", "Sync: ", "TTY: ");
    assertThat(noExec(id, "[\"" + "w".repeat(257) + "\"]", "Sync=false").errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED);
    for (String none : List.of("", "[]", "[\"\"]")) {
      PodyardCallException missing = noExec(id, none);
      assertThat(missing.errorCode()).as(none).contains(ErrorCode.MISSING_PARAMETER);
      assertThat(missing.getMessage()).contains("Command: is required");
    }
    assertThat(noExec(id, "[\"/bin/bash\"]", "RegionId=mars").getMessage())
        .contains("Command: ", "RegionId: ");
    PodyardCallException noLog = noLog(id, "RegionId=mars", "Tail=0");
    assertThat(noLog.getMessage()).contains("RegionId: ", "Tail: ");
    groups.delete(id, "Force=true");
  }

  @Test
  void nothingIsRunInAContainerThatDoesNotRun() {
    String ended = groups.create(Groups.shell("true", "RestartPolicy=Never"));
    groups.untilStatus(ended, "Succeeded");
    PodyardCallException refused = noExec(ended, "[\"true\"]");
    assertThat(refused.errorCode()).contains(ErrorCode.INCORRECT_STATUS);
    assertThat(refused.getMessage()).contains("main");
    assertThat(noExec(ended, "[\"true\"]", "Sync=false").errorCode())
        .contains(ErrorCode.INCORRECT_STATUS);
    assertThat(noExec(ended, "[\"true\"]", "ContainerName=other").errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
  }

  @Test
  void aHostThatDoesNotAnswerInTimeIsATimeout() throws Exception {
    String id = running("echo here; sleep infinity");
    PodyardCallException tooLong = noExec(id, "[\"sleep\",\"3600\"]");
    assertThat(tooLong.errorCode()).contains(ErrorCode.REQUEST_TIMEOUT);
    assertThat(tooLong.getMessage()).contains("within 7 s", "was killed");
    silenceHosts();
    PodyardCallException late = noLog(id);
    assertThat(late.errorCode()).contains(ErrorCode.REQUEST_TIMEOUT);
    assertThat(late.httpStatus()).isEqualTo(408);
    assertThat(late.getMessage()).doesNotContain(host().value());
    assertThat(noExec(id, "[\"true\"]").httpStatus()).isEqualTo(408);
    server.hosts().configure(FaultPlan.NONE);
    assertThat(groups.log(id, "main")).isEqualTo("here\n");
  }
}
