package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HostAlias;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.Secret;
import io.podyard.runtime.VolumeMount;
import io.podyard.runtime.VolumeSpec;
import io.podyard.runtime.pod.SandboxOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a group shares, changed while its sandbox stays, on a real engine. */
@Timeout(180)
class SandboxUpdatesTest extends EngineGround {

  private static ContainerSpec staying(String name, String... volumes) {
    return Specs.changed(
        shell(name, "sleep 1000"),
        c ->
            c.mounts =
                List.of(volumes).stream()
                    .map(volume -> new VolumeMount(volume, "/" + volume, null, false))
                    .toList());
  }

  private static VolumeSpec disk(String name) {
    return new VolumeSpec.EmptyDir(name, false, null);
  }

  private static VolumeSpec memory(String name, int mib) {
    return new VolumeSpec.EmptyDir(name, true, mib);
  }

  private static VolumeSpec files(String name, String path, String content) {
    return new VolumeSpec.ConfigFiles(
        name,
        List.of(
            new VolumeSpec.ConfigFile(
                path,
                new Secret(
                    Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8))),
                0644)));
  }

  private void update(ContainerGroupId group, GroupSpec spec) throws Exception {
    engine.updateSandbox(new SandboxOrder(installation, ALICE, group, spec), FENCE);
  }

  private List<String> volumes(ContainerGroupId group) throws Exception {
    return EngineObjects.of(installation).stream()
        .filter(object -> object.startsWith("volume ") && object.contains(group.value()))
        .toList();
  }

  @Test
  void volumesThatStayKeepWhatIsInThemAndNewOnesAreThere() throws Exception {
    GroupSpec first =
        Specs.withVolumes(
            spec(staying("old", "mem", "work")), disk("work"), memory("mem", 8), disk("gone"));
    ContainerGroupId group = group(first);
    start(group, first, "old");
    output(group, "old", "echo disk >/work/file; echo memory >/mem/file");
    String ip = sandbox(group).ip();
    engine.removeContainer(view(group, "old").engineId(), FENCE);

    GroupSpec second =
        Specs.withVolumes(
            spec(staying("new", "mem", "work", "more", "conf")),
            memory("more", 4),
            memory("mem", 8),
            disk("work"),
            files("conf", "a/b.txt", "one"));
    update(group, second);
    update(group, second);
    start(group, second, "new");

    assertThat(output(group, "new", "cat /work/file /mem/file /conf/a/b.txt"))
        .isEqualTo("disk\nmemory\none");
    assertThat(output(group, "new", "grep ' /more ' /proc/mounts"))
        .startsWith("tmpfs")
        .contains("size=4096k");
    assertThat(sandbox(group).running()).isTrue();
    assertThat(sandbox(group).ip()).isEqualTo(ip);
    assertThat(output(group, "new", "hostname -i")).contains(ip);
  }

  @Test
  void whatIsInMemoryOutlastsItsContainersAlsoInANewVolume() throws Exception {
    GroupSpec first = spec(staying("app"));
    ContainerGroupId group = group(first);
    GroupSpec second = Specs.withVolumes(spec(staying("app", "mem")), memory("mem", 4));
    update(group, second);
    start(group, second, "app");
    output(group, "app", "echo kept >/mem/file");
    engine.removeContainer(view(group, "app").engineId(), FENCE);
    GroupSpec third =
        Specs.withVolumes(spec(staying("app", "mem")), disk("other"), memory("mem", 4));
    update(group, third);

    start(group, third, "app");

    assertThat(output(group, "app", "cat /mem/file")).isEqualTo("kept");
  }

  @Test
  void configurationFilesAreThoseOfTheNewSpec() throws Exception {
    GroupSpec first =
        Specs.withVolumes(spec(staying("app", "conf")), files("conf", "old.txt", "old"));
    ContainerGroupId group = group(first);
    start(group, first, "app");
    engine.removeContainer(view(group, "app").engineId(), FENCE);

    for (String content : List.of("new", "newer")) {
      GroupSpec next =
          Specs.withVolumes(spec(staying("app", "conf")), files("conf", "new.txt", content));
      update(group, next);
      start(group, next, "app");
      assertThat(output(group, "app", "cat /conf/new.txt")).isEqualTo(content);
      assertThat(output(group, "app", "ls /conf")).isEqualTo("new.txt");
      engine.removeContainer(view(group, "app").engineId(), FENCE);
    }
    update(group, first);
    start(group, first, "app");
    assertThat(output(group, "app", "cat /conf/old.txt")).isEqualTo("old");
  }

  @Test
  void aVolumeThatIsGoneIsEmptyWhenItComesBackUnlessItIsUsed() throws Exception {
    GroupSpec first =
        Specs.withVolumes(spec(staying("app", "used", "unused")), disk("used"), disk("unused"));
    ContainerGroupId group = group(first);
    start(group, first, "app");
    output(group, "app", "echo x >/used/file; mkdir -m 0 /unused/deep; echo x >/unused/file");
    engine.removeContainer(view(group, "app").engineId(), FENCE);
    GroupSpec reading = Specs.withVolumes(spec(staying("app", "used")), disk("used"));
    start(group, reading, "app");

    update(group, spec(staying("app")));

    assertThat(output(group, "app", "cat /used/file")).isEqualTo("x");
    engine.removeContainer(view(group, "app").engineId(), FENCE);
    update(group, first);
    start(group, first, "app");
    assertThat(output(group, "app", "ls -A /unused")).isEmpty();
  }

  @Test
  void aNewVolumeIsRemovedWhenItIsGone() throws Exception {
    GroupSpec plain = spec(staying("app"));
    ContainerGroupId group = group(plain);
    List<String> before = volumes(group);
    update(group, Specs.withVolumes(plain, disk("one"), memory("two", 4)));
    assertThat(volumes(group)).hasSize(before.size() + 2);

    update(group, plain);

    assertThat(volumes(group)).isEqualTo(before);
    assertThat(EngineObjects.of(installation)).noneMatch(o -> o.contains("-clear"));
  }

  @Test
  void aFolderThatBecomesMemoryIsAnotherVolume() throws Exception {
    GroupSpec first = Specs.withVolumes(spec(staying("app", "work")), disk("work"));
    ContainerGroupId group = group(first);
    start(group, first, "app");
    output(group, "app", "echo x >/work/file");
    engine.removeContainer(view(group, "app").engineId(), FENCE);
    GroupSpec second = Specs.withVolumes(spec(staying("app", "work")), memory("work", 4));
    update(group, second);

    start(group, second, "app");

    assertThat(output(group, "app", "ls -A /work")).isEmpty();
    assertThat(output(group, "app", "grep ' /work ' /proc/mounts")).startsWith("tmpfs");
  }

  private static GroupSpec named(@Nullable DnsSettings dns, HostAlias... aliases) {
    return Specs.with(spec(staying("app")), List.of(), List.of(aliases), dns, null);
  }

  @Test
  void namesAreThoseOfTheNewSpecInContainersThatRun() throws Exception {
    GroupSpec first =
        named(
            new DnsSettings(List.of("192.0.2.1"), List.of("a.example"), List.of("ndots:2")),
            new HostAlias("192.0.2.10", List.of("old")));
    ContainerGroupId group = group(first);
    start(group, first, "app");
    String resolver = output(group, "app", "cat /etc/resolv.conf");
    String own = output(group, "app", "hostname -i");

    DnsSettings other =
        new DnsSettings(List.of("192.0.2.2", "192.0.2.3"), List.of("b.example"), List.of());
    update(group, named(other, new HostAlias("192.0.2.11", List.of("one", "two"))));

    assertThat(output(group, "app", "cat /etc/resolv.conf"))
        .isEqualTo("nameserver 192.0.2.2\nnameserver 192.0.2.3\nsearch b.example");
    assertThat(output(group, "app", "cat /etc/hosts"))
        .contains("192.0.2.11\tone", "192.0.2.11\ttwo", "localhost", own)
        .doesNotContain("192.0.2.10");
    assertThat(output(group, "app", "hostname -i")).isEqualTo(own);

    update(group, named(null));
    assertThat(output(group, "app", "cat /etc/resolv.conf"))
        .contains("nameserver")
        .doesNotContain("192.0.2.", "127.0.0.11");
    assertThat(output(group, "app", "cat /etc/hosts")).doesNotContain("192.0.2.11");

    update(group, first);
    assertThat(output(group, "app", "cat /etc/resolv.conf").lines().sorted())
        .containsExactlyElementsOf(resolver.lines().sorted().toList());
    assertThat(output(group, "app", "cat /etc/hosts")).contains("192.0.2.10\told");
  }

  @Test
  void manyAliasesAreWrittenInParts() throws Exception {
    GroupSpec first = spec(staying("app"));
    ContainerGroupId group = group(first);
    start(group, first, "app");
    List<String> names =
        java.util.stream.IntStream.range(0, 3000)
            .mapToObj("a-host-name-that-is-rather-long-%04d.example"::formatted)
            .toList();

    update(group, named(null, new HostAlias("192.0.2.10", names)));

    assertThat(output(group, "app", "grep -c rather-long /etc/hosts")).isEqualTo("3000");
    assertThat(output(group, "app", "grep 2999 /etc/hosts")).startsWith("192.0.2.10");
  }

  private static GroupSpec sized(Size size) {
    return GroupSpec.of("test", size, RestartPolicy.NEVER, staying("app"));
  }

  @Test
  void theSizeIsTheNewOneForWhatRuns() throws Exception {
    GroupSpec first = sized(Size.of(500, 64));
    ContainerGroupId group = group(first);
    String id = start(group, first, "app");

    for (Size size : List.of(Size.of(1000, 128), Size.of(250, 48))) {
      update(group, sized(size));

      var host = EngineObjects.ask(docker -> docker.inspectContainerCmd(id).exec().getHostConfig());
      assertThat(host.getMemory()).isEqualTo(size.memory().bytes());
      assertThat(host.getCpuQuota()).isEqualTo(size.cpu().value() * 100L);
      String parent = host.getCgroupParent();
      if (parent != null && !parent.isEmpty()) {
        var file = java.nio.file.Path.of("/sys/fs/cgroup/memory" + parent, "memory.limit_in_bytes");
        if (java.nio.file.Files.exists(file)) {
          assertThat(java.nio.file.Files.readString(file).strip())
              .isEqualTo(Long.toString(size.memory().bytes() + (16L << 20)));
        }
      }
    }
  }

  @Test
  void aGroupWhoseVolumesNobodyHoldsIsLost() throws Exception {
    GroupSpec first = spec(staying("app"));
    ContainerGroupId group = group(first);
    update(group, Specs.withVolumes(first, memory("mem", 4)));
    assertThat(sandbox(group).running()).isTrue();
    String keeper =
        EngineObjects.of(installation).stream()
            .filter(object -> object.contains("-keeper-"))
            .map(object -> object.substring("container /".length()))
            .findFirst()
            .orElseThrow();

    EngineObjects.act(docker -> docker.killContainerCmd(keeper).exec());

    eventually(() -> sandbox(group), s -> !s.running());
    assertThat(Objects.requireNonNull(sandbox(group).engineId())).isNotEmpty();
  }

  @Test
  void withoutASandboxThereIsNothingToUpdate() {
    ContainerGroupId group = new ContainerGroupId("eci-" + random(12));

    assertThatThrownBy(() -> update(group, spec(staying("app"))))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("no sandbox");
  }
}
