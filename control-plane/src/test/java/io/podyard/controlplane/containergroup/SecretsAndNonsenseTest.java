package io.podyard.controlplane.containergroup;

import static io.podyard.controlplane.containergroup.CreateRequests.HANGZHOU;
import static io.podyard.controlplane.containergroup.CreateRequests.draft;
import static io.podyard.controlplane.containergroup.CreateRequests.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.FieldTable;
import io.podyard.api.RpcCodec;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.controlplane.instancetype.InstanceTypes;
import io.podyard.runtime.GroupState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request holds that must not come out, or make anything break. */
class SecretsAndNonsenseTest {

  private static final String CANARY = "cAnArY-secret";

  private static final List<String> VALUES =
      List.of(
          "",
          "a",
          "web",
          "..",
          "/",
          "/a/../..",
          ":",
          ",",
          "[",
          "[]:1",
          "::",
          "@",
          "0",
          "-1",
          "1",
          "64",
          "0.0000000000000000001",
          "9999999999999999999",
          "2147483648",
          "true",
          "false",
          "None",
          "Default",
          "EmptyDirVolume",
          "ConfigFileVolume",
          "NFSVolume",
          "FlexVolume",
          "HostPathVolume",
          "alicloud/nas",
          "{\"server\":1}",
          "HostToCotainer",
          "Always",
          "TCP",
          "status.podIP",
          "nginx:1",
          "10.0.0.1",
          "YQ==",
          "a".repeat(5000),
          "-".repeat(300),
          "a_".repeat(127),
          "a.".repeat(126),
          "\u0000",
          "\n",
          "密钥",
          "\ud800");

  private static final List<String> FIELDS =
      List.copyOf(FieldTable.of(Action.CREATE_CONTAINER_GROUP).fields().keySet());

  @Test
  void noMessageHoldsASecretHoweverWrongTheRequestIs() {
    ApiException refused =
        refusal(
            "ContainerGroupName=-",
            "Container.1.EnvironmentVar.1.Key=A",
            "Container.1.EnvironmentVar.1.Value=" + CANARY.repeat(30),
            "Container.1.EnvironmentVar.2.Key=A",
            "Container.1.EnvironmentVar.2.Value=" + CANARY,
            "Container.1.EnvironmentVar.2.FieldRef.FieldPath=status.podIP",
            "InitContainer.1.EnvironmentVar.1.Value=" + CANARY,
            "ImageRegistryCredential.1.Password=" + CANARY,
            "ImageRegistryCredential.2.Password=" + CANARY.repeat(2000),
            "Volume.1.Type=ConfigFileVolume",
            "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content=" + CANARY,
            "Volume.1.ConfigFileVolume.ConfigFileToPath.2.Content=" + CANARY.repeat(5000));

    assertThat(refused.problems()).hasSizeGreaterThan(12);
    assertThat(refused.getMessage()).doesNotContain(CANARY);
    assertThat(refused.problems().toString()).doesNotContain(CANARY);
  }

  @Test
  void aDraftShowsNoSecret() {
    GroupDraft draft =
        draft(
            "Container.1.EnvironmentVar.1.Key=A",
            "Container.1.EnvironmentVar.1.Value=" + CANARY,
            "ImageRegistryCredential.1.Server=r.io",
            "ImageRegistryCredential.1.UserName=u",
            "ImageRegistryCredential.1.Password=" + CANARY);

    assertThat(draft.toString()).doesNotContain(CANARY);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void nonsenseIsRefusedAndNothingElseHappens(long seed) {
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < 2000; i++) {
      Map<String, String> parameters =
          random.nextInt(4) == 0 ? new HashMap<>() : CreateRequests.parameters();
      int count = random.nextInt(12);
      for (int j = 0; j < count; j++) {
        parameters.put(parameter(random), VALUES.get(random.nextInt(VALUES.size())));
      }
      try {
        GroupDraft draft =
            new GroupDraftRules(InstanceTypes.shipped())
                .check(
                    HANGZHOU,
                    RpcCodec.decode(
                        CreateContainerGroupRequest.class,
                        Action.CREATE_CONTAINER_GROUP,
                        parameters),
                    List.of(),
                    List.of());
        // What was accepted can be stored and worked with.
        assertThat(GroupState.initial(draft.spec()).containers()).isNotEmpty();
        assertThat(SizeTable.sizes(HANGZHOU)).contains(draft.spec().size());
        accepted++;
      } catch (ApiException refused) {
        assertThat(refused.problems()).as("seed %d, %s", seed, parameters).isNotEmpty();
        assertThat(refused.code().httpStatus()).isEqualTo(400);
      }
    }
    assertThat(accepted).as("seed %d", seed).isPositive();
  }

  /** A field of the contract with indices put in. */
  private static String parameter(Random random) {
    return Pattern.compile("(?<=\\.)N(?=\\.|$)")
        .matcher(FIELDS.get(random.nextInt(FIELDS.size())))
        .replaceAll(index -> String.valueOf(1 + random.nextInt(2)));
  }
}
