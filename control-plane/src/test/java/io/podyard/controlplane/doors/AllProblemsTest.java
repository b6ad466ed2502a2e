package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.controlplane.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One answer names everything that is wrong with a request, whoever found it, as it was sent. */
class AllProblemsTest {

  private static final Pattern NAMED = Pattern.compile("(?:^|; )([A-Za-z0-9.]+): ");

  private final Groups groups = Groups.ofNewAccount(TestServer.shared());

  /** In each request, some of it is wrong by its form and some by its meaning. */
  static Stream<Arguments> requests() {
    return Stream.of(
        request(
            Action.CREATE_CONTAINER_GROUP,
            List.of(
                "Nonsense=1",
                "Cpu=two",
                "ContainerGroupName=UPPER",
                "Container.3.Name=c",
                "DataCacheBucket=models"),
            List.of(
                "Container.3.Image", "ContainerGroupName", "Cpu", "DataCacheBucket", "Nonsense")),
        request(
            Action.DESCRIBE_CONTAINER_GROUPS,
            List.of(
                "Nonsense=1",
                "WithEvent=perhaps",
                "Limit=0",
                "Status=Gone",
                "Tag.2.Value=x",
                "Tag.4.Key=a",
                "Tag.7.Key=a"),
            List.of("Limit", "Status", "Tag.2.Key", "Tag.7.Key", "WithEvent", "Nonsense")),
        request(
            Action.DELETE_CONTAINER_GROUP,
            List.of(
                "Force=perhaps",
                "ClientToken=" + "t".repeat(65),
                "ContainerGroupId=a b",
                "RegionId=mars"),
            List.of("ClientToken", "ContainerGroupId", "Force", "RegionId")),
        request(
            Action.BATCH_CREATE_CONTAINER_GROUPS,
            List.of(
                "Nonsense=1",
                "Amount=101",
                "Arn.1.RoleArn=acs:ram::1:role/r",
                "Cpu=two",
                "Container.3.Name=c",
                "Volume.2.Name=v",
                "Volume.2.Type=EmptyDirVolume",
                "Volume.2.EmptyDirVolumeSizeLimit=much",
                "VSwitchId.2=vsw-1",
                "VSwitchId.4=a,b",
                "RegionId=mars"),
            List.of(
                "Amount",
                "Arn.1.RoleArn",
                "Container.3.Image",
                "ContainerGroupName",
                "Cpu",
                "RegionId",
                "VSwitchId.4",
                "Volume.2.EmptyDirVolume.SizeLimit",
                "Nonsense")),
        request(
            Action.DELETE_CONTAINER_GROUPS,
            List.of("Nonsense=1", "ContainerGroupIds=[1]", "OwnerId=me", "RegionId=mars"),
            List.of("ContainerGroupIds", "OwnerId", "RegionId", "Nonsense")),
        request(
            Action.RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE,
            List.of(
                "Nonsense=1",
                "ClientToken=tök",
                "ContainerGroupId=a b",
                "NewSize=5001",
                "OwnerId=me",
                "RegionId=mars"),
            List.of(
                "ClientToken", "ContainerGroupId", "NewSize", "OwnerId", "RegionId", "Nonsense")),
        request(
            Action.DESCRIBE_CONTAINER_LOG,
            List.of("Tail=x", "LimitBytes=0", "ContainerGroupId=a b", "StartTime=yesterday"),
            List.of("ContainerGroupId", "ContainerName", "LimitBytes", "StartTime", "Tail")),
        request(
            Action.EXEC_CONTAINER_COMMAND,
            List.of(
                "Command=[\"\"]",
                "ContainerName=c",
                "TTY=perhaps",
                "Sync=perhaps",
                "RegionId=mars"),
            List.of("Command", "ContainerGroupId", "RegionId", "Sync", "TTY")),
        request(
            Action.UPDATE_CONTAINER_GROUP,
            List.of(
                "Nonsense=1",
                "Cpu=much",
                "ClientToken=" + "t".repeat(65),
                "Container.3.Gpu=many",
                "RegionId=mars"),
            List.of(
                "ClientToken",
                "Container.3.Gpu",
                "ContainerGroupId",
                "Cpu",
                "RegionId",
                "Nonsense")),
        request(
            Action.RESTART_CONTAINER_GROUP,
            List.of("OwnerId=me", "ContainerGroupId=a b", "ClientToken=tök", "RegionId=mars"),
            List.of("ClientToken", "ContainerGroupId", "OwnerId", "RegionId")),
        request(
            Action.RESIZE_CONTAINER_GROUP_VOLUME,
            List.of(
                "OwnerId=me",
                "ContainerGroupId=a b",
                "ClientToken=tök",
                "NewSize=1",
                "RegionId=mars"),
            List.of(
                "ClientToken", "ContainerGroupId", "NewSize", "OwnerId", "RegionId", "VolumeName")),
        request(
            Action.DESCRIBE_CONTAINER_GROUP_STATUS,
            List.of("SinceSecond=1", "NextToken=???", "Tag.3.Value=x", "RegionId=mars"),
            List.of("NextToken", "RegionId", "SinceSecond", "Tag.3.Key")),
        request(
            Action.DESCRIBE_CONTAINER_GROUP_EVENTS,
            List.of("SinceSecond=1", "NextToken=???", "Tag.3.Value=x", "RegionId=mars"),
            List.of("NextToken", "RegionId", "SinceSecond", "Tag.3.Key")),
        request(
            Action.DESCRIBE_CONTAINER_GROUP_METRIC,
            List.of(
                "Nonsense=1",
                "ContainerGroupId=a b",
                "Period=61",
                "StartTime=2000-01-01T00:00:00Z",
                "EndTime=1999-01-01T00:00:00Z",
                "OwnerId=me",
                "RegionId=mars"),
            List.of(
                "ContainerGroupId",
                "EndTime",
                "OwnerId",
                "Period",
                "RegionId",
                "StartTime",
                "Nonsense")),
        request(
            Action.DESCRIBE_MULTI_CONTAINER_GROUP_METRIC,
            List.of(
                "Nonsense=1",
                "ContainerGroupIds=[\"a b\"]",
                "MetricType=detail",
                "OwnerId=me",
                "RegionId=mars"),
            List.of("ContainerGroupIds", "MetricType", "OwnerId", "RegionId", "Nonsense")),
        request(
            Action.TAG_RESOURCES,
            List.of(
                "OwnerId=me",
                "ResourceType=Odd",
                "ResourceId.2=r",
                "Tag.1.Key=acs:x",
                "Tag.3.Key=same",
                "Tag.5.Key=same",
                "Tag.6.Key=long",
                "Tag.6.Value=" + "v".repeat(129)),
            List.of("OwnerId", "ResourceType", "Tag.1.Key", "Tag.5.Key", "Tag.6.Value")),
        request(
            Action.UNTAG_RESOURCES,
            List.of(
                "Nonsense=1",
                "ResourceType=Odd",
                "ResourceId.0=r",
                "ResourceId.1=r",
                "ClientToken=" + "t".repeat(65)),
            List.of("ClientToken", "ResourceId.0", "ResourceType", "TagKey", "Nonsense")),
        request(
            Action.LIST_TAG_RESOURCES,
            List.of(
                "OwnerId=me",
                "ResourceType=Odd",
                "Limit=0",
                "NextToken=???",
                "Tag.2.Key=a",
                "Tag.9.Key=a"),
            List.of("Limit", "NextToken", "OwnerId", "ResourceType", "Tag.9.Key")),
        request(
            Action.LIST_USAGE,
            List.of("Nonsense=1", "OwnerId=me", "RegionId=mars"),
            List.of("OwnerId", "RegionId", "Nonsense")),
        request(
            Action.EXPORT_CONTAINER_GROUP_TEMPLATE,
            List.of("Nonsense=1", "ContainerGroupId=a b", "RegionId=mars"),
            List.of("RegionId", "ContainerGroupId", "Nonsense")),
        request(
            Action.CREATE_CONTAINER_GROUP_FROM_TEMPLATE,
            List.of(
                "Nonsense=1",
                "Template={\"RegionId\":\"mars\",\"Strange\":1,\"Spec\":{\"Volumes\":[{}]}}",
                "RegionId=mars"),
            List.of(
                "RegionId",
                "Template.RegionId",
                "Template.Spec.Volumes.1",
                "Template.Strange",
                "Nonsense")),
        request(
            Action.UPDATE_CONTAINER_GROUP_BY_TEMPLATE,
            List.of("Nonsense=1", "Template=[]", "RegionId=mars"),
            List.of("RegionId", "Template", "Nonsense")),
        request(
            Action.DESCRIBE_CONTAINER_GROUP_PRICE,
            List.of("Nonsense=1", "Cpu=65", "Memory=much", "InstanceType=x", "ZoneId=mars"),
            List.of("Cpu", "InstanceType", "Memory", "ZoneId", "Nonsense")),
        request(
            Action.DESCRIBE_AVAILABLE_RESOURCE,
            List.of(
                "Nonsense=1",
                "DestinationResource.Category=Strange",
                "DestinationResource.Memory=much",
                "SpotResource.SpotStrategy=x",
                "RegionId=mars"),
            List.of(
                "DestinationResource.Category",
                "DestinationResource.Cores",
                "DestinationResource.Memory",
                "RegionId",
                "SpotResource.SpotStrategy",
                "Nonsense")),
        request(
            Action.COMMIT_CONTAINER,
            List.of(
                "Nonsense=1",
                "Arn.RoleArn=acs:ram::1:role/r",
                "ContainerGroupId=a b",
                "Image.Author=" + "a".repeat(256),
                "Image.Repository=UPPER:1",
                "RegionId=mars"),
            List.of(
                "Arn.RoleArn",
                "ContainerGroupId",
                "ContainerName",
                "Image.Author",
                "Image.Repository",
                "Image.Tag",
                "RegionId",
                "Nonsense")),
        request(
            Action.DESCRIBE_COMMIT_CONTAINER_TASK,
            List.of(
                "ContainerGroupId=a b",
                "MaxResults=51",
                "NextToken=???",
                "OwnerId=me",
                "TaskStatus=Odd",
                "RegionId=mars"),
            List.of(
                "ContainerGroupId",
                "MaxResults",
                "NextToken",
                "OwnerId",
                "RegionId",
                "TaskStatus")),
        request(
            Action.CREATE_INSTANCE_OPS_TASK,
            List.of(
                "Nonsense=1",
                "ContainerGroupId=a b",
                "OpsType=tcpdump",
                "OpsValue={\"Enable\":\"yes\",\"Odd\":1,\"SourcePort\":70000,\"DestIp\":\"::1\"}",
                "OwnerId=me",
                "RegionId=mars"),
            List.of(
                "ContainerGroupId",
                "OpsValue.DestIp",
                "OpsValue.Enable",
                "OpsValue.Odd",
                "OpsValue.SourcePort",
                "OwnerId",
                "RegionId",
                "Nonsense")),
        request(
            Action.DESCRIBE_INSTANCE_OPS_RECORDS,
            List.of("Nonsense=1", "ContainerGroupId=a b", "OpsType=odd", "RegionId=mars"),
            List.of("ContainerGroupId", "OpsType", "RegionId", "Nonsense")),
        request(
            Action.CREATE_DATA_CACHE,
            List.of(
                "Nonsense=1",
                "Bucket=eci-system",
                "ClientToken=" + "t".repeat(65),
                "DataSource.Options.server=a b",
                "DataSource.Options.vers=5",
                "DataSource.Options.url=x",
                "DataSource.Type=NAS",
                "EipCreateParam.Bandwidth=5",
                "EipInstanceId=eip-1",
                "Name=" + "n".repeat(129),
                "RegionId=mars",
                "RetentionDays=0",
                "Size=0",
                "Tag.1.Key=acs:x",
                "VSwitchId=a b"),
            List.of(
                "Bucket",
                "ClientToken",
                "DataSource.Options.url",
                "DataSource.Options.server",
                "DataSource.Options.vers",
                "EipCreateParam.Bandwidth",
                "EipInstanceId",
                "Name",
                "Path",
                "RegionId",
                "RetentionDays",
                "Size",
                "Tag.1.Key",
                "VSwitchId",
                "Nonsense")),
        request(
            Action.UPDATE_DATA_CACHE,
            List.of(
                "Nonsense=1",
                "Bucket=UPPER",
                "DataSource.Type=FTP",
                "RegionId=mars",
                "ResourceGroupId=a b",
                "Size=40000"),
            List.of(
                "Bucket",
                "DataCacheId",
                "DataSource.Type",
                "RegionId",
                "ResourceGroupId",
                "Size",
                "Nonsense")),
        request(
            Action.COPY_DATA_CACHE,
            List.of(
                "Nonsense=1",
                "Bucket=UPPER",
                "DataCacheId=a b",
                "DestinationRegionId=mars",
                "Path=relative",
                "RegionId=mars",
                "RetentionDays=0"),
            List.of(
                "Bucket",
                "DataCacheId",
                "DestinationRegionId",
                "Path",
                "RegionId",
                "RetentionDays",
                "Nonsense")),
        request(
            Action.DELETE_DATA_CACHE,
            List.of(
                "Nonsense=1",
                "Bucket=UPPER",
                "ClientToken=" + "t".repeat(65),
                "DataCacheId=a b",
                "OwnerId=me",
                "Path=relative",
                "RegionId=mars"),
            List.of(
                "Bucket", "ClientToken", "DataCacheId", "OwnerId", "Path", "RegionId", "Nonsense")),
        request(
            Action.DESCRIBE_DATA_CACHES,
            List.of(
                "Nonsense=1",
                "Limit=21",
                "NextToken=???",
                "Path=relative",
                "RegionId=mars",
                "Tag.1.Value=v"),
            List.of("Limit", "NextToken", "Path", "RegionId", "Tag.1.Key", "Nonsense")),
        request(
            Action.CREATE_IMAGE_CACHE,
            List.of(
                "Nonsense=1",
                "Annotations={}",
                "AcrRegistryInfo.1.InstanceId=cri-1",
                "ClientToken=" + "t".repeat(65),
                "EipInstanceId=eip-1",
                "EliminationStrategy=FIFO",
                "Flash=yes",
                "FlashCopyCount=0",
                "Image.1=UPPER",
                "Image.2=a:1",
                "Image.3=docker.io/library/a:1",
                "ImageCacheSize=0",
                "ImageRegistryCredential.1.Server=http://r",
                "InsecureRegistry=a/b",
                "OsType=Windows",
                "PlainHttpRegistry=a b",
                "RegionId=mars"),
            List.of(
                "AcrRegistryInfo.1.InstanceId",
                "Annotations",
                "ClientToken",
                "EipInstanceId",
                "EliminationStrategy",
                "Flash",
                "FlashCopyCount",
                "Image.1",
                "Image.3",
                "ImageCacheName",
                "ImageCacheSize",
                "ImageRegistryCredential.1.Password",
                "ImageRegistryCredential.1.Server",
                "ImageRegistryCredential.1.UserName",
                "InsecureRegistry",
                "OsType",
                "PlainHttpRegistry",
                "RegionId",
                "Nonsense")),
        request(
            Action.UPDATE_IMAGE_CACHE,
            List.of(
                "Nonsense=1",
                "EliminationStrategy=FIFO",
                "Image.1=UPPER",
                "ImageCacheId=a b",
                "ImageCacheName=" + "n".repeat(129),
                "ImageCacheSize=40000",
                "RegionId=mars",
                "ResourceGroupId=a b",
                "RetentionDays=0",
                "StandardCopyCount=1001",
                "Tag.1.Key=acs:x",
                "VSwitchId=a b"),
            List.of(
                "EliminationStrategy",
                "Image.1",
                "ImageCacheId",
                "ImageCacheName",
                "ImageCacheSize",
                "RegionId",
                "ResourceGroupId",
                "RetentionDays",
                "StandardCopyCount",
                "Tag.1.Key",
                "VSwitchId",
                "Nonsense")),
        request(
            Action.DELETE_IMAGE_CACHE,
            List.of(
                "Nonsense=1",
                "ClientToken=" + "t".repeat(65),
                "ImageCacheId=a b",
                "OwnerId=me",
                "RegionId=mars"),
            List.of("ClientToken", "ImageCacheId", "OwnerId", "RegionId", "Nonsense")),
        request(
            Action.DESCRIBE_IMAGE_CACHES,
            List.of(
                "Nonsense=1",
                "ImageMatchCountRequest=0",
                "Limit=101",
                "MatchImage.1=UPPER",
                "NextToken=???",
                "RegionId=mars",
                "Tag.1.Value=v"),
            List.of(
                "ImageMatchCountRequest",
                "Limit",
                "MatchImage.1",
                "NextToken",
                "RegionId",
                "Tag.1.Key",
                "Nonsense")),
        request(
            Action.DESCRIBE_REGIONS,
            List.of("Nonsense=1", "OwnerId=me", "RegionId=mars"),
            List.of("OwnerId", "RegionId", "Nonsense")));
  }

  private static Arguments request(Action action, List<String> parameters, List<String> wrong) {
    return Arguments.of(action, parameters, wrong);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void allThatIsWrongIsNamedTogether(Action action, List<String> parameters, List<String> wrong) {
    assertThat(named(refusal(action, parameters))).containsExactlyElementsOf(wrong);
  }

  @Test
  void everyActionIsAsked() {
    assertThat(requests().map(request -> request.get()[0]))
        .containsExactlyInAnyOrder((Object[]) Action.values());
  }

  @Test
  void whatCannotBeReadIsNotCalledMissing() {
    for (String unreadable : List.of("ResourceId.4", "TagKey.2")) {
      Map<String, String> request =
          Groups.parameters("ResourceType=ContainerGroup", "ResourceId.4=r", "TagKey.2=k");
      request.put(unreadable, "a\0b");
      assertThat(named(groups.refusal(Action.UNTAG_RESOURCES, request)))
          .containsExactly(unreadable);
    }
    assertThat(
            named(
                refusal(
                    Action.UNTAG_RESOURCES,
                    List.of("ResourceType=ContainerGroup", "ResourceId.1=r", "All=perhaps"))))
        .as("All may have meant true")
        .containsExactly("All");
  }

  @Test
  void resourcesThatAreNotThereAreNamedByTheirIndices() {
    for (Action action : List.of(Action.TAG_RESOURCES, Action.UNTAG_RESOURCES)) {
      PodyardCallException refused =
          refusal(
              action,
              List.of(
                  "ResourceType=ContainerGroup",
                  "ResourceId.3=eci-x",
                  "ResourceId.7=eci-y",
                  "ResourceId.9=eci-x",
                  action == Action.TAG_RESOURCES ? "Tag.2.Key=a" : "TagKey.2=a"));
      assertThat(refused.errorCode()).contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
      assertThat(named(refused)).containsExactly("ResourceId.3", "ResourceId.7", "ResourceId.9");
      assertThat(refused.getMessage()).contains("ResourceId.7: ").contains("\"eci-y\"");
    }
  }

  private PodyardCallException refusal(Action action, List<String> parameters) {
    return groups.refusal(action, Groups.parameters(parameters.toArray(String[]::new)));
  }

  /** The parameters that a refusal names, in its order. */
  private static List<String> named(PodyardCallException refused) {
    return NAMED.matcher(refused.getMessage()).results().map(match -> match.group(1)).toList();
  }
}
