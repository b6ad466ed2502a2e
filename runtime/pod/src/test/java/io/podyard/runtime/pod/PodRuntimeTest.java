package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.HostId;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodRuntimeTest {

  private static final LogQuery NEWEST = new LogQuery(10, 100, null, false, false);
  private static final LogQuery PREVIOUS = new LogQuery(10, 100, null, false, true);

  private static String logs(TestPod pod, LogQuery query) throws Exception {
    return pod.runtime.logs(TestPod.INSTALLATION, TestPod.HOST, TestPod.GROUP, "app", query);
  }

  @Test
  void logsAreThoseOfTheNewestAttemptOrTheOneBefore() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.ends(1), Life.STAYS);
    assertThatThrownBy(() -> logs(pod, NEWEST)).isInstanceOf(NoSuchContainerException.class);
    pod.drive();
    assertThat(logs(pod, NEWEST)).isEqualTo("log of 1");
    assertThatThrownBy(() -> logs(pod, PREVIOUS)).isInstanceOf(NoSuchContainerException.class);
    pod.after(Duration.ofSeconds(1));
    pod.after(Duration.ofSeconds(10));

    assertThat(logs(pod, NEWEST)).isEqualTo("log of 2");
    assertThat(logs(pod, PREVIOUS)).isEqualTo("log of 1");
    pod.end(Duration.ZERO);
    assertThat(logs(pod, NEWEST)).isEqualTo("log of 2");

    pod.runtime.forget(TestPod.INSTALLATION, TestPod.HOST, TestPod.GROUP);
    assertThatThrownBy(() -> logs(pod, NEWEST)).isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void commandsRunInTheAttemptThatRuns() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    pod.engine.lives("app", Life.ends(1), Life.ends(1), Life.STAYS);
    pod.drive();
    pod.after(Duration.ofSeconds(1));
    pod.after(Duration.ofSeconds(1));
    assertThatThrownBy(() -> exec(pod)).isInstanceOf(NoSuchContainerException.class);

    pod.after(Duration.ofSeconds(10));

    assertThat(exec(pod)).isEqualTo("3 ls -l");
  }

  private static String exec(TestPod pod) throws Exception {
    return pod.runtime
        .exec(
            TestPod.INSTALLATION,
            TestPod.HOST,
            TestPod.GROUP,
            "app",
            List.of("ls", "-l"),
            Duration.ofSeconds(1))
        .output();
  }

  @Test
  void aHostWithoutAnEngineIsUnavailable() {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    PodRuntime runtime =
        new PodRuntime("none", _ -> null, new SteppedClock(), PodSettings.DEFAULTS);

    assertThatThrownBy(() -> runtime.report(new HostId("nowhere")))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> runtime.drive(pod.order(), TestPod.FENCE, pod))
        .isInstanceOf(RuntimeUnavailableException.class);
    assertThat(runtime.name()).isEqualTo("none");
  }

  @Test
  void aRefusedCommitEndsTheDriveBeforeAnythingIsDone() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));

    assertThat(pod.runtime.drive(pod.order(), TestPod.FENCE, (_, _) -> false)).isEmpty();

    assertThat(pod.engine.calls()).containsExactly("sandbox");
  }

  @Test
  void theFenceIsAskedBeforeEachChange() throws Exception {
    for (int allowed = 0; allowed < 3; allowed++) {
      TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
      int[] left = {allowed};
      Fence closing =
          new Fence() {
            @Override
            public long epoch() {
              return 1;
            }

            @Override
            public void check() throws StaleFenceException {
              if (left[0]-- == 0) {
                throw new StaleFenceException("over");
              }
            }
          };

      assertThatThrownBy(() -> pod.runtime.drive(pod.order(), closing, pod))
          .isInstanceOf(StaleFenceException.class);

      assertThat(pod.engine.calls()).hasSize(allowed);
    }
  }

  @Test
  void everythingOfAnInstallationIsListedAndUnknownThingsAreRemoved() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app", "side"));
    pod.drive();

    assertThat(pod.runtime.list(TestPod.INSTALLATION, TestPod.HOST))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.group()).isEqualTo(TestPod.GROUP);
              assertThat(found.sandboxes()).isEqualTo(1);
              assertThat(found.containers()).hasSize(2).allMatch(c -> c.running());
            });

    pod.runtime.removeUnknown(TestPod.INSTALLATION, TestPod.HOST, TestPod.GROUP, TestPod.FENCE);
    assertThat(pod.engine.empty()).isTrue();
    assertThat(pod.runtime.list(TestPod.INSTALLATION, TestPod.HOST)).isEmpty();
  }

  @Test
  void onlyImagesOfWaitingContainersAreAskedFor() throws Exception {
    TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));
    PodPlanner planner = new PodPlanner(PodSettings.DEFAULTS);
    assertThat(planner.images(pod.order())).containsExactly(Specs.IMAGE);

    pod.drive();
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(planner.images(pod.order())).isEmpty();
  }
}
