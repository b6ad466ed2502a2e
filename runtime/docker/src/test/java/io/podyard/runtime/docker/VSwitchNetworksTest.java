package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Network;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.VSwitchId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.pod.SandboxOrder;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One network for each account and vSwitch. */
@Timeout(180)
class VSwitchNetworksTest extends EngineGround {

  private static final String HELLO = "Hello from test\n";

  private static GroupSpec in(@Nullable String vSwitch) {
    ContainerSpec both = ContainerSpec.of("app", DockerEngine.TINY_IMAGE, "serve", "8080");
    return spec(both).inVSwitch(vSwitch == null ? null : new VSwitchId(vSwitch));
  }

  private ContainerGroupId started(AccountId account, @Nullable String vSwitch) throws Exception {
    GroupSpec spec = in(vSwitch);
    ContainerGroupId group = group(account, spec);
    fetch(account, group, DockerEngine.TINY_IMAGE);
    start(group, spec, "app");
    // Its own way to itself, so that what is not reached later is not just late.
    eventually(() -> get(group, "127.0.0.1"), r -> r.output().equals(HELLO));
    return group;
  }

  private ExecResult get(ContainerGroupId group, String address) throws Exception {
    return engine.exec(
        view(group, "app").engineId(),
        List.of("/sandbox", "fetch", "http://" + address + ":8080/", "2000"),
        Duration.ofSeconds(20));
  }

  private void reach(ContainerGroupId from, ContainerGroupId to) throws Exception {
    String address = sandbox(to).ip();
    eventually(() -> get(from, address), r -> r.output().equals(HELLO));
  }

  private void doNotReach(ContainerGroupId from, ContainerGroupId to) throws Exception {
    assertThat(get(from, sandbox(to).ip()))
        .satisfies(
            r -> {
              assertThat(r.exitCode()).isEqualTo(1);
              assertThat(r.output()).contains("cannot connect");
            });
  }

  private static String network(String sandbox) throws Exception {
    return EngineObjects.ask(
        docker ->
            docker
                .inspectContainerCmd(sandbox)
                .exec()
                .getNetworkSettings()
                .getNetworks()
                .keySet()
                .iterator()
                .next());
  }

  private String networkOf(ContainerGroupId group) throws Exception {
    return network(sandbox(group).engineId());
  }

  private List<String> networks() throws Exception {
    return EngineObjects.of(installation).stream()
        .filter(object -> object.startsWith("network "))
        .map(object -> object.substring("network ".length()))
        .toList();
  }

  @Test
  void groupsOfAVSwitchReachEachOtherAndNobodyElse() throws Exception {
    ContainerGroupId one = started(ALICE, "vsw-1");
    ContainerGroupId two = started(ALICE, "vsw-1");
    ContainerGroupId elsewhere = started(ALICE, "vsw-2");
    ContainerGroupId nowhere = started(ALICE, null);
    ContainerGroupId stranger = started(BOB, "vsw-1");

    assertThat(networkOf(two)).isEqualTo(networkOf(one));
    assertThat(List.of(one, elsewhere, nowhere, stranger))
        .extracting(this::networkOf)
        .doesNotHaveDuplicates();
    assertThat(networks()).hasSize(4);
    reach(one, two);
    reach(two, one);
    for (ContainerGroupId other : List.of(elsewhere, nowhere, stranger)) {
      doNotReach(one, other);
      doNotReach(other, one);
    }
  }

  @Test
  void aNetworkGoesWithTheLastGroupInIt() throws Exception {
    ContainerGroupId one = group(ALICE, in("vsw-1"));
    ContainerGroupId two = group(ALICE, in("vsw-1"));
    ContainerGroupId three = group(ALICE, in("vsw-2"));
    ContainerGroupId four = group(ALICE, in(null));
    String first = networkOf(one);
    String third = networkOf(three);
    String fourth = networkOf(four);

    remove(one);
    assertThat(networks()).containsExactlyInAnyOrder(first, third, fourth);
    remove(four);
    assertThat(networks()).containsExactlyInAnyOrder(first, third);
    remove(two);
    assertThat(networks()).containsExactly(third);
    remove(three);
    assertThat(networks()).isEmpty();
  }

  /** As a predecessor of this version made it, which knew networks of accounts alone. */
  @Test
  void aGroupOnTheNetworkOfItsAccountStaysThere() throws Exception {
    String old = installation + "-alice-network";
    EngineObjects.act(
        docker ->
            docker
                .createNetworkCmd()
                .withName(old)
                .withDriver("bridge")
                .withLabels(
                    Map.of(
                        Names.INSTALLATION,
                        installation.value(),
                        Names.ACCOUNT,
                        "alice",
                        Names.ROLE,
                        Names.ROLE_NETWORK))
                .exec());
    ContainerGroupId before = started(ALICE, null);
    ContainerGroupId friend = started(ALICE, null);
    assertThat(networks()).containsExactly(old);
    assertThat(networkOf(before)).isEqualTo(old);
    reach(before, friend);

    // Its predecessor made the sandbox although the stored group names a vSwitch.
    engine.createSandbox(new SandboxOrder(installation, ALICE, before, in("vsw-1")), FENCE);
    assertThat(networks()).containsExactly(old);
    ContainerGroupId now = started(ALICE, "vsw-1");
    assertThat(networks()).hasSize(2);
    doNotReach(now, before);

    remove(friend);
    remove(before);
    assertThat(networks()).containsExactly(networkOf(now));
  }

  @Test
  void theHostIsNotReachedThroughOtherNetworks() throws Exception {
    ContainerGroupId first = started(ALICE, "vsw-1");
    ContainerGroupId later = started(ALICE, "vsw-2");
    ContainerGroupId stranger = started(BOB, "vsw-1");
    try (ServerSocket everywhere = new ServerSocket()) {
      everywhere.bind(new InetSocketAddress("0.0.0.0", 0));
      String port = String.valueOf(everywhere.getLocalPort());
      for (ContainerGroupId from : List.of(first, later, stranger)) {
        for (ContainerGroupId to : List.of(first, later, stranger)) {
          String gateway = gateway(networkOf(to));
          ExecResult result =
              engine.exec(
                  view(from, "app").engineId(),
                  List.of("/sandbox", "probe-tcp", gateway, port, "2000"),
                  Duration.ofSeconds(20));
          assertThat(result.output()).as("%s to %s", from, gateway).contains("cannot connect");
          assertThat(result.exitCode()).isEqualTo(1);
        }
      }
    }
  }

  /** An engine does not say which address it took itself. */
  @Test
  void theHostIsNotReachedThroughNetworksOfOthersWithASubnetAlone() throws Exception {
    String network = "other-" + installation;
    EngineObjects.act(
        docker ->
            docker
                .createNetworkCmd()
                .withName(network)
                .withIpam(
                    new Network.Ipam()
                        .withConfig(new Network.Ipam.Config().withSubnet("10.224.0.0/28")))
                .exec());
    try {
      Network made =
          EngineObjects.ask(docker -> docker.inspectNetworkCmd().withNetworkId(network).exec());
      assertThat(made.getIpam().getConfig().getFirst().getGateway()).isNull();
      assertThat(ClosedRoutes.gateways(made)).containsExactly("10.224.0.1");
    } finally {
      EngineObjects.act(docker -> docker.removeNetworkCmd(network).exec());
    }
  }

  private static String gateway(String network) throws Exception {
    return EngineObjects.ask(
        docker ->
            docker
                .inspectNetworkCmd()
                .withNetworkId(network)
                .exec()
                .getIpam()
                .getConfig()
                .getFirst()
                .getGateway());
  }

  @Test
  void aPoolThatIsUsedUpSaysSo(@TempDir Path other) throws Exception {
    DockerEngineSettings settings =
        EngineForTests.settings(other)
            .with(
                new DockerEngineSettings.Network(
                    Subnets.parse("10.222.0.0/27:28"), List.of(), false));
    try (DockerEngine pooled = EngineForTests.engine(settings)) {
      SandboxOrder one = order("vsw-1");
      pooled.createSandbox(one, FENCE);
      pooled.createSandbox(order("vsw-2"), FENCE);
      pooled.createSandbox(order("vsw-2"), FENCE);
      SandboxOrder last = order("vsw-3");

      assertThatThrownBy(() -> pooled.createSandbox(last, FENCE))
          .isInstanceOf(RuntimeUnavailableException.class)
          .hasMessage(
              "The host has no subnet left for the network of account alice and vSwitch vsw-3; it"
                  + " is tried again.")
          .extracting(e -> ((RuntimeUnavailableException) e).reason())
          .isEqualTo("NoFreeSubnet");

      pooled.removeSandbox(installation, one.group(), FENCE);
      pooled.createSandbox(last, FENCE);
      assertThat(pooled.view(installation, last.group()).sandboxes().getFirst().ip())
          .startsWith("10.222.0.");
    }
  }

  @Test
  void theEnginesOwnSubnetsComeLast(@TempDir Path other) throws Exception {
    DockerEngineSettings settings =
        EngineForTests.settings(other)
            .with(
                new DockerEngineSettings.Network(
                    Subnets.parse("engine,10.223.0.0/27:28"), List.of(), false));
    try (DockerEngine pooled = EngineForTests.engine(settings)) {
      for (int i = 1; i <= 3; i++) {
        SandboxOrder order = order("vsw-" + i);
        pooled.createSandbox(order, FENCE);
        String ip = pooled.view(installation, order.group()).sandboxes().getFirst().ip();
        if (i < 3) {
          assertThat(ip).startsWith("10.223.0.");
        } else {
          assertThat(ip).isNotEmpty().doesNotStartWith("10.223.0.");
        }
      }
    }
  }

  /** More than an engine has by itself. */
  @Test
  void byDefaultThereIsRoomForMoreThanThirtyNetworks() throws Exception {
    int networks = 35;
    for (int i = 1; i <= networks; i++) {
      engine.createSandbox(order("vsw-" + i), FENCE);
    }
    assertThat(networks()).hasSize(networks);
  }

  private SandboxOrder order(String vSwitch) {
    return new SandboxOrder(
        installation, ALICE, new ContainerGroupId("eci-" + random(12)), in(vSwitch));
  }

  @Test
  void idsThatReadTheSameTogetherHaveNetworksOfTheirOwn() {
    assertThat(
            List.of(
                Names.network(installation, new AccountId("a"), new VSwitchId("b-c"), null),
                Names.network(installation, new AccountId("a-b"), new VSwitchId("c"), null),
                Names.network(installation, new AccountId("a"), new VSwitchId("b-network"), null),
                Names.network(installation, new AccountId("a-b"), null, null),
                Names.network(installation, new AccountId("a"), null, null)))
        .doesNotHaveDuplicates();
    assertThat(Names.network(installation, new AccountId("a"), new VSwitchId("b"), null))
        .startsWith(installation + "-a-b-")
        .doesNotEndWith("-network");
  }
}
