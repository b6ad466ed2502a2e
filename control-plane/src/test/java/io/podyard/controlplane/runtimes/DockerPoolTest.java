package io.podyard.controlplane.runtimes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.runtime.docker.DockerEngineSettings;
import io.podyard.runtime.docker.Subnets;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

class DockerPoolTest {

  /** Settings as the environment gives them. */
  private static PodyardSettings settings(Map<String, Object> environment) {
    StandardEnvironment only = new StandardEnvironment();
    only.getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, environment));
    return Binder.get(only).bindOrCreate("podyard", PodyardSettings.class);
  }

  private static DockerEngineSettings engine(Map<String, Object> environment) {
    return DockerPool.settings(Map.of(), settings(environment));
  }

  @Test
  void withoutSettingsTheEngineIsUsedCautiously() {
    DockerEngineSettings engine = engine(Map.of());

    assertThat(engine.ociRuntime()).isNull();
    assertThat(engine.images().enginePull()).isFalse();
    assertThat(engine.network().hostReachable()).isFalse();
    assertThat(engine.network().subnets()).isEqualTo(Subnets.DEFAULT);
    assertThat(engine.network().closedTo()).contains("169.254.0.0/16");
    assertThat(engine.limits().logBytes()).isEqualTo(10 << 20);
    assertThat(engine.diskFolder())
        .isEqualTo(
            settings(Map.of())
                .dataDir()
                .toAbsolutePath()
                .resolve("disks/docker-unix-var-run-docker.sock"));
    assertThat(engine.content().folder())
        .isEqualTo(settings(Map.of()).dataDir().toAbsolutePath().resolve("content"));
    assertThat(engine.content().mostBytes()).isEqualTo(20L << 30);
    assertThat(engine.images().highBytes()).isEqualTo(100L << 30);
    assertThat(engine.images().lowBytes()).isEqualTo(80L << 30);
    assertThat(settings(Map.of()).logs().inAll()).isEqualTo(DataSize.ofGigabytes(10));
    assertThat(settings(Map.of()).allowedCapabilities()).isEmpty();
  }

  @Test
  void eachSettingReachesTheEngine() {
    DockerEngineSettings engine =
        engine(
            Map.of(
                "PODYARD_DOCKER_OCI_RUNTIME", "runsc",
                "PODYARD_DOCKER_ENGINE_PULL", "true",
                "PODYARD_DOCKER_SUBNETS", "10.1.0.0/16:26",
                "PODYARD_DOCKER_HOST_REACHABLE", "true",
                "PODYARD_DOCKER_DISKS", "/srv/disks",
                "PODYARD_CONTENT_FOLDER", "/srv/content",
                "PODYARD_CONTENT_BYTES", "3GB",
                "PODYARD_DOCKER_IMAGES_HIGH", "30GB",
                "PODYARD_DOCKER_IMAGES_LOW", "20GB",
                "PODYARD_LOGS_PER_ATTEMPT", "1MB"));

    assertThat(engine.ociRuntime()).isEqualTo("runsc");
    assertThat(engine.images().enginePull()).isTrue();
    assertThat(engine.network().subnets()).hasToString("10.1.0.0/16:26");
    assertThat(engine.network().hostReachable()).isTrue();
    assertThat(engine.network().closedTo()).contains("169.254.0.0/16");
    assertThat(engine.diskFolder())
        .isEqualTo(Path.of("/srv/disks/docker-unix-var-run-docker.sock"));
    assertThat(engine.content().folder()).isEqualTo(Path.of("/srv/content"));
    assertThat(engine.content().mostBytes()).isEqualTo(3L << 30);
    assertThat(engine.images().highBytes()).isEqualTo(30L << 30);
    assertThat(engine.images().lowBytes()).isEqualTo(20L << 30);
    assertThat(engine.limits().logBytes()).isEqualTo(1 << 20);
    PodyardSettings others =
        settings(
            Map.of(
                "PODYARD_LOGS_IN_ALL", "5GB",
                "PODYARD_ALLOWED_CAPABILITIES", "NET_ADMIN,NET_RAW"));
    assertThat(others.logs().inAll()).isEqualTo(DataSize.ofGigabytes(5));
    assertThat(others.allowedCapabilities()).containsExactlyInAnyOrder("NET_ADMIN", "NET_RAW");
  }

  @Test
  void settingsThatAreNoneAreNamed() {
    assertThatThrownBy(() -> engine(Map.of("PODYARD_DOCKER_SUBNETS", "10.1.0.0/16")))
        .hasMessageContaining("PODYARD_DOCKER_SUBNETS");
    assertThatThrownBy(() -> engine(Map.of("PODYARD_DOCKER_DISKS", "disks")))
        .hasMessage("PODYARD_DOCKER_DISKS must be an absolute path such as /srv/disks, not disks");
    assertThatThrownBy(() -> engine(Map.of("PODYARD_CONTENT_FOLDER", "content")))
        .hasMessage(
            "PODYARD_CONTENT_FOLDER must be an absolute path such as /srv/content, not content");
    assertThatThrownBy(() -> settings(Map.of("PODYARD_CONTENT_BYTES", "-1GB")))
        .hasRootCauseMessage("PODYARD_CONTENT_BYTES must be 0 or more, not -1073741824B");
    assertThatThrownBy(() -> settings(Map.of("PODYARD_DOCKER_IMAGES_LOW", "200GB")))
        .hasRootCauseMessage(
            "PODYARD_DOCKER_IMAGES_LOW must be from 0 to PODYARD_DOCKER_IMAGES_HIGH, "
                + "107374182400B, not 214748364800B");
    assertThatThrownBy(() -> settings(Map.of("PODYARD_LOGS_PER_ATTEMPT", "1KB")))
        .hasRootCauseMessage("PODYARD_LOGS_PER_ATTEMPT must be from 64KB to 1GB, not 1024B");
    assertThatThrownBy(() -> settings(Map.of("PODYARD_ALLOWED_CAPABILITIES", "SYS_ADMIN")))
        .hasRootCauseMessage(
            "PODYARD_ALLOWED_CAPABILITIES can hold NET_ADMIN and NET_RAW, not [SYS_ADMIN]");
  }

  @Test
  void aHostIsCalledByTheAddressOfItsEngine() {
    assertThat(DockerPool.hostId(URI.create("unix:///var/run/docker.sock")).value())
        .isEqualTo("docker-unix-var-run-docker.sock");
  }

  @Test
  void longAddressesThatBeginAlikeAreDifferentHosts() {
    String long1 = "unix:///" + "a/long/folder/".repeat(8) + "one.sock";
    String long2 = "unix:///" + "a/long/folder/".repeat(8) + "two.sock";

    assertThat(DockerPool.hostId(URI.create(long1)).value())
        .hasSize(63)
        .isNotEqualTo(DockerPool.hostId(URI.create(long2)).value());
  }
}
