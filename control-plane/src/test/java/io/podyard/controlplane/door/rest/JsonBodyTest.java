package io.podyard.controlplane.door.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.EciJson;
import io.podyard.api.RpcCodec;
import io.podyard.api.container.ExecContainerCommandRequest;
import io.podyard.api.containergroup.ContainerRequest;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.EnvironmentVarRequest;
import io.podyard.api.tag.Tag;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From JSON to the parameters of the RPC wire. */
class JsonBodyTest {

  private static FieldValues read(String json, Class<? extends Record> type) {
    FieldValues values = new FieldValues();
    JsonBody.read(json.getBytes(StandardCharsets.UTF_8), type, Set.of(), values);
    return values;
  }

  private static Map<String, String> create(String json) {
    FieldValues values = read(json, CreateContainerGroupRequest.class);
    assertThat(values.problems()).isEmpty();
    return values.values();
  }

  @Test
  void objectsAndListsBecomeFlatParametersThatCountFromOne() {
    assertThat(
            create(
                """
                {
                  "containerGroupName": "n",
                  "dryRun": true,
                  "cpu": 2,
                  "dnsConfig": {"nameServer": ["1.1.1.1", "9.9.9.9"]},
                  "container": [
                    {"name": "a", "command": ["x", ""], "environmentVar": [{"key": "k", "value": "é"}]},
                    {"name": "b", "securityContext": {"capability": {"add": ["NET_RAW"]}}}
                  ]
                }
                """))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("ContainerGroupName", "n"),
                Map.entry("DryRun", "true"),
                Map.entry("Cpu", "2"),
                Map.entry("DnsConfig.NameServer.1", "1.1.1.1"),
                Map.entry("DnsConfig.NameServer.2", "9.9.9.9"),
                Map.entry("Container.1.Name", "a"),
                Map.entry("Container.1.Command.1", "x"),
                Map.entry("Container.1.Command.2", ""),
                Map.entry("Container.1.EnvironmentVar.1.Key", "k"),
                Map.entry("Container.1.EnvironmentVar.1.Value", "é"),
                Map.entry("Container.2.Name", "b"),
                Map.entry("Container.2.SecurityContext.Capability.Add.1", "NET_RAW")));
  }

  @Test
  void numbersKeepEveryDigitTheyAreWrittenWith() {
    assertThat(create("{\"cpu\":0.25000000000000001,\"memory\":1e2}"))
        .containsEntry("Cpu", "0.25000000000000001")
        .containsEntry("Memory", "1e2");
  }

  @Test
  void oddNamesAreTheWiresOwn() {
    assertThat(create("{\"dataCachePl\":\"a\",\"eipIsp\":\"b\",\"hostAliase\":[{\"ip\":\"1\"}]}"))
        .containsOnlyKeys("DataCachePL", "EipISP", "HostAliase.1.Ip");
    assertThat(
            read("{\"command\":[\"a\",\"\\\"b\"],\"tty\":false}", ExecContainerCommandRequest.class)
                .values())
        .containsEntry("Command", "[\"a\",\"\\\"b\"]")
        .containsEntry("TTY", "false");
  }

  @Test
  void theWiresNamesAreNotThoseOfJson() {
    FieldValues values =
        read(
            "{\"Cpu\":2,\"ContainerGroupName\":\"n\",\"cPU\":1}",
            CreateContainerGroupRequest.class);
    assertThat(values.values()).isEmpty();
    assertThat(values.unknown()).containsExactlyInAnyOrder("Cpu", "ContainerGroupName", "cPU");
  }

  @Test
  void theNameOfAParameterIsGivenBackAsJsonHasIt() {
    assertThat(rest("Container.1.EnvironmentVar.12.Key"))
        .isEqualTo("container[0].environmentVar[11].key");
    assertThat(rest("DnsConfig.NameServer.2")).isEqualTo("dnsConfig.nameServer[1]");
    assertThat(rest("Container")).isEqualTo("container");
    assertThat(rest("VSwitchId")).isEqualTo("vSwitchId");
    assertThat(rest("DataCachePL")).isEqualTo("dataCachePl");
    for (String unknown : List.of("Authorization", "Container.x", "Container.1.Nope", "", ".")) {
      assertThat(rest(unknown)).isEqualTo(unknown);
    }
  }

  private static String rest(String parameter) {
    return Fields.restName(CreateContainerGroupRequest.class, parameter);
  }

  @Test
  void aRequestWrittenAsJsonIsReadAsTheSameRequest() {
    CreateContainerGroupRequest request =
        CreateContainerGroupRequest.builder()
            .containerGroupName("same")
            .cpu(new BigDecimal("0.5"))
            .terminationGracePeriodSeconds(7L)
            .container(
                List.of(
                    ContainerRequest.builder()
                        .name("c")
                        .image("i")
                        .arg(List.of("a", "", "undefined"))
                        .environmentVar(List.of(EnvironmentVarRequest.of("K", "v=1&ü")))
                        .build()))
            .tag(List.of(new Tag("k", "v")))
            .build();
    assertThat(
            RpcCodec.decode(
                    CreateContainerGroupRequest.class,
                    Action.CREATE_CONTAINER_GROUP,
                    create(EciJson.rest().writeValueAsString(request)))
                .orThrow())
        .isEqualTo(request);
  }

  @Test
  void noTextMakesItFailInAnyOtherWayThanByARefusal() {
    String sound =
        "{\"containerGroupName\":\"n\",\"container\":[{\"name\":\"a\",\"command\":[\"x\"],"
            + "\"environmentVar\":[{\"key\":\"k\",\"value\":null}]}],\"cpu\":2.5,\"dryRun\":true}";
    long seed = 20_261_121;
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(sound);
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "{}[],:\"\\0e\u0000é-".charAt(random.nextInt(13)));
          default -> text.insert(at, text.substring(at / 2, at));
        }
      }
      try {
        Map<String, String> values =
            read(text.toString(), CreateContainerGroupRequest.class).values();
        assertThat(
                RpcCodec.decode(
                    CreateContainerGroupRequest.class, Action.CREATE_CONTAINER_GROUP, values))
            .isNotNull();
      } catch (ApiException refused) {
        assertThat(refused.getMessage()).as("seed %d, round %d", seed, round).isNotBlank();
      }
    }
  }
}
