package io.podyard.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.VolumeSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Groups whose volumes hold more than they may. */
class VolumeLimitsTest {

  private static final long MIB = 1 << 20;

  private static TestPod running(boolean inMemory, @Nullable Integer limitMib) throws Exception {
    GroupSpec plain = Specs.group(RestartPolicy.ALWAYS, "app", "side");
    TestPod pod =
        new TestPod(
            new GroupSpec(
                plain.version(),
                plain.name(),
                plain.size(),
                plain.restartPolicy(),
                plain.initContainers(),
                plain.containers(),
                List.of(new VolumeSpec.EmptyDir("data", inMemory, limitMib)),
                plain.registryCredentials(),
                plain.plainHttpRegistries(),
                plain.insecureRegistries(),
                plain.hostAliases(),
                plain.dns(),
                plain.hostName(),
                plain.terminationGraceSeconds(),
                plain.activeDeadlineSeconds(),
                plain.maxPendingMinutes(),
                plain.vSwitch(),
                plain.kernel(),
                plain.ephemeralStorageMib(),
                plain.address()));
    pod.engine.lives("app", Life.STUBBORN);
    pod.driveTo(GroupPhase.RUNNING);
    return pod;
  }

  @Test
  void aGroupIsEvictedOnceAVolumeHoldsMoreThanItsLimit() throws Exception {
    TestPod pod = running(false, 10);
    pod.engine.takes("data", 10 * MIB);
    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.wakeAt).hasValue(pod.clock.instant().plus(Duration.ofSeconds(10)));

    pod.engine.takes("data", 10 * MIB + 1);
    pod.after(Duration.ofSeconds(10));
    assertThat(pod.stored.phase()).isEqualTo(GroupPhase.STOPPING);
    // What it holds afterwards does not bring it back.
    pod.engine.takes("data", 0);
    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("Evicted");
    assertThat(state.message())
        .isEqualTo("Volume data holds 11 MiB, more than its limit of 10 MiB");
    assertThat(pod.told()).contains("Evicted", "Killing");
    assertThat(state.endedAt()).isNotNull();
  }

  @Test
  void aGroupIsEvictedOnceAllItsDiskIsMoreThanItsEphemeralStorage() throws Exception {
    TestPod pod = running(false, null);
    pod.engine.takes("data", 10 * MIB);
    pod.engine.writes((30 * 1024 - 10) * MIB);
    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.RUNNING);

    pod.engine.writes((30 * 1024 - 10) * MIB + 1);
    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("Evicted");
    assertThat(state.message())
        .isEqualTo(
            "The group takes 30721 MiB of disk (its containers 30711 MiB, its empty folders 10"
                + " MiB), more than its ephemeral storage of 30720 MiB");
  }

  private static VolumeSpec data(String name, boolean readOnly, @Nullable Integer diskMib) {
    return new VolumeSpec.DataCache(name, "edc-1.1", "sha256:0", "", readOnly, "/x", diskMib);
  }

  @Test
  void aGroupIsEvictedOnceItWroteMoreOverADataCacheThanItsDiskHas() throws Exception {
    GroupSpec spec =
        Specs.group(RestartPolicy.ALWAYS, "app")
            .withVolumes(List.of(data("one", false, 10), data("two", false, 10)))
            .withEphemeralMib(4);
    TestPod pod = new TestPod(spec);
    pod.driveTo(GroupPhase.RUNNING);
    // It is on a disk of its own, not on that of the containers, and one for both.
    pod.engine.takes("one", 6 * MIB);
    pod.engine.takes("two", 4 * MIB);
    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.RUNNING);
    assertThat(pod.wakeAt).hasValue(pod.clock.instant().plus(Duration.ofSeconds(10)));

    pod.engine.takes("two", 4 * MIB + 1);
    pod.after(Duration.ofSeconds(10));
    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("Evicted");
    assertThat(state.message())
        .isEqualTo(
            "The group wrote 11 MiB over data cache edc-1.1, more than the 10 MiB of its disk");
  }

  @Test
  void whatIsNestedTooDeepOverADataCacheIsEvictedToo() throws Exception {
    TestPod pod =
        new TestPod(
            Specs.group(RestartPolicy.ALWAYS, "app").withVolumes(List.of(data("one", false, 10))));
    pod.driveTo(GroupPhase.RUNNING);
    pod.engine.takes("one", Long.MAX_VALUE);

    assertThat(pod.driveTo(GroupPhase.FAILED).message()).contains("edc-1.1", "too deep");
  }

  @Test
  void whoOnlyReadsADataCacheIsNotLookedAtForItself() throws Exception {
    for (VolumeSpec data : List.of(data("one", true, 10), data("one", false, null))) {
      TestPod pod =
          new TestPod(Specs.group(RestartPolicy.ALWAYS, "app").withVolumes(List.of(data)));

      assertThat(pod.driveTo(GroupPhase.RUNNING).phase()).isEqualTo(GroupPhase.RUNNING);
      assertThat(pod.wakeAt).isEmpty();
    }
  }

  @Test
  void aLimitThatIsRaisedInTimeLetsTheGroupGoOn() throws Exception {
    GroupSpec spec = Specs.group(RestartPolicy.ALWAYS, "app").withEphemeralMib(10);
    TestPod pod = new TestPod(spec);
    pod.driveTo(GroupPhase.RUNNING);
    pod.limit(spec.withEphemeralMib(20));
    pod.engine.writes(15 * MIB);
    assertThat(pod.drive().phase()).isEqualTo(GroupPhase.RUNNING);
    pod.engine.writes(21 * MIB);
    assertThat(pod.driveTo(GroupPhase.FAILED).message()).contains("ephemeral storage of 20 MiB");
  }

  @Test
  void whatCannotBeMeasuredForItsDepthIsEvictedToo() throws Exception {
    TestPod pod = running(false, 10);
    pod.engine.takes("data", Long.MAX_VALUE);

    GroupState state = pod.driveTo(GroupPhase.FAILED);

    assertThat(state.reason()).isEqualTo("Evicted");
    assertThat(state.message()).contains("data", "10 MiB", "too deep");
  }

  @Test
  void withoutALimitNothingIsLookedAtForItself() throws Exception {
    for (TestPod pod : List.of(running(false, null), running(true, 10))) {
      pod.engine.takes("data", 100 * MIB);

      assertThat(pod.drive().phase()).isEqualTo(GroupPhase.RUNNING);
      assertThat(pod.wakeAt).isEmpty();
    }
  }
}
