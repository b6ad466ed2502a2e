package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.Secret;
import io.podyard.runtime.docker.image.FetchLimits;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.docker.testing.TestImage;
import io.podyard.runtime.docker.testing.TestRegistry;
import io.podyard.runtime.pod.ImageView;
import io.podyard.runtime.pod.PullOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images between a registry and a real engine. */
@Timeout(120)
class EngineImagesTest extends EngineGround {

  private final TestRegistry registry = new TestRegistry();

  @TempDir private Path own;

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  private ImageView fetch(
      DockerEngine by, AccountId account, ContainerGroupId group, String image, String password)
      throws Exception {
    List<RegistryCredential> credentials =
        password.isEmpty()
            ? List.of()
            : List.of(new RegistryCredential(registry.host(), "user", new Secret(password)));
    by.beginPull(new PullOrder(account, group, image, 0, credentials, List.of(), List.of()), FENCE);
    return eventually(() -> by.image(group, image), v -> !(v instanceof ImageView.Pulling));
  }

  @Test
  void aPrivateImageRunsForItsAccountOnly() throws Exception {
    registry.put("private/busybox", "1", EngineForTests.busybox());
    registry.needToken("user", "right");
    String image = registry.host() + "/private/busybox:1";
    GroupSpec spec = spec(ContainerSpec.of("app", image, "echo", "hi"));
    ContainerGroupId alices = group(ALICE, spec);
    ContainerGroupId bobs = group(BOB, spec);

    assertThat(fetch(engine, ALICE, alices, image, "right")).isInstanceOf(ImageView.Present.class);
    start(alices, spec, "app");
    ended(alices, "app");
    assertThat(log(alices, "app")).isEqualTo("hi\n");

    assertThat(engine.image(bobs, image)).isEqualTo(new ImageView.Absent());
    assertThatThrownBy(() -> make(bobs, spec, "app"))
        .isInstanceOf(RuntimeUnavailableException.class);
    assertThat(fetch(engine, BOB, bobs, image, "wrong")).isInstanceOf(ImageView.Failed.class);
  }

  @Test
  void afterARestartTheAccountIsKnownFromTheHost() throws Exception {
    registry.put("private/busybox", "1", EngineForTests.busybox());
    registry.needBasicLogin("user", "right");
    String image = registry.host() + "/private/busybox:1";
    ContainerGroupId group = group(ALICE, spec(ContainerSpec.of("app", image, "true")));
    fetch(engine, ALICE, group, image, "right");

    try (DockerEngine fresh = EngineForTests.engine(folder)) {
      assertThat(fresh.image(group, image)).isInstanceOf(ImageView.Present.class);
      assertThat(fresh.image(new ContainerGroupId("unknown"), image))
          .isEqualTo(new ImageView.Absent());
    }
  }

  @Test
  void anImageThatTheEngineHasByNameIsThereForEverybody() throws Exception {
    ContainerGroupId group = group(spec(shell("app", "true")));
    String id =
        EngineObjects.ask(docker -> docker.inspectImageCmd(SandboxImage.TINY).exec().getId());
    EngineObjects.act(docker -> docker.tagImageCmd(id, "built/here", "1").exec());
    try {
      assertThat(engine.image(group, "built/here:1")).isInstanceOf(ImageView.Present.class);
      assertThat(engine.image(group, id.substring("sha256:".length()).substring(0, 12)))
          .isEqualTo(new ImageView.Absent());
    } finally {
      EngineObjects.act(docker -> docker.removeImageCmd("built/here:1").exec());
    }
  }

  @Test
  void anImageTheEngineCannotUnpackIsToldInItsWords() throws Exception {
    byte[] noTar = "this is no archive".getBytes(StandardCharsets.UTF_8);
    registry.put("bad", "1", TestImage.ofUnpacked(engine.report().architecture(), noTar));
    String image = registry.host() + "/bad:1";
    ContainerGroupId group = group(spec(shell("app", "true")));

    assertThat(fetch(engine, ALICE, group, image, ""))
        .isInstanceOfSatisfying(
            ImageView.Failed.class,
            f -> {
              assertThat(f.reason()).isEqualTo("ErrImagePull");
              assertThat(f.message()).contains("does not take the image");
            });
  }

  @Test
  void anImageOfManyLayersComesWhole() throws Exception {
    String architecture = engine.report().architecture();
    byte[] large = new byte[8 << 20];
    new Random(7).nextBytes(large);
    TestImage image =
        TestImage.of(
            TestImage.OCI,
            architecture,
            Map.of(
                "large", large,
                "b", "two".getBytes(StandardCharsets.UTF_8),
                "c", "three".getBytes(StandardCharsets.UTF_8)));
    registry.put("files", "1", image);
    registry.once(
        TestImage.digest(image.layers().getLast()),
        new TestRegistry.Misbehaviour.CutAfter(1 << 20));
    String name = registry.host() + "/files:1";
    ContainerGroupId group = group(spec(shell("app", "true")));

    assertThat(fetch(engine, ALICE, group, name, "")).isInstanceOf(ImageView.Present.class);
    List<String> layers =
        EngineObjects.ask(
            docker ->
                Objects.requireNonNull(
                        docker.inspectImageCmd(TestImage.digest(image.config())).exec().getRootFS())
                    .getLayers());
    assertThat(layers).hasSize(3);
  }

  @Test
  void whatOnlyAReleasedCacheHeldGoesUnlessAContainerIsMadeOfIt() throws Exception {
    TestImage image =
        TestImage.of(
            TestImage.DOCKER,
            engine.report().architecture(),
            Map.of("own", UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8)));
    String id = TestImage.digest(image.config());
    registry.put("held", "1", image);
    hold(registry.host() + "/held:1");
    String container =
        EngineObjects.ask(docker -> docker.createContainerCmd(id).withCmd("sh").exec().getId());
    try {
      engine.release(installation, "imc-1.1", FENCE);
      assertThat(isThere(id)).isTrue();
    } finally {
      EngineObjects.act(docker -> docker.removeContainerCmd(container).exec());
    }

    hold(registry.host() + "/held:1");
    engine.release(installation, "imc-1.1", FENCE);
    assertThat(isThere(id)).isFalse();
  }

  private void hold(String image) throws Exception {
    ImageCopyOrder order =
        new ImageCopyOrder(
            installation,
            new HostId("host"),
            ALICE,
            "imc-1.1",
            List.of(image),
            List.of(),
            List.of(),
            List.of());
    assertThat(engine.hold(order, FENCE, CopyProgress.NONE)).hasSize(1);
  }

  private static boolean isThere(String id) throws Exception {
    return EngineObjects.ask(
        docker ->
            docker.listImagesCmd().withShowAll(true).exec().stream()
                .anyMatch(image -> image.getId().equals(id)));
  }

  @Test
  void theEngineFetchesByItselfWhereAllowed() throws Exception {
    registry.put("busybox", "1", EngineForTests.busybox());
    registry.needBasicLogin("user", "right");
    FetchLimits tooSmall =
        new FetchLimits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            1,
            Duration.ofMillis(10),
            Duration.ofSeconds(1),
            1,
            1,
            1);
    DockerEngineSettings settings =
        EngineForTests.settings(own)
            .with(new DockerEngineSettings.Images(tooSmall, true, true, 1L << 40, 1L << 40));
    String image = registry.host() + "/busybox:1";
    ContainerGroupId group = group(spec(shell("app", "true")));
    try (DockerEngine pulling = EngineForTests.engine(settings)) {
      assertThat(fetch(pulling, ALICE, group, image, "right"))
          .isInstanceOf(ImageView.Present.class);
      assertThat(pulling.image(new ContainerGroupId("other"), image))
          .isEqualTo(new ImageView.Absent());
      ImageView.Failed failed =
          (ImageView.Failed)
              fetch(pulling, BOB, new ContainerGroupId("bobs"), registry.host() + "/no:1", "");
      assertThat(failed.message()).contains("the engine cannot fetch the image");
    }
  }
}
