package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Secret;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.pod.ContainerRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Volumes of groups on a real engine. */
@Timeout(120)
class GroupVolumesTest extends EngineGround {

  private static VolumeMount mount(String volume, String path) {
    return new VolumeMount(volume, path, null, false);
  }

  private static VolumeMount part(String volume, String path, String subPath) {
    return new VolumeMount(volume, path, subPath, false);
  }

  private static ContainerSpec staying(String name, VolumeMount... mounts) {
    return Specs.changed(shell(name, "sleep 100"), c -> c.mounts = List.of(mounts));
  }

  private static VolumeSpec.ConfigFile file(String path, String content, int mode) {
    return new VolumeSpec.ConfigFile(
        path,
        new Secret(Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8))),
        mode);
  }

  private ContainerGroupId started(GroupSpec spec) throws Exception {
    ContainerGroupId group = group(spec);
    for (ContainerSpec container : spec.containers()) {
      start(group, spec, container.name());
    }
    return group;
  }

  @Test
  void anEmptyFolderIsSharedAndWritableForEveryUser() throws Exception {
    ContainerSpec user =
        Specs.changed(
            shell("user", "sleep 100"),
            c -> {
              c.mounts = List.of(mount("work", "/w"));
              c.runAsUser = 4321L;
            });
    GroupSpec spec =
        Specs.withVolumes(
            spec(user, staying("other", new VolumeMount("work", "/seen", null, true))),
            new VolumeSpec.EmptyDir("work", false, null));
    ContainerGroupId group = started(spec);

    assertThat(output(group, "user", "ls -A /w")).isEmpty();
    output(group, "user", "echo hello >/w/file");
    assertThat(output(group, "other", "cat /seen/file")).isEqualTo("hello");
    assertThat(exec(group, "other", "touch /seen/x").exitCode()).isNotZero();
  }

  @Test
  void whatIsInMemoryIsLimitedAndOutlastsWhoWroteIt() throws Exception {
    GroupSpec spec =
        Specs.withVolumes(
            spec(
                Specs.changed(
                    shell("first", "echo kept >/m/file"),
                    c -> c.mounts = List.of(mount("mem", "/m"))),
                staying("second", mount("mem", "/m"))),
            new VolumeSpec.EmptyDir("mem", true, 4));
    ContainerGroupId group = group(spec);
    start(group, spec, "first");
    assertThat(ended(group, "first").exitCode()).isZero();
    start(group, spec, "second");

    assertThat(output(group, "second", "cat /m/file")).isEqualTo("kept");
    assertThat(output(group, "second", "grep ' /m ' /proc/mounts"))
        .startsWith("tmpfs")
        .contains("size=4096k");
    assertThat(exec(group, "second", "dd if=/dev/zero of=/m/large bs=1M count=5").exitCode())
        .isNotZero();
  }

  @Test
  void aSubPathIsAFolderOfTheWholeAndIsMade() throws Exception {
    GroupSpec spec =
        Specs.withVolumes(
            spec(
                staying("whole", mount("work", "/w")),
                staying("part", part("work", "/p", "a/b")),
                staying("above", part("work", "/above", "a/")),
                staying("reading", new VolumeMount("work", "/r", null, true))),
            new VolumeSpec.EmptyDir("work", false, null));
    ContainerGroupId group = started(spec);

    output(group, "part", "echo deep >/p/file");
    output(group, "whole", "echo flat >/w/top");
    assertThat(output(group, "whole", "cat /w/a/b/file")).isEqualTo("deep");
    assertThat(output(group, "above", "cat /above/b/file")).isEqualTo("deep");
    assertThat(output(group, "reading", "cat /r/a/b/file /r/top")).isEqualTo("deep\nflat");
    assertThat(exec(group, "reading", "touch /r/a/b/x").exitCode()).isNotZero();
    assertThat(output(group, "part", "ls /p")).isEqualTo("file");
  }

  @Test
  void aLinkInAVolumeDoesNotLeadASubPathToTheHost() throws Exception {
    GroupSpec spec =
        Specs.withVolumes(
            spec(
                staying("evil", mount("work", "/w")), staying("victim", part("work", "/p", "sub"))),
            new VolumeSpec.EmptyDir("work", false, null));
    ContainerGroupId group = group(spec);
    start(group, spec, "evil");

    String tricks = "rm -rf /w/sub; rmdir /w/sub; mv /w/sub /w/gone; ln -sfn /etc /w/sub";
    exec(group, "evil", tricks);
    output(group, "evil", "test -d /w/sub && ! test -L /w/sub");
    start(group, spec, "victim");

    assertThat(output(group, "victim", "ls -A /p")).doesNotContain("passwd");
    assertThat(output(group, "victim", "grep ' /p ' /proc/mounts")).doesNotContain("/etc");
  }

  @Test
  void aSubPathThatLeadsOutIsRefused() throws Exception {
    GroupSpec spec =
        Specs.withVolumes(
            spec(
                staying("app", part("work", "/p", "a/../../..")),
                staying("none", mount("nowhere", "/p"))),
            new VolumeSpec.EmptyDir("work", false, null));
    ContainerGroupId group = group(spec);

    assertThatThrownBy(() -> make(group, spec, "app"))
        .isInstanceOf(ContainerRefusedException.class)
        .hasMessageContaining("leads out");
    assertThatThrownBy(() -> make(group, spec, "none"))
        .isInstanceOf(ContainerRefusedException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void configurationFilesAreThereWithTheirModesAndCannotBeChanged() throws Exception {
    GroupSpec spec =
        Specs.withVolumes(
            spec(
                staying(
                    "app",
                    mount("conf", "/conf"),
                    part("conf", "/etc/one.conf", "sub/one.conf"),
                    part("conf", "/folder", "sub"),
                    part("conf", "/made", "not/there"))),
            new VolumeSpec.ConfigFiles(
                "conf",
                List.of(
                    file("run.sh", "#!/bin/sh\necho ran\n", 0755),
                    file("sub/one.conf", "key=väl\n", 0640))));
    ContainerGroupId group = started(spec);

    assertThat(output(group, "app", "/conf/run.sh")).isEqualTo("ran");
    assertThat(output(group, "app", "stat -c %a /conf/run.sh /conf/sub/one.conf"))
        .isEqualTo("755\n640");
    assertThat(output(group, "app", "cat /conf/sub/one.conf /etc/one.conf /folder/one.conf"))
        .isEqualTo("key=väl\nkey=väl\nkey=väl");
    assertThat(output(group, "app", "ls -A /made")).isEmpty();
    for (String path : List.of("/conf/x", "/conf/run.sh", "/etc/one.conf", "/folder/x")) {
      assertThat(exec(group, "app", "echo x >" + path).exitCode()).as(path).isNotZero();
    }
  }

  @Test
  void volumesOfASandboxThatWasNeverMadeAreFoundAndRemoved() throws Exception {
    ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
    String name = Names.volume(installation, group, "v", "");
    EngineObjects.act(
        docker ->
            docker
                .createVolumeCmd()
                .withName(name)
                .withLabels(Names.ofGroup(installation, group))
                .exec());

    assertThat(engine.groups(installation)).containsExactly(group);
    engine.removeSandbox(installation, group, FENCE);
    assertThat(engine.groups(installation)).isEmpty();
  }
}
