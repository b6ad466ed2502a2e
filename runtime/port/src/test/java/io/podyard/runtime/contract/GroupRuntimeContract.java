package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every runtime must do, whatever is behind it. A runtime's test extends it and names a host
 * and images; the commands are those of a busybox.
 */
public abstract class GroupRuntimeContract extends DiskContract {

  @Test
  void aHostSaysWhatItHas() throws Exception {
    var report = runtime.report(host());
    assertThat(report.capacity().cpu().value()).isPositive();
    assertThat(report.capacity().memory().value()).isPositive();
    assertThat(report.engine()).isNotBlank();
    assertThat(report.architecture()).isIn("amd64", "arm64");
  }

  @Test
  void aLogCanBeReadInParts() throws Exception {
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.ALWAYS,
                container("app", "sh", "-c", "echo hello; echo world; sleep 1000")));
    driveTo(runtime, group, GroupPhase.RUNNING);
    awaitLog(group, "world");

    assertThat(logs(group, ALL_LOGS)).isEqualTo("hello\nworld\n");
    assertThat(logs(group, new LogQuery(1, 1000, null, false, false))).isEqualTo("world\n");
    assertThat(logs(group, new LogQuery(10, 6, null, false, false))).isEqualTo("world\n");
    assertThat(logs(group, new LogQuery(10, 1000, Instant.now().plusSeconds(60), false, false)))
        .isEmpty();
    String stamped = logs(group, new LogQuery(1, 1000, null, true, false));
    OffsetDateTime time = OffsetDateTime.parse(stamped.substring(0, stamped.indexOf(' ')));
    assertThat(time.toInstant())
        .isBetween(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(60));
    assertThat(stamped).endsWith(" world\n");
  }

  @Test
  void theLogOfARemovedContainerStaysUntilItIsForgotten() throws Exception {
    DrivenGroup group =
        group(spec(RestartPolicy.NEVER, container("app", "sh", "-c", "echo last words")));
    driveTo(runtime, group, GroupPhase.SUCCEEDED);
    group.goal(new Goal.Remove());
    driveTo(runtime, group, GroupPhase.GONE);

    assertThat(logs(group, ALL_LOGS)).isEqualTo("last words\n");

    runtime.forget(installation, host(), group.id());
    assertThatThrownBy(() -> logs(group, ALL_LOGS)).isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void theLogOfThePreviousAttemptCanBeRead() throws Exception {
    DrivenGroup group =
        group(spec(RestartPolicy.ON_FAILURE, container("app", "sh", "-c", "echo once; exit 1")));
    LogQuery previous = new LogQuery(10, 1000, null, false, true);
    DrivenGroup first = group(spec(RestartPolicy.ON_FAILURE, staying("app")));
    driveTo(runtime, first, GroupPhase.RUNNING);
    assertThatThrownBy(() -> logs(first, previous)).isInstanceOf(NoSuchContainerException.class);

    driveUntil(
        runtime,
        group,
        s ->
            s.container("app").orElseThrow().restarts() >= 1
                && found(runtime, group).orElseThrow().containers().stream()
                    .anyMatch(c -> c.attempt() >= 2));

    assertThat(logs(group, previous)).isEqualTo("once\n");
  }

  @Test
  void partsOfALogCanBeReadOfPreviousAndRemovedRunsToo() throws Exception {
    DrivenGroup group =
        group(
            spec(
                RestartPolicy.ON_FAILURE,
                container("app", "sh", "-c", "echo hello; echo world; exit 1")));
    driveUntil(
        runtime,
        group,
        s ->
            s.container("app").orElseThrow().restarts() >= 1
                && found(runtime, group).orElseThrow().containers().stream()
                    .anyMatch(c -> c.attempt() >= 2));
    assertParts(group, true);

    DrivenGroup removed =
        group(spec(RestartPolicy.NEVER, container("app", "sh", "-c", "echo hello; echo world")));
    driveTo(runtime, removed, GroupPhase.SUCCEEDED);
    removed.goal(new Goal.Remove());
    driveTo(runtime, removed, GroupPhase.GONE);
    assertParts(removed, false);
  }

  /** Of a log with the lines hello and world. */
  private void assertParts(DrivenGroup group, boolean previous) throws Exception {
    assertThat(logs(group, new LogQuery(10, 1000, null, false, previous)))
        .isEqualTo("hello\nworld\n");
    assertThat(logs(group, new LogQuery(1, 1000, null, false, previous))).isEqualTo("world\n");
    assertThat(logs(group, new LogQuery(10, 6, null, false, previous))).isEqualTo("world\n");
    String stamped = logs(group, new LogQuery(1, 1000, null, true, previous));
    assertThat(stamped).endsWith(" world\n");
    Instant time = OffsetDateTime.parse(stamped.substring(0, stamped.indexOf(' '))).toInstant();
    assertThat(logs(group, new LogQuery(10, 1000, time, false, previous))).endsWith("world\n");
    assertThat(logs(group, new LogQuery(10, 1000, time.plusSeconds(1), false, previous))).isEmpty();
  }

  @Test
  void aLogOfNothingIsRefused() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));

    assertThatThrownBy(() -> logs(group, ALL_LOGS)).isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void commandsRunInARunningContainer() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    assertThatThrownBy(() -> exec(group, "echo", "hi"))
        .isInstanceOf(NoSuchContainerException.class);
    driveTo(runtime, group, GroupPhase.RUNNING);

    assertThat(exec(group, "echo", "hi")).isEqualTo(new ExecResult(0, "hi\n"));
    assertThat(exec(group, "sh", "-c", "echo no; exit 3")).isEqualTo(new ExecResult(3, "no\n"));
  }

  @Test
  void aCommandThatTakesTooLongIsEnded() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);

    assertThatThrownBy(
            () ->
                runtime.exec(
                    installation,
                    host(),
                    group.id(),
                    "app",
                    List.of("sleep", "1000"),
                    Duration.ofSeconds(1)))
        .isInstanceOfSatisfying(
            CommandTimedOutException.class, e -> assertThat(e.ended()).isTrue());
    assertThat(exec(group, "echo", "hi")).isEqualTo(new ExecResult(0, "hi\n"));
    assertThat(driveTo(runtime, group, GroupPhase.RUNNING).container("app").orElseThrow())
        .satisfies(c -> assertThat(c.restarts()).isZero());
  }

  @Test
  void anImageOfARunningContainerIsMadeOnceAndStartsGroupsOnceItIsPushed() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    OpenFence fence = new OpenFence(1);
    CommitOrder order =
        new CommitOrder(installation, host(), group.id(), "app", "cct-contract", "", "");
    String target = image().substring(0, image().lastIndexOf('/') + 1) + "made-by-contract:1";
    PushOrder push =
        new PushOrder(
            installation,
            host(),
            order.task(),
            target,
            List.of(),
            List.of(),
            List.of(),
            Duration.ofMinutes(1));
    assertThatThrownBy(() -> runtime.commit(order, fence))
        .isInstanceOf(NoSuchContainerException.class);
    driveTo(runtime, group, GroupPhase.RUNNING);
    assertThatThrownBy(() -> runtime.push(push, fence)).isInstanceOf(ImageNotPushedException.class);

    runtime.commit(order, fence);
    runtime.commit(order, fence);
    assertThat(runtime.committed(installation, host())).containsExactly(order.task());
    runtime.push(push, fence);
    runtime.push(push, fence);
    runtime.removeCommitted(installation, host(), order.task(), fence);
    runtime.removeCommitted(installation, host(), order.task(), fence);
    assertThat(runtime.committed(installation, host())).isEmpty();
    assertThatThrownBy(() -> runtime.push(push, fence)).isInstanceOf(ImageNotPushedException.class);

    DrivenGroup second =
        group(
            spec(RestartPolicy.ALWAYS, ContainerSpec.of("app", target, "sh", "-c", "sleep 1000")));
    driveTo(runtime, second, GroupPhase.RUNNING);
  }

  @Test
  void aStaleDriverMakesNoImage() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app")));
    driveTo(runtime, group, GroupPhase.RUNNING);
    CommitOrder order =
        new CommitOrder(installation, host(), group.id(), "app", "cct-stale", "", "");
    assertThatThrownBy(() -> runtime.commit(order, LOST)).isInstanceOf(StaleFenceException.class);
    assertThat(runtime.committed(installation, host())).isEmpty();
  }

  private ExecResult exec(DrivenGroup group, String... command) throws Exception {
    return runtime.exec(
        installation, host(), group.id(), "app", List.of(command), Duration.ofSeconds(20));
  }

  private String logs(DrivenGroup group, LogQuery query) throws Exception {
    return runtime.logs(installation, host(), group.id(), "app", query);
  }

  /** What was written may arrive a little later than the container runs. */
  private void awaitLog(DrivenGroup group, String text) throws Exception {
    driveUntil(runtime, group, _ -> logs(group, ALL_LOGS).contains(text));
  }
}
