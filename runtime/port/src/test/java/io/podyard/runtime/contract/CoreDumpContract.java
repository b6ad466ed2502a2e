package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.CoreDumpMissingException;
import io.podyard.runtime.CoreDumpReceiver;
import io.podyard.runtime.Goal;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Core dumps of containers that crash. */
abstract class CoreDumpContract extends CaptureContract {

  private static final int MOST_BYTES = 64 << 20;

  /** A command that does a little and then crashes. */
  protected List<String> crashing() {
    return List.of("sh", "-c", "echo soon; sleep 0.3; exit 139");
  }

  /** Whether the kernel of the host writes core dumps to files. */
  protected boolean dumpsToFiles() {
    return true;
  }

  /** Takes what comes. */
  private static final class Dumps implements CoreDumpReceiver {

    final List<String> from = new ArrayList<>();
    final List<byte[]> files = new ArrayList<>();
    final List<String> missing = new ArrayList<>();

    @Override
    public void receive(String container, int exitCode, Source source)
        throws RuntimeUnavailableException, StaleFenceException {
      from.add(container + " " + exitCode);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        source.writeTo(out, MOST_BYTES);
        files.add(out.toByteArray());
      } catch (CoreDumpMissingException e) {
        missing.add(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void assertCore(Dumps dumps) {
    if (!dumpsToFiles()) {
      assertThat(dumps.missing).isNotEmpty().allMatch(words -> words.contains("core_pattern"));
      return;
    }
    assertThat(dumps.missing).isEmpty();
    ByteBuffer core = ByteBuffer.wrap(dumps.files.getFirst()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(core.getInt(0)).as("ELF").isEqualTo(0x464C457F);
    assertThat(core.getShort(16)).as("a core").isEqualTo((short) 4);
  }

  @Test
  void aCrashLeavesACoreDumpAlsoWhereItStartsAgain() throws Exception {
    DrivenGroup group =
        group(spec(RestartPolicy.ALWAYS, container("app", crashing().toArray(String[]::new))));
    Dumps dumps = new Dumps();
    group.coreDumps(dumps);
    driveUntil(runtime, group, _ -> !dumps.from.isEmpty());
    assertThat(dumps.from.getFirst()).isEqualTo("app 139");
    assertCore(dumps);
    assertThat(runtime.noCoreDumpsBecause(installation, host(), group.id(), new OpenFence(1)))
        .matches(because -> because.isEmpty() == dumpsToFiles());
    group.coreDumps(null);
    driveUntil(
        runtime,
        group,
        state -> state.container("app").map(ContainerProgress::restarts).orElse(0) > 0);
    assertThat(dumps.from).hasSize(1);
  }

  @Test
  void aGroupThatEndsWithItsCrashHandsItsDumpOverBeforeItIsGone() throws Exception {
    DrivenGroup group =
        group(spec(RestartPolicy.NEVER, container("app", crashing().toArray(String[]::new))));
    Dumps dumps = new Dumps();
    driveTo(runtime, group, GroupPhase.FAILED);
    group.coreDumps(dumps);
    group.goal(new Goal.Remove());
    driveTo(runtime, group, GroupPhase.GONE);
    assertCore(dumps);
    assertThat(found(runtime, group)).isEmpty();
  }

  @Test
  void whatDoesNotCrashLeavesNone() throws Exception {
    DrivenGroup failing = group(spec(RestartPolicy.NEVER, container("app", "sh", "-c", "exit 3")));
    Dumps none = new Dumps();
    failing.coreDumps(none);
    driveTo(runtime, failing, GroupPhase.FAILED);
    failing.goal(new Goal.Remove());
    driveTo(runtime, failing, GroupPhase.GONE);
    DrivenGroup stopped = group(spec(RestartPolicy.ALWAYS, container("app", "sleep", "1000")));
    stopped.coreDumps(none);
    driveTo(runtime, stopped, GroupPhase.RUNNING);
    stopped.goal(end(Duration.ZERO));
    driveTo(runtime, stopped, GroupPhase.GONE);
    assertThat(none.from).isEmpty();
  }
}
