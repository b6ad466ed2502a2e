package io.podyard.runtime.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups whose spec changes while they run. */
abstract class ReplacementContract extends LifecycleContract {

  private static final VolumeSpec SHARED = new VolumeSpec.EmptyDir("shared", false, null);

  private static ContainerSpec mounting(ContainerSpec spec, String... volumes) {
    return spec.withMounts(
        List.of(volumes).stream()
            .map(volume -> new VolumeMount(volume, "/" + volume, null, false))
            .toList());
  }

  /** Until the group runs as its newest spec says. */
  private GroupState replaced(DrivenGroup group, long generation) throws Exception {
    return driveUntil(
        runtime,
        group,
        s ->
            s.generation() == generation
                && s.phase() == GroupPhase.RUNNING
                && s.containers().stream()
                    .allMatch(c -> c.current() instanceof ContainerStatus.Running));
  }

  @Test
  void oneContainerIsMadeAnewAndTheRestStays() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app"), staying("other")));
    GroupState before = driveTo(runtime, group, GroupPhase.RUNNING);

    group.update(
        spec(
            RestartPolicy.ALWAYS,
            container("app", "sleep", "2000").withRevision(2),
            staying("other")));
    GroupState after = replaced(group, 2);

    assertThat(after.ip()).isEqualTo(before.ip());
    assertThat(after.chargedFrom()).isEqualTo(before.chargedFrom());
    assertThat(group.container("app").attempt()).isEqualTo(2);
    assertThat(group.container("other").attempt()).isEqualTo(1);
    assertThat(group.container("other").current())
        .isEqualTo(before.container("other").orElseThrow().current());
    assertThat(found(runtime, group).orElseThrow().sandboxes()).isEqualTo(1);
    assertThat(found(runtime, group).orElseThrow().containers()).hasSize(2);
  }

  @Test
  void whatIsInAFolderOutlastsAReplacement() throws Exception {
    GroupSpec first =
        withVolumes(
            spec(
                RestartPolicy.ALWAYS,
                mounting(container("app", "sh", "-c", "touch /shared/file; sleep 1000"), "shared"),
                mounting(staying("other"), "shared")),
            SHARED);
    DrivenGroup group = group(first);
    driveTo(runtime, group, GroupPhase.RUNNING);
    awaitFile(group, "other", "/shared/file");

    group.update(
        withVolumes(
            spec(
                RestartPolicy.ALWAYS,
                mounting(staying("app"), "more", "shared").withRevision(2),
                mounting(staying("other"), "shared")),
            new VolumeSpec.EmptyDir("more", true, 4),
            SHARED));
    replaced(group, 2);

    for (String container : List.of("app", "other")) {
      awaitFile(group, container, "/shared/file");
    }
    assertThat(group.container("other").attempt()).isEqualTo(1);
  }

  private void awaitFile(DrivenGroup group, String container, String file) throws Exception {
    driveUntil(
        runtime,
        group,
        _ ->
            runtime
                    .exec(
                        installation,
                        host(),
                        group.id(),
                        container,
                        List.of("test", "-f", file),
                        Duration.ofSeconds(20))
                    .exitCode()
                == 0);
  }

  @Test
  void containersComeAndGo() throws Exception {
    DrivenGroup group = group(spec(RestartPolicy.ALWAYS, staying("app"), staying("old")));
    GroupState before = driveTo(runtime, group, GroupPhase.RUNNING);

    group.update(spec(RestartPolicy.ALWAYS, staying("app"), staying("fresh").withRevision(2)));
    GroupState after = replaced(group, 2);

    assertThat(after.ip()).isEqualTo(before.ip());
    assertThat(after.container("old")).isEmpty();
    assertThat(found(runtime, group).orElseThrow().containers())
        .extracting(c -> c.name())
        .containsExactlyInAnyOrder("app", "fresh");
  }
}
