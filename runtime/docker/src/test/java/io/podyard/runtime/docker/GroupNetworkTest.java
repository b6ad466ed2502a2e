package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HostAlias;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.pod.SandboxOrder;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What groups share inside, and whom they reach outside. */
@Timeout(120)
class GroupNetworkTest extends EngineGround {

  private static ContainerSpec tiny(String name, String... command) {
    return ContainerSpec.of(name, DockerEngine.TINY_IMAGE, command);
  }

  private static ContainerSpec web() {
    return tiny("web", "serve", "8080");
  }

  private static ContainerSpec client() {
    return tiny("app", "sleep", "100");
  }

  /** With the tiny image as well. */
  private ContainerGroupId started(AccountId account, GroupSpec spec) throws Exception {
    ContainerGroupId group = group(account, spec);
    fetch(account, group, DockerEngine.TINY_IMAGE);
    for (ContainerSpec container : spec.containers()) {
      start(group, spec, container.name());
    }
    return group;
  }

  private ExecResult run(ContainerGroupId group, String container, String... command)
      throws Exception {
    return engine.exec(view(group, container).engineId(), List.of(command), Duration.ofSeconds(20));
  }

  private ExecResult get(ContainerGroupId group, String address) throws Exception {
    return run(group, "app", "fetch", "http://" + address + ":8080/", "2000");
  }

  @Test
  void containersOfAGroupShareAddressPortsAndMemory() throws Exception {
    ContainerGroupId group = started(ALICE, spec(web(), client(), shell("side", "sleep 100")));

    eventually(() -> get(group, "127.0.0.1"), r -> r.output().equals("Hello from test\n"));
    assertThat(output(group, "side", "ip -4 addr show eth0")).contains(sandbox(group).ip());
    assertThat(run(group, "app", "write", "/dev/shm/shared", "seen").exitCode()).isZero();
    assertThat(output(group, "side", "cat /dev/shm/shared")).isEqualTo("seen");
  }

  @Test
  void groupsOfAnAccountReachEachOtherAndNobodyElse() throws Exception {
    ContainerGroupId web = started(ALICE, spec(web()));
    ContainerGroupId friend = started(ALICE, spec(client()));
    ContainerGroupId stranger = started(BOB, spec(client()));
    String ip = sandbox(web).ip();
    assertThat(ip).isNotEqualTo(sandbox(friend).ip()).isNotEqualTo(sandbox(stranger).ip());

    eventually(() -> get(friend, ip), r -> r.output().equals("Hello from test\n"));
    assertThat(get(stranger, ip))
        .satisfies(
            r -> {
              assertThat(r.exitCode()).isEqualTo(1);
              assertThat(r.output()).contains("cannot connect");
            });
  }

  @Test
  void theHostIsNotReached() throws Exception {
    ContainerGroupId group = started(ALICE, spec(client(), shell("side", "sleep 100")));
    String gateway = gateway(sandbox(group).engineId());
    try (ServerSocket everywhere = new ServerSocket()) {
      everywhere.bind(new InetSocketAddress("0.0.0.0", 0));
      String port = String.valueOf(everywhere.getLocalPort());

      assertThat(run(group, "app", "probe-tcp", gateway, port, "2000"))
          .satisfies(
              r -> {
                assertThat(r.exitCode()).isEqualTo(1);
                assertThat(r.output()).contains("cannot connect");
              });
      assertThat(output(group, "side", "ip route"))
          .contains("default via " + gateway)
          .contains("prohibit " + gateway)
          .contains("prohibit 169.254.0.0/16");
      assertThat(exec(group, "side", "ip route del prohibit " + gateway).output())
          .contains("Operation not permitted");
    }
  }

  @Test
  void theHostIsReachedWhereTheSettingSaysSo() throws Exception {
    DockerEngineSettings.Network open =
        new DockerEngineSettings.Network(Subnets.DEFAULT, List.of(), true);
    try (DockerEngine lax = EngineForTests.engine(EngineForTests.settings(folder).with(open))) {
      GroupSpec spec = spec(shell("app", "sleep 100"));
      ContainerGroupId group = new ContainerGroupId("eci-" + random(12));
      lax.createSandbox(new SandboxOrder(installation, BOB, group, spec), FENCE);

      String sandbox = lax.view(installation, group).sandboxes().getFirst().engineId();
      try (ServerSocket everywhere = new ServerSocket()) {
        everywhere.bind(new InetSocketAddress("0.0.0.0", 0));
        String gateway = gateway(sandbox);
        assertThat(
                lax.exec(
                        sandbox,
                        List.of(
                            SandboxImage.PROGRAM,
                            "probe-tcp",
                            gateway,
                            String.valueOf(everywhere.getLocalPort()),
                            "3000"),
                        Duration.ofSeconds(20))
                    .exitCode())
            .isZero();
      }
    }
  }

  private static String gateway(String sandbox) throws Exception {
    return EngineObjects.ask(
        docker ->
            docker
                .inspectContainerCmd(sandbox)
                .exec()
                .getNetworkSettings()
                .getNetworks()
                .values()
                .iterator()
                .next()
                .getGateway());
  }

  @Test
  void theSandboxProbesFromInside() throws Exception {
    ContainerGroupId group = started(ALICE, spec(web()));
    String sandbox = sandbox(group).engineId();
    String program = SandboxImage.PROGRAM;
    eventually(
        () ->
            engine.exec(
                sandbox,
                List.of(program, "probe-http", "http://127.0.0.1:8080/x", "3000"),
                Duration.ofSeconds(20)),
        r -> r.exitCode() == 0);

    assertThat(
            engine
                .exec(
                    sandbox,
                    List.of(program, "probe-tcp", "127.0.0.1", "81"),
                    Duration.ofSeconds(9))
                .output())
        .contains("connection refused");
    assertThat(
            engine.exec(
                sandbox,
                List.of(program, "probe-http", "http://127.0.0.1:81/"),
                Duration.ofSeconds(9)))
        .satisfies(r -> assertThat(r.exitCode()).isEqualTo(1));
  }

  @Test
  void namesAndResolversAreAsOrdered() throws Exception {
    GroupSpec spec =
        Specs.with(
            spec(
                Specs.changed(
                    shell("app", "sleep 100"),
                    c ->
                        c.environment =
                            List.of(
                                EnvironmentVariable.of("A", "b=c d"),
                                EnvironmentVariable.podIp("MY_IP")))),
            List.of(),
            List.of(new HostAlias("10.9.8.7", List.of("db.internal", "db"))),
            new DnsSettings(List.of("10.1.1.1"), List.of("corp.example"), List.of("ndots:3")),
            "my-host");
    ContainerGroupId group = group(spec);
    start(group, spec, "app");

    assertThat(output(group, "app", "hostname")).isEqualTo("my-host");
    assertThat(output(group, "app", "cat /etc/hosts"))
        .contains("10.9.8.7\tdb.internal")
        .contains("10.9.8.7\tdb\n");
    assertThat(output(group, "app", "cat /etc/resolv.conf"))
        .contains("search corp.example")
        .contains("ndots:3");
    assertThat(output(group, "app", "env"))
        .contains("A=b=c d")
        .contains("MY_IP=" + sandbox(group).ip());
  }

  @Test
  void containersHaveFewRights() throws Exception {
    GroupSpec spec =
        spec(
            shell("app", "sleep 100"),
            Specs.changed(
                shell("bound", "sleep 100"),
                c -> {
                  c.runAsUser = 1234L;
                  c.readOnly = true;
                  c.workingDir = "/tmp/work";
                }),
            Specs.changed(
                shell("admin", "sleep 100"), c -> c.addedCapabilities = List.of("NET_ADMIN")));
    ContainerGroupId group = group(spec);
    for (String name : List.of("app", "bound", "admin")) {
      start(group, spec, name);
    }
    String bounding = "grep CapBnd /proc/self/status";

    // CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, NET_BIND_SERVICE, SYS_CHROOT
    assertThat(output(group, "app", bounding)).endsWith("00000000000404fb");
    assertThat(output(group, "admin", bounding)).endsWith("00000000000414fb");
    assertThat(output(group, "app", "grep NoNewPrivs /proc/self/status")).endsWith("1");
    assertThat(output(group, "bound", "id -u; pwd")).isEqualTo("1234\n/tmp/work");
    assertThat(exec(group, "bound", "echo x >/tmp/x").exitCode()).isNotZero();
    assertThat(
            output(
                group,
                "app",
                "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null || true"))
        .contains("4096");
  }

  @Test
  void subnetsComeFromThePoolAndGoBackToIt(@TempDir Path other) throws Exception {
    Subnets pool = Subnets.parse("10.221.0.0/16:26");
    DockerEngineSettings settings =
        EngineForTests.settings(other)
            .with(new DockerEngineSettings.Network(pool, List.of(), false));
    try (DockerEngine pooled = EngineForTests.engine(settings)) {
      for (var account : List.of(ALICE, BOB)) {
        ContainerGroupId group = new ContainerGroupId("eci-" + account);
        pooled.createSandbox(
            new SandboxOrder(installation, account, group, spec(shell("app", "true"))), FENCE);
        assertThat(pooled.view(installation, group).sandboxes().getFirst().ip())
            .startsWith(account.equals(ALICE) ? "10.221.0." : "10.221.0.6");
      }
    }
  }
}
