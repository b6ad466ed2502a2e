package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.Secret;
import io.podyard.runtime.docker.testing.TestRegistry;
import io.podyard.runtime.docker.testing.TestRegistry.Misbehaviour;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Images made of containers and brought to registries, on a real engine. */
@Timeout(180)
class ContainerCommitsTest extends EngineGround {

  private static final HostId HOST = new HostId("docker-test");
  private static final RegistryCredential LOGIN =
      new RegistryCredential(REGISTRY.host(), "alice", new Secret("s3cret"));

  @AfterEach
  void behave() {
    REGISTRY.needNoLogin();
    REGISTRY.behave();
  }

  private void commit(ContainerGroupId group, String task) throws Exception {
    engine.commit(
        view(group, "app").engineId(),
        new CommitOrder(installation, HOST, group, "app", task, "Ann & Bob", "why = because"),
        FENCE);
  }

  private void push(String task, String image, RegistryCredential... logins) throws Exception {
    push(task, image, Duration.ofMinutes(1), logins);
  }

  private void push(String task, String image, Duration timeout, RegistryCredential... logins)
      throws Exception {
    engine.push(
        new PushOrder(
            installation, HOST, task, image, List.of(logins), List.of(), List.of(), timeout),
        FENCE);
  }

  private static ContainerSpec app() {
    return Specs.changed(
        shell("app", "sleep 1000"),
        c -> c.environment = List.of(EnvironmentVariable.of("TOLD", "only-to-this-one")));
  }

  @Test
  void whatTheContainerWroteIsInTheImageAndNothingThatItWasTold() throws Exception {
    ContainerGroupId group = running(app());
    output(
        group,
        "app",
        "mkdir -p /data && echo written >/data/file && head -c 3000000 /dev/urandom >/data/big &&"
            + " rm -rf /usr/sbin");
    commit(group, "cct-1");
    commit(group, "cct-1");
    assertThat(engine.committed(installation)).containsExactly("cct-1");
    assertThat(output(group, "app", "cat /data/file")).isEqualTo("written");

    String image = REGISTRY.host() + "/mine/app:v1";
    push("cct-1", image);
    int sent = REGISTRY.asked("uploads").size();
    push("cct-1", image);
    assertThat(REGISTRY.asked("uploads")).as("blobs that are there already").hasSize(sent);

    assertThat(REGISTRY.config("mine/app", "v1"))
        .contains("\"author\":\"Ann & Bob\"", "why = because")
        .doesNotContain("only-to-this-one", "io.podyard", "sleep 1000", "container_config");

    ContainerSpec second =
        ContainerSpec.of("app", image, "sh", "-c", "cat /data/file; wc -c </data/big; env");
    ContainerGroupId other = group(BOB, spec(second));
    fetch(BOB, other, image);
    start(other, spec(second), "app");
    assertThat(ended(other, "app").exitCode()).isZero();
    assertThat(log(other, "app")).startsWith("written\n3000000\n").doesNotContain("TOLD");

    engine.removeCommitted(installation, "cct-1", FENCE);
    engine.removeCommitted(installation, "cct-1", FENCE);
    assertThat(engine.committed(installation)).isEmpty();
  }

  @Test
  void aLoginIsUsedAndItsRefusalIsTheRegistrysOwn() throws Exception {
    ContainerGroupId group = running(app());
    commit(group, "cct-2");
    String image = REGISTRY.host() + "/mine/closed:v1";
    REGISTRY.needToken("alice", "s3cret");
    assertThatThrownBy(() -> push("cct-2", image))
        .isInstanceOf(ImageNotPushedException.class)
        .hasMessageContaining("401");
    assertThatThrownBy(
            () ->
                push(
                    "cct-2",
                    image,
                    new RegistryCredential(REGISTRY.host(), "alice", new Secret("wrong"))))
        .isInstanceOf(ImageNotPushedException.class)
        .hasMessageContaining("wrong name or password")
        .hasMessageNotContaining("wrong:");
    push("cct-2", image, LOGIN);
    REGISTRY.needBasicLogin("alice", "s3cret");
    push("cct-2", REGISTRY.host() + "/mine/closed:v2", LOGIN);
  }

  @Test
  void whatTheRegistrySaysIsTold() throws Exception {
    ContainerGroupId group = running(app());
    commit(group, "cct-3");
    String image = REGISTRY.host() + "/mine/refused:v1";
    REGISTRY.always(
        "uploads",
        new Misbehaviour.Status(
            404, Map.of(), "{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"no such\"}]}"));
    assertThatThrownBy(() -> push("cct-3", image))
        .isInstanceOf(ImageNotPushedException.class)
        .hasMessageContaining("404 not found")
        .hasMessageContaining("NAME_UNKNOWN: no such");
    REGISTRY.behave();
    REGISTRY.once("uploads", new Misbehaviour.Status(503, Map.of(), ""));
    push("cct-3", image);

    try (TestRegistry gone = new TestRegistry()) {
      String host = gone.host();
      gone.close();
      assertThatThrownBy(() -> push("cct-3", host + "/mine/gone:v1"))
          .isInstanceOf(ImageNotPushedException.class)
          .hasMessageContaining(host);
    }
    REGISTRY.always("mine/silent", new Misbehaviour.Silence());
    assertThatThrownBy(
            () -> push("cct-3", REGISTRY.host() + "/mine/silent:v1", Duration.ofSeconds(2)))
        .isInstanceOf(ImageNotPushedException.class);
    assertThatThrownBy(() -> push("cct-none", image))
        .isInstanceOf(ImageNotPushedException.class)
        .hasMessageContaining("not on the host");
  }

  @Test
  void onlyWhatRunsBecomesAnImageAndAnInstallationSeesItsOwnAlone() throws Exception {
    ContainerGroupId group = running(shell("app", "exit 0"));
    ended(group, "app");
    assertThatThrownBy(() -> commit(group, "cct-4")).isInstanceOf(NoSuchContainerException.class);
    assertThat(engine.committed(installation)).isEmpty();
    ContainerGroupId runs = running(app());
    commit(runs, "cct-5");
    assertThat(engine.committed(new InstallationId("another"))).isEmpty();
    engine.removeCommitted(new InstallationId("another"), "cct-5", FENCE);
    assertThat(engine.committed(installation)).containsExactly("cct-5");
    // The container goes, the image stays until its task is over.
    engine.removeContainer(view(runs, "app").engineId(), FENCE);
    push("cct-5", REGISTRY.host() + "/mine/outlives:v1");
  }
}
