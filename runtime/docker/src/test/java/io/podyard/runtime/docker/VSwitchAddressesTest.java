package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Network;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.VSwitchId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.SandboxOrder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups in vSwitches that have addresses of their own. */
@Timeout(120)
class VSwitchAddressesTest extends EngineGround {

  /** One that no other test has. */
  private static final String NET = "10.225." + Math.floorMod(random(4).hashCode(), 256) + ".";

  private static GroupSpec in(String vSwitch, String ip, int prefix) {
    return spec(ContainerSpec.of("app", DockerEngine.TINY_IMAGE, "serve", "8080"))
        .inVSwitch(new VSwitchId(vSwitch))
        .at(new GroupAddress(NET + ip, NET + "0/" + prefix, NET + "13"));
  }

  private SandboxOrder order(String vSwitch, String ip, int prefix) {
    return new SandboxOrder(
        installation, ALICE, new ContainerGroupId("eci-" + random(12)), in(vSwitch, ip, prefix));
  }

  private static Network networkOf(String sandbox) throws Exception {
    return EngineObjects.ask(
        docker ->
            docker
                .inspectNetworkCmd()
                .withNetworkId(
                    docker
                        .inspectContainerCmd(sandbox)
                        .exec()
                        .getNetworkSettings()
                        .getNetworks()
                        .keySet()
                        .iterator()
                        .next())
                .exec());
  }

  private String ip(SandboxOrder order) throws Exception {
    return engine.view(installation, order.group()).sandboxes().getFirst().ip();
  }

  @Test
  void aSandboxThatIsMadeAgainHasTheAddressOfTheFirst() throws Exception {
    SandboxOrder other = order("vsw-1", "1", 28);
    engine.createSandbox(other, FENCE);
    SandboxOrder order = order("vsw-1", "9", 28);
    engine.createSandbox(order, FENCE);
    String first = engine.view(installation, order.group()).sandboxes().getFirst().engineId();
    Network network = networkOf(first);
    assertThat(network.getIpam().getConfig().getFirst().getSubnet()).isEqualTo(NET + "0/28");
    assertThat(network.getIpam().getConfig().getFirst().getGateway()).isEqualTo(NET + "13");

    EngineObjects.act(docker -> docker.killContainerCmd(first).exec());
    engine.createSandbox(order, FENCE);

    assertThat(engine.view(installation, order.group()).sandboxes().getFirst().engineId())
        .isNotEqualTo(first);
    assertThat(ip(order)).isEqualTo(NET + "9");
    assertThat(ip(other)).isEqualTo(NET + "1");
  }

  @Test
  void whoeverHasNoAddressIsInANetworkOfItsHost() throws Exception {
    SandboxOrder numbered = order("vsw-1", "1", 28);
    SandboxOrder plain =
        new SandboxOrder(
            installation, ALICE, new ContainerGroupId("eci-old"), numbered.spec().at(null));
    engine.createSandbox(plain, FENCE);
    engine.createSandbox(numbered, FENCE);

    assertThat(ip(numbered)).isEqualTo(NET + "1");
    assertThat(ip(plain)).doesNotStartWith(NET);
  }

  @Test
  void aSubnetThatTheHostUsesForSomethingElseIsTold() throws Exception {
    String foreign = "other-" + installation;
    EngineObjects.act(
        docker ->
            docker
                .createNetworkCmd()
                .withName(foreign)
                .withIpam(
                    new Network.Ipam()
                        .withConfig(new Network.Ipam.Config().withSubnet(NET + "0/29")))
                .exec());
    SandboxOrder order = order("vsw-1", "1", 28);
    try {
      assertThatThrownBy(() -> engine.createSandbox(order, FENCE))
          .isInstanceOfSatisfying(
              RuntimeUnavailableException.class,
              e -> assertThat(e.reason()).isEqualTo("SubnetTaken"))
          .hasMessageContaining(NET + "0/28")
          .hasMessageContaining("vsw-1");
    } finally {
      EngineObjects.act(docker -> docker.removeNetworkCmd(foreign).exec());
    }
    engine.createSandbox(order, FENCE);
    assertThat(ip(order)).isEqualTo(NET + "1");
  }

  @Test
  void whatWasLeftOfAVSwitchIsNotInTheWayOfTheNext() throws Exception {
    SandboxOrder before = order("vsw-old", "1", 29);
    NetworkOwner owner = NetworkOwner.of(before);
    Map<String, String> labels = owner.labels();
    labels.put(Names.ROLE, Names.ROLE_NETWORK);
    EngineObjects.act(
        docker ->
            docker
                .createNetworkCmd()
                .withName(owner.network())
                .withLabels(labels)
                .withIpam(
                    new Network.Ipam()
                        .withConfig(new Network.Ipam.Config().withSubnet(NET + "0/29")))
                .exec());
    SandboxOrder order = order("vsw-new", "1", 28);

    engine.createSandbox(order, FENCE);

    assertThat(ip(order)).isEqualTo(NET + "1");
    assertThat(EngineObjects.of(installation)).doesNotContain("network " + owner.network());
  }
}
