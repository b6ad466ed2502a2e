package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.CoreDumpReceiver;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoreDumpTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final List<String> received = new ArrayList<>();
  private final TestPod pod = new TestPod(Specs.group(RestartPolicy.ALWAYS, "app"));

  private CoreDumpReceiver receiver() {
    return new CoreDumpReceiver() {
      @Override
      public void receive(String container, int exitCode, Source source)
          throws RuntimeUnavailableException, StaleFenceException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
          source.writeTo(out, 100);
        } catch (CoreDumpMissingException | IOException e) {
          throw new AssertionError(e);
        }
        received.add(container + " " + exitCode + " " + out.toString(StandardCharsets.UTF_8));
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {131, 132, 133, 134, 135, 136, 139, 152, 153, 159})
  void theDumpOfACrashIsTakenBeforeItsContainerGoes(int code) throws Exception {
    pod.coreDumps = receiver();
    pod.engine.lives("app", Life.ends(code), Life.STAYS);
    pod.drive();

    pod.after(SECOND);

    assertThat(received).containsExactly("app %d core of 1".formatted(code));
    assertThat(pod.container("app").attempt()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 11, 128, 129, 130, 137, 143, 255})
  void otherEndsLeaveNone(int code) throws Exception {
    pod.coreDumps = receiver();
    pod.engine.lives("app", Life.ends(code), Life.STAYS);
    pod.drive();
    pod.after(SECOND);
    assertThat(received).isEmpty();
  }

  @Test
  void whatDiedBeforeItTookADumpIsFollowedByOneThatDoes() throws Exception {
    pod.engine.lives("app", Life.ends(139), Life.ends(139), Life.STAYS);
    pod.drive();
    pod.after(SECOND);
    pod.coreDumps =
        (_, _, _) -> {
          throw new RuntimeUnavailableException("the host is away just now");
        };
    assertThatThrownBy(() -> pod.after(SECOND)).isInstanceOf(RuntimeUnavailableException.class);
    pod.restart();
    pod.coreDumps = receiver();

    pod.after(Duration.ofSeconds(20));

    assertThat(received).containsExactly("app 139 core of 2");
    assertThat(pod.container("app").attempt()).isEqualTo(3);
  }

  @Test
  void aGroupThatEndsWithACrashHandsItsDumpOver() throws Exception {
    TestPod once = new TestPod(Specs.group(RestartPolicy.NEVER, "app"));
    once.coreDumps = receiver();
    once.engine.lives("app", Life.ends(134));
    once.driveTo(GroupPhase.FAILED);
    assertThat(received).containsExactly("app 134 core of 1");
    once.restart();
    once.goal = new Goal.Remove();
    once.driveTo(GroupPhase.GONE);
    assertThat(received).as("once more before it goes").hasSize(2);
  }
}
