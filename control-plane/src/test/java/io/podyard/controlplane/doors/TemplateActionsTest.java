package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyuncs.eci.model.v20180808.CreateContainerGroupFromTemplateRequest;
import com.aliyuncs.eci.model.v20180808.ExportContainerGroupTemplateRequest;
import com.aliyuncs.eci.model.v20180808.ExportContainerGroupTemplateResponse;
import com.aliyuncs.eci.model.v20180808.UpdateContainerGroupByTemplateRequest;
import com.aliyuncs.exceptions.ClientException;
import io.podyard.api.EciJson;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Templates, by the stock SDK that has actions for them. */
class TemplateActionsTest {

  private final TestServer server = TestServer.shared();
  private final TestServer.Key key = server.newAccount();
  private final Groups groups = Groups.of(server, key);
  private final StockSdk sdk = new StockSdk(server, key, StockSdk.Signed.BY_DEFAULT);

  @AfterEach
  void deleteGroups() {
    groups
        .list("Limit=20")
        .containerGroups()
        .forEach(
            group -> groups.delete(Objects.requireNonNull(group.containerGroupId()), "Force=true"));
  }

  private ObjectNode exported(String id) throws ClientException {
    return (ObjectNode)
        sdk.common("ExportContainerGroupTemplate", "ContainerGroupId=" + id).path("Template");
  }

  private String createFrom(JsonNode template, @Nullable String token) throws ClientException {
    CreateContainerGroupFromTemplateRequest request = new CreateContainerGroupFromTemplateRequest();
    request.setTemplate(template.toString());
    request.setClientToken(token);
    return sdk.call(request).getContainerGroupId();
  }

  private void updateBy(JsonNode template) throws ClientException {
    UpdateContainerGroupByTemplateRequest request = new UpdateContainerGroupByTemplateRequest();
    request.setTemplate(template.toString());
    assertThat(sdk.call(request).getRequestId()).isNotEmpty();
  }

  /** What is stored of a group; no two sealed values are alike, whatever is in them. */
  private JsonNode stored(String id) {
    return EciJson.rest()
        .readTree(
            Objects.requireNonNull(
                server
                    .jdbc()
                    .queryForObject(
                        """
                        select jsonb_build_array(
                          regexp_replace(spec::text, '"group\\.v1[^"]*"', '"sealed"', 'g')::jsonb,
                          kept, tags, name, zone, milli_cpu, memory_mib)
                        from container_group where id = ?
                        """,
                        String.class,
                        id)));
  }

  private static Map<String, String> everything() {
    return Groups.shell(
        "sleep infinity",
        "ContainerGroupName=all-of-it",
        "Cpu=4",
        "Memory=8",
        "ZoneId=cn-hangzhou-b",
        "VSwitchId=vsw-template",
        "SecurityGroupId=sg-1",
        "ResourceGroupId=rg-1",
        "RamRoleName=role",
        "OwnerId=7",
        "RestartPolicy=OnFailure",
        "ActiveDeadlineSeconds=90000",
        "MaxPendingMinute=5",
        "HostName=inside",
        "HostAliase.1.Ip=10.0.0.1",
        "HostAliase.1.Hostname.1=a.test",
        "HostAliase.1.Hostname.2=b.test",
        "DnsPolicy=None",
        "DnsConfig.NameServer.1=10.0.0.2",
        "DnsConfig.Search.1=svc.test",
        "DnsConfig.Option.1.Name=ndots",
        "DnsConfig.Option.1.Value=2",
        "DnsConfig.Option.2.Name=rotate",
        "PlainHttpRegistry=registry.test,other.test",
        "Tag.1.Key=team",
        "Tag.1.Value=blue",
        "Tag.2.Key=empty",
        "Volume.1.Name=work",
        "Volume.1.Type=EmptyDirVolume",
        "Volume.2.Name=fast",
        "Volume.2.Type=EmptyDirVolume",
        "Volume.2.EmptyDirVolume.Medium=Memory",
        "Volume.2.EmptyDirVolume.SizeLimit=256Mi",
        "Container.1.Cpu=1",
        "Container.1.Port.1.Port=8080",
        "Container.1.Port.2.Port=53",
        "Container.1.Port.2.Protocol=UDP",
        "Container.1.VolumeMount.1.Name=work",
        "Container.1.VolumeMount.1.MountPath=/work",
        "Container.1.VolumeMount.1.SubPath=in",
        "Container.1.VolumeMount.1.ReadOnly=true",
        "Container.1.EnvironmentVar.1.Key=PLAIN",
        "Container.1.EnvironmentVar.1.Value=with \"quotes\" and 中文",
        "Container.1.EnvironmentVar.2.Key=EMPTY",
        "Container.1.EnvironmentVar.3.Key=ADDRESS",
        "Container.1.EnvironmentVar.3.FieldRef.FieldPath=status.podIP",
        "Container.1.ImagePullPolicy=Always",
        "Container.1.WorkingDir=/",
        "Container.1.Stdin=true",
        "Container.1.StdinOnce=true",
        "Container.1.Tty=true",
        "Container.1.SecurityContext.RunAsUser=1000",
        "Container.1.SecurityContext.ReadOnlyRootFilesystem=true",
        "Container.1.SecurityContextRunAsGroup=1000",
        "Container.1.SecurityContextRunAsNonRoot=true",
        "Container.1.TerminationMessagePath=/dev/end",
        "Container.1.TerminationMessagePolicy=FallbackToLogsOnError",
        "Container.1.LivenessProbe.Exec.Command.1=true",
        "Container.1.LivenessProbe.PeriodSeconds=60",
        "Container.1.ReadinessProbe.HttpGet.Path=/ready",
        "Container.1.ReadinessProbe.HttpGet.Port=8080",
        "Container.1.ReadinessProbe.InitialDelaySeconds=3",
        "Container.1.LifecyclePostStartHandlerExec.1=true",
        "Container.1.LifecyclePreStopHandlerHttpGetPort=8080",
        "Container.1.LifecyclePreStopHandlerHttpGetPath=/end",
        "Container.1.LifecyclePreStopHandlerHttpGetHttpHeader.1.Name=X-End",
        "Container.1.LifecyclePreStopHandlerHttpGetHttpHeader.1.Value=now",
        "Container.2.Name=side",
        "Container.2.Image=side:1",
        "Container.2.Arg.1=",
        "Container.2.Arg.2=second",
        "Container.2.ReadinessProbe.TcpSocket.Port=9090",
        "InitContainer.1.Name=prepare",
        "InitContainer.1.Image=podyard/exit-0:1",
        "InitContainer.1.Cpu=0.5",
        "InitContainer.1.Memory=1");
  }

  @Test
  void ofAnExportedGroupAnEqualOneIsMade() throws ClientException {
    String first = groups.create(everything());
    ObjectNode template = exported(first);
    assertThat(template.path("Spec").path("Containers").path(0).path("Name").asString())
        .isEqualTo("main");
    assertThat(template.path("Parameters").path("TerminationGracePeriodSeconds").asString())
        .isEqualTo("2");
    String second = createFrom(template, "of-template");
    assertThat(second).isNotEqualTo(first);
    assertThat(stored(second)).isEqualTo(stored(first));
    assertThat(exported(second)).isEqualTo(template);
    assertThat(createFrom(template, "of-template")).isEqualTo(second);
  }

  @Test
  void theSdkReadsAnExportedTemplate() throws ClientException {
    String id = groups.create(everything());
    ExportContainerGroupTemplateRequest request = new ExportContainerGroupTemplateRequest();
    request.setContainerGroupId(id);
    ExportContainerGroupTemplateResponse.Template template = sdk.call(request).getTemplate();
    assertThat(template.getContainerGroupName()).isEqualTo("all-of-it");
    assertThat(template.getResources().getCpu()).isEqualTo(4.0f);
    assertThat(template.getSpec().getContainers()).hasSize(2);
    assertThat(template.getSpec().getInitContainers()).hasSize(1);
    assertThat(template.getSpec().getVolumes()).hasSize(2);
    assertThat(template.getTags()).hasSize(2);
  }

  @Test
  void secretsAreNotExportedAndHaveToBePutIn() throws ClientException {
    String content =
        Base64.getEncoder().encodeToString("canary-file".getBytes(StandardCharsets.UTF_8));
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                "Volume.1.Name=conf",
                "Volume.1.Type=ConfigFileVolume",
                "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Path=app.conf",
                "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Mode=0600",
                "Volume.1.ConfigFileVolume.ConfigFileToPath.1.Content=" + content,
                "ImageRegistryCredential.1.Server=registry.test",
                "ImageRegistryCredential.1.UserName=me",
                "ImageRegistryCredential.1.Password=canary-password",
                "Container.1.EnvironmentVarHide=true",
                "Container.1.EnvironmentVar.1.Key=HIDDEN",
                "Container.1.EnvironmentVar.1.Value=canary-value"));
    ObjectNode template = exported(id);
    assertThat(template.toString()).doesNotContain("canary").doesNotContain(content);

    assertThatThrownBy(() -> createFrom(template, null))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("Template.Spec.Containers.1.Env.1.Value");
    ObjectNode variable =
        (ObjectNode) template.path("Spec").path("Containers").path(0).path("Env").path(0);
    variable.put("Value", "canary-value");
    assertThatThrownBy(() -> createFrom(template, null))
        .hasMessageContaining("Template.Spec.Volumes.1.ConfigFile.Items.1.Content")
        .hasMessageContaining("Template.Parameters.ImageRegistryCredential.1.Password")
        .hasMessageNotContaining("canary");
    ((ObjectNode)
            template.path("Spec").path("Volumes").path(0).path("ConfigFile").path("Items").path(0))
        .put("Content", content);
    ((ObjectNode) template.path("Parameters"))
        .put("ImageRegistryCredential.1.Password", "canary-password");
    String second = createFrom(template, null);
    assertThat(exported(second)).isEqualTo(exported(id));
  }

  @Test
  void whatIsWrongIsNamedByItsPlaceInTheTemplate() throws ClientException {
    ObjectNode template = exported(groups.create(Groups.shell("sleep infinity")));
    ((ObjectNode) template.path("Spec").path("Containers").path(0)).remove("Image");
    ((ObjectNode) template.path("Spec")).put("RestartPolicy", "Sometimes");
    template.put("Surprise", 1);
    assertThatThrownBy(() -> createFrom(template, null))
        .isInstanceOfSatisfying(
            ClientException.class,
            refused -> {
              assertThat(refused.getErrCode()).isEqualTo(ErrorCode.INVALID_PARAMETER.code());
              assertThat(refused.getErrMsg()).contains("Template.Surprise: ");
            });
    template.remove("Surprise");
    assertThatThrownBy(() -> createFrom(template, null))
        .hasMessageContaining("Template.Spec.Containers.1.Image: ")
        .hasMessageContaining("Template.Spec.RestartPolicy: ");
  }

  @Test
  void aGroupIsChangedByItsTemplate() throws ClientException {
    String id = groups.create(Groups.shell("sleep infinity", "ContainerGroupName=by-template"));
    groups.untilStatus(id, "Running");
    ObjectNode template = exported(id);
    assertThatThrownBy(() -> updateBy(template))
        .isInstanceOfSatisfying(
            ClientException.class,
            refused -> assertThat(refused.getErrCode()).isEqualTo(ErrorCode.NO_NEED_UPDATE.code()));
    ((ObjectNode) template.path("Spec").path("Containers").path(0))
        .withArrayProperty("Command")
        .set(2, "sleep 1000000");
    ((ObjectNode) template.path("Resources")).put("Cpu", 1).put("Memory", 2);
    updateBy(template);
    groups.until(
        id,
        "is another one",
        group -> "Running".equals(group.status()) && group.cpu().intValue() == 1);
    assertThat(groups.container(id, "main").commands().getLast()).isEqualTo("sleep 1000000");

    ((ObjectNode) template.path("Parameters")).put("HostName", "another");
    assertThatThrownBy(() -> updateBy(template))
        .hasMessageContaining("Template.Parameters.HostName: ")
        .hasMessageContaining("cannot be changed");
    template.put("ContainerGroupName", "nobody");
    assertThatThrownBy(() -> updateBy(template))
        .isInstanceOfSatisfying(
            ClientException.class,
            refused ->
                assertThat(refused.getErrCode())
                    .isEqualTo(ErrorCode.INVALID_PARAMETER_NOT_FOUND.code()));
  }

  @Test
  void aNameThatSeveralGroupsHaveIsNoAnswerToWhichOne() throws ClientException {
    String id = groups.create(Groups.shell("sleep infinity", "ContainerGroupName=twins"));
    String _ = groups.create(Groups.shell("sleep infinity", "ContainerGroupName=twins"));
    ObjectNode template = exported(id);
    assertThatThrownBy(() -> updateBy(template))
        .isInstanceOfSatisfying(
            ClientException.class,
            refused ->
                assertThat(refused.getErrCode()).isEqualTo(ErrorCode.OPERATION_CONFLICT.code()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"Spec\":{\"Volumes\":{\"a\":[[[[1]]]]}}}",
        "{\"Strange\":{\"Deeper\":[1,null,{}]}}",
        "{\"Spec\":{\"Volumes\":[null,1,{\"EmptyDir\":{},\"Nfs\":{}}]}}",
        "{\"Spec\":{\"Containers\":[{\"Command\":{\"1\":\"a\"}}]},\"Parameters\":{\"X\":{}}}",
        "{\"Parameters\":{\"\":\"\",\"Container.999999999999.Name\":\"a\"}}",
        "{\"Spec\":{\"Containers\":\"all\"},\"Tags\":1,\"RegionId\":[\"mars\"]}"
      })
  void aStrangeTemplateIsRefusedByPlacesInIt(String template) {
    CreateContainerGroupFromTemplateRequest request = new CreateContainerGroupFromTemplateRequest();
    request.setTemplate(template);
    assertThatThrownBy(() -> sdk.call(request))
        .isInstanceOfSatisfying(
            ClientException.class,
            refused -> assertThat(refused.getErrMsg()).contains("Template."));
    assertThat(groups.list().totalCount()).isZero();
  }
}
