package io.podyard.controlplane.doors;

import io.podyard.api.Action;
import io.podyard.api.FieldSupport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** Valid requests with one thing wrong, from a seed. */
final class Nonsense {

  /**
   * A request that must be refused.
   *
   * @param wrong the parameter that the refusal must name
   */
  record Request(Action action, Map<String, String> parameters, String wrong) {}

  private static final int KINDS = 10;

  private static final Map<Action, List<WireField>> FIELDS = new EnumMap<>(Action.class);

  static {
    for (Action action : Action.values()) {
      FIELDS.put(action, WireField.of(action));
    }
  }

  private final Random random;

  Nonsense(Random random) {
    this.random = random;
  }

  Request next() {
    Action action = Action.values()[random.nextInt(Action.values().length)];
    while (true) {
      Map<String, String> parameters = new TreeMap<>(valid(action));
      String wrong =
          random.nextInt(3) == 0
              ? wrongValue(action, parameters)
              : wrongForm(random.nextInt(KINDS), action, parameters);
      if (!wrong.isEmpty()) {
        return new Request(action, parameters, wrong);
      }
    }
  }

  private static Map<String, String> valid(Action action) {
    return switch (action) {
      case CREATE_CONTAINER_GROUP, BATCH_CREATE_CONTAINER_GROUPS ->
          Groups.shell(
              "true",
              "RestartPolicy=Never",
              "Tag.1.Key=a",
              "Volume.1.Name=v",
              "Volume.1.Type=EmptyDirVolume",
              "Container.1.VolumeMount.1.Name=v",
              "Container.1.VolumeMount.1.MountPath=/v",
              "InitContainer.1.Name=init",
              "InitContainer.1.Image=init:1");
      case UPDATE_CONTAINER_GROUP ->
          Groups.parameters(
              "ContainerGroupId=eci-1",
              "RestartPolicy=Never",
              "Container.1.Name=main",
              "Container.1.Image=main:2");
      case RESTART_CONTAINER_GROUP -> Groups.parameters("ContainerGroupId=eci-1");
      case RESIZE_CONTAINER_GROUP_VOLUME ->
          Groups.parameters("ContainerGroupId=eci-1", "VolumeName=v", "NewSize=40");
      case DESCRIBE_CONTAINER_GROUPS,
          DESCRIBE_REGIONS,
          DESCRIBE_CONTAINER_GROUP_EVENTS,
          DESCRIBE_CONTAINER_GROUP_STATUS ->
          Groups.parameters("RegionId=cn-hangzhou");
      case DELETE_CONTAINER_GROUP -> Groups.parameters("ContainerGroupId=eci-1");
      case RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE ->
          Groups.parameters("ContainerGroupId=eci-1", "NewSize=10");
      case DELETE_CONTAINER_GROUPS -> Groups.parameters("ContainerGroupIds=[\"eci-1\"]");
      case DESCRIBE_CONTAINER_GROUP_METRIC -> Groups.parameters("ContainerGroupId=eci-1");
      case DESCRIBE_MULTI_CONTAINER_GROUP_METRIC ->
          Groups.parameters("ContainerGroupIds=[\"eci-1\"]");
      case DESCRIBE_CONTAINER_LOG -> Groups.parameters("ContainerGroupId=eci-1", "ContainerName=c");
      case EXEC_CONTAINER_COMMAND ->
          Groups.parameters(
              "ContainerGroupId=eci-1", "ContainerName=c", "Command=[\"true\"]", "Sync=true");
      case COMMIT_CONTAINER ->
          Groups.parameters(
              "ContainerGroupId=eci-1",
              "ContainerName=c",
              "Image.Repository=registry.test/a",
              "Image.Tag=1");
      case DESCRIBE_COMMIT_CONTAINER_TASK -> Groups.parameters("MaxResults=5");
      case CREATE_INSTANCE_OPS_TASK ->
          Groups.parameters(
              "ContainerGroupId=eci-1", "OpsType=tcpdump", "OpsValue={\"Enable\":true}");
      case DESCRIBE_INSTANCE_OPS_RECORDS ->
          Groups.parameters("ContainerGroupId=eci-1", "OpsType=tcpdump");
      case TAG_RESOURCES ->
          Groups.parameters("ResourceType=ContainerGroup", "ResourceId.1=eci-1", "Tag.1.Key=a");
      case UNTAG_RESOURCES ->
          Groups.parameters("ResourceType=ContainerGroup", "ResourceId.1=eci-1", "TagKey.1=a");
      case LIST_TAG_RESOURCES -> Groups.parameters("ResourceType=ContainerGroup");
      case LIST_USAGE -> Groups.parameters("RegionId=cn-hangzhou");
      case CREATE_IMAGE_CACHE ->
          Groups.parameters("ImageCacheName=c", "Image.1=registry.test/shell:1");
      case UPDATE_IMAGE_CACHE ->
          Groups.parameters("ImageCacheId=imc-00000000000000000000", "ImageCacheName=d");
      case DELETE_IMAGE_CACHE -> Groups.parameters("ImageCacheId=imc-00000000000000000000");
      case DESCRIBE_IMAGE_CACHES -> Groups.parameters("MatchImage.1=registry.test/shell:1");
      case CREATE_DATA_CACHE ->
          Groups.parameters(
              "Path=/nonsense",
              "DataSource.Type=URL",
              "DataSource.Options.url=http://files.test/1MiB");
      case UPDATE_DATA_CACHE -> Groups.parameters("DataCacheId=edc-00000000000000000000", "Name=d");
      case COPY_DATA_CACHE ->
          Groups.parameters(
              "DataCacheId=edc-00000000000000000000", "DestinationRegionId=cn-hangzhou");
      case DELETE_DATA_CACHE -> Groups.parameters("DataCacheId=edc-00000000000000000000");
      case DESCRIBE_DATA_CACHES -> Groups.parameters("Bucket=default");
      case EXPORT_CONTAINER_GROUP_TEMPLATE -> Groups.parameters("ContainerGroupId=eci-1");
      case CREATE_CONTAINER_GROUP_FROM_TEMPLATE, UPDATE_CONTAINER_GROUP_BY_TEMPLATE ->
          Groups.parameters(
              "Template={\"ContainerGroupName\":\"never-made\",\"Spec\":{\"Containers\":"
                  + "[{\"Name\":\"c\",\"Image\":\"i\"}]}}");
      case DESCRIBE_CONTAINER_GROUP_PRICE -> Groups.parameters("Cpu=2", "Memory=4");
      case DESCRIBE_AVAILABLE_RESOURCE ->
          Groups.parameters(
              "DestinationResource.Category=InstanceType",
              "DestinationResource.Cores=2",
              "DestinationResource.Memory=4");
    };
  }

  /** What no request may look like, whatever its action; empty if the action has no such thing. */
  private String wrongForm(int kind, Action action, Map<String, String> parameters) {
    return switch (kind) {
      case 0 -> put(parameters, "Unknown" + random.nextInt(1000), "x");
      case 1 -> put(parameters, any(action, f -> !f.text(), WireField::name), "[}not{");
      case 2 -> put(parameters, any(action, WireField::inList, f -> f.withIndex("0")), "x");
      case 3 ->
          put(
              parameters,
              any(action, WireField::inList, f -> f.withIndex("" + Integer.MAX_VALUE + "0")),
              "x");
      case 4 -> put(parameters, any(action, WireField::inList, f -> f.withIndex("one")), "x");
      case 5 -> put(parameters, any(action, WireField::inList, WireField::list), "x");
      case 6 -> put(parameters, any(action, f -> true, f -> f.name() + ".Deeper.1"), "x");
      case 7 -> removeRequired(action, parameters);
      case 8 ->
          put(
              parameters,
              any(action, f -> f.support() instanceof FieldSupport.Refused, WireField::name),
              "certainly not off");
      case 9 -> put(parameters, any(action, f -> true, WireField::name), "a\0b");
      default -> throw new IllegalStateException("no kind " + kind);
    };
  }

  private String removeRequired(Action action, Map<String, String> parameters) {
    String gone = any(action, WireField::required, WireField::root);
    parameters.keySet().removeIf(name -> name.equals(gone) || name.startsWith(gone + "."));
    return gone;
  }

  private String any(Action action, Predicate<WireField> wanted, Function<WireField, String> name) {
    List<String> names = FIELDS.get(action).stream().filter(wanted).map(name).toList();
    return names.isEmpty() ? "" : names.get(random.nextInt(names.size()));
  }

  private static String put(Map<String, String> parameters, String name, String value) {
    if (!name.isEmpty()) {
      parameters.put(name, value);
    }
    return name;
  }

  /** What is well formed but means nothing that the action takes. */
  private String wrongValue(Action action, Map<String, String> parameters) {
    List<String> choices = new ArrayList<>(List.of("RegionId=mars"));
    choices.addAll(
        switch (action) {
          case CREATE_CONTAINER_GROUP ->
              List.of(
                  "ContainerGroupName=UPPER",
                  "ContainerGroupName=-a",
                  "ContainerGroupName=" + "a".repeat(129),
                  "Cpu=-1",
                  "Cpu=0",
                  "InstanceType=ecs.unknown",
                  "ComputeCategory.1=cheap",
                  "CpuArchitecture=VAX",
                  "SpotStrategy=Cheap",
                  "GpuDriverVersion=newest",
                  "Container.1.Gpu=65",
                  "Memory=1e99",
                  "RestartPolicy=Sometimes",
                  "ZoneId=mars",
                  "Container.1.Name=Not_Valid",
                  "Container.1.Name=",
                  "Container.1.Image=" + "i".repeat(256),
                  "Container.1.ImagePullPolicy=Perhaps",
                  "Container.1.Port.1.Port=70000",
                  "Container.1.Cpu=-0.5",
                  "Container.1.EnvironmentVar.1.Key=1a",
                  "Container.1.VolumeMount.1.Name=other",
                  "Container.1.VolumeMount.1.MountPath=relative",
                  "Container.1.Command.1=" + "c".repeat(257),
                  "InitContainer.1.Name=main",
                  "Volume.1.Type=Strange",
                  "Tag.1.Key=acs:x",
                  "Tag.1.Value=http://x",
                  "TerminationGracePeriodSeconds=-1",
                  "ActiveDeadlineSeconds=0",
                  "MaxPendingMinute=0",
                  "HostAliase.1.Ip=999",
                  "DnsPolicy=Strange",
                  "ClientToken=tök",
                  "ClientToken=" + "t".repeat(65));
          case BATCH_CREATE_CONTAINER_GROUPS ->
              List.of(
                  "Amount=0",
                  "Amount=101",
                  "Amount=1.5",
                  "ContainerGroupName=UPPER",
                  "Cpu=-1",
                  "ZoneId=mars",
                  "VSwitchId.1=a b",
                  "Container.1.Name=Not_Valid",
                  "ClientToken=" + "t".repeat(65));
          case RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE ->
              List.of(
                  "ContainerGroupId=a b",
                  "ContainerGroupId=eci-unknown",
                  "NewSize=-1",
                  "NewSize=5001",
                  "NewSize=much",
                  "ClientToken=tök");
          case DELETE_CONTAINER_GROUPS ->
              List.of(
                  "ContainerGroupIds=[]",
                  "ContainerGroupIds=[1]",
                  "ContainerGroupIds=[\"a\"" + ",\"a\"".repeat(20) + "]");
          case UPDATE_CONTAINER_GROUP ->
              List.of("ContainerGroupId=a b", "ClientToken=" + "t".repeat(65));
          case RESTART_CONTAINER_GROUP ->
              List.of("ContainerGroupId=eci-unknown", "ClientToken=tök");
          case RESIZE_CONTAINER_GROUP_VOLUME ->
              List.of(
                  "ContainerGroupId=eci-unknown",
                  "NewSize=19",
                  "NewSize=9223372036854775807",
                  "NewSize=-1",
                  "VolumeName=",
                  "VolumeName=" + "v".repeat(5000));
          case DESCRIBE_CONTAINER_GROUP_STATUS ->
              List.of("Limit=0", "Limit=201", "SinceSecond=59", "ContainerGroupIds=[\"a b\"]");
          case DESCRIBE_CONTAINER_GROUPS ->
              List.of(
                  "Limit=0",
                  "Limit=21",
                  "Status=Strange",
                  "NextToken=???",
                  "ContainerGroupIds=[\"a b\"]");
          case DELETE_CONTAINER_GROUP ->
              List.of(
                  "ContainerGroupId=a b",
                  "ContainerGroupId=" + "g".repeat(5000),
                  "ContainerGroupId=eci-unknown",
                  "ClientToken=" + "t".repeat(5000));
          case DESCRIBE_CONTAINER_LOG ->
              List.of(
                  "Tail=0",
                  "Tail=2001",
                  "LimitBytes=0",
                  "LimitBytes=1048577",
                  "SinceSeconds=0",
                  "StartTime=yesterday",
                  "ContainerGroupId=eci-unknown");
          case EXEC_CONTAINER_COMMAND ->
              List.of(
                  "TTY=true",
                  "Command=[]",
                  "Command=true",
                  "Command=[\"/bin/bash\"]",
                  "Command=[\"" + "w".repeat(257) + "\"]",
                  "ContainerGroupId=eci-unknown");
          case COMMIT_CONTAINER ->
              List.of(
                  "ContainerGroupId=a b",
                  "ContainerGroupId=eci-unknown",
                  "Image.Repository=UPPER",
                  "Image.Repository=a:b",
                  "Image.Repository=" + "r".repeat(256),
                  "Image.Tag=-x",
                  "Image.Tag=a@b",
                  "Image.Author=" + "a".repeat(256),
                  "Image.Message=" + "m".repeat(1025));
          case DESCRIBE_COMMIT_CONTAINER_TASK ->
              List.of("MaxResults=0", "MaxResults=51", "TaskStatus=Odd", "NextToken=???");
          case CREATE_INSTANCE_OPS_TASK ->
              List.of(
                  "ContainerGroupId=eci-unknown",
                  "OpsType=Tcpdump",
                  "OpsValue=enable",
                  "OpsValue=[]",
                  "OpsValue={\"Enable\":true} x",
                  "OpsValue=" + "[".repeat(5000));
          case DESCRIBE_INSTANCE_OPS_RECORDS -> List.of("ContainerGroupId=a b", "OpsType=odd");
          case DESCRIBE_REGIONS -> List.of();
          case DESCRIBE_CONTAINER_GROUP_METRIC ->
              List.of(
                  "ContainerGroupId=a b",
                  "ContainerGroupId=eci-unknown",
                  "Period=61",
                  "Period=-15",
                  "Period=1m",
                  "StartTime=yesterday",
                  "StartTime=2000-01-01T00:00:00Z",
                  "StartTime=2999-01-01T00:00:00Z",
                  "EndTime=2000-01-01T00:00:00Z");
          case DESCRIBE_MULTI_CONTAINER_GROUP_METRIC ->
              List.of(
                  "ContainerGroupIds=[\"a b\"]",
                  "ContainerGroupIds=[]",
                  "ContainerGroupIds=[1]",
                  "MetricType=detail");
          case DESCRIBE_CONTAINER_GROUP_EVENTS ->
              List.of(
                  "Limit=201",
                  "SinceSecond=59",
                  "SinceSecond=3601",
                  "EventSource=Nobody",
                  "NextToken=???",
                  "NextToken=eci-a b");
          case TAG_RESOURCES ->
              List.of(
                  "ResourceType=Strange",
                  "ResourceId.1=eci-unknown",
                  "Tag.1.Key=aliyun",
                  "Tag.1.Key=" + "k".repeat(129),
                  "Tag.1.Value=aliyun",
                  "Tag.1.Value=" + "v".repeat(129));
          case UNTAG_RESOURCES ->
              List.of(
                  "ResourceType=Strange",
                  "ResourceId.1=eci-unknown",
                  "ClientToken=" + "t".repeat(65));
          case LIST_TAG_RESOURCES ->
              List.of("ResourceType=Strange", "Limit=0", "Limit=101", "Limit=x", "NextToken=???");
          case LIST_USAGE -> List.of();
          case CREATE_IMAGE_CACHE ->
              List.of(
                  "Image.1=UPPER",
                  "Image.2=" + "i".repeat(256),
                  "ImageCacheName=" + "n".repeat(129),
                  "ImageCacheSize=0",
                  "ImageCacheSize=99999",
                  "RetentionDays=-1",
                  "StandardCopyCount=0",
                  "FlashCopyCount=1001",
                  "EliminationStrategy=FIFO",
                  "OsType=Windows",
                  "ZoneId=mars-a");
          case UPDATE_IMAGE_CACHE ->
              List.of(
                  "ImageCacheId=imc-unknown",
                  "Image.1=UPPER",
                  "RetentionDays=0",
                  "Tag.1.Key=acs:x");
          case DELETE_IMAGE_CACHE -> List.of("ImageCacheId=imc-unknown", "ImageCacheId=a b");
          case DESCRIBE_IMAGE_CACHES ->
              List.of("Limit=0", "Limit=101", "NextToken=???", "ImageMatchCountRequest=101");
          case CREATE_DATA_CACHE ->
              List.of(
                  "Bucket=eci-system",
                  "Bucket=UPPER",
                  "Path=relative",
                  "Path=/../up",
                  "Path=/" + "p".repeat(513),
                  "Name=" + "n".repeat(129),
                  "Size=0",
                  "Size=99999",
                  "RetentionDays=-1",
                  "DataSource.Type=FTP",
                  "DataSource.Options.url=file:///etc/passwd",
                  "DataSource.Options.url=http://user:secret@files.test/x",
                  "DataSource.Options.snapshotId=x");
          case UPDATE_DATA_CACHE ->
              List.of(
                  "DataCacheId=edc-unknown",
                  "Bucket=eci-system",
                  "DataSource.Type=FTP",
                  "Size=0",
                  "Tag.1.Key=acs:x");
          case COPY_DATA_CACHE ->
              List.of("DataCacheId=a b", "DestinationRegionId=mars", "Path=relative");
          case DELETE_DATA_CACHE -> List.of("DataCacheId=edc-unknown", "Path=relative");
          case DESCRIBE_DATA_CACHES -> List.of("Limit=0", "Limit=21", "NextToken=???", "Path=x");
          case EXPORT_CONTAINER_GROUP_TEMPLATE ->
              List.of("ContainerGroupId=a b", "ContainerGroupId=eci-unknown", "ContainerGroupId=");
          case CREATE_CONTAINER_GROUP_FROM_TEMPLATE, UPDATE_CONTAINER_GROUP_BY_TEMPLATE ->
              List.of("Template=", "Template=[]", "Template=null", "Template=" + "[".repeat(5000));
          case DESCRIBE_CONTAINER_GROUP_PRICE ->
              List.of(
                  "Cpu=0",
                  "Cpu=65",
                  "Memory=-1",
                  "Memory=513",
                  "ZoneId=mars",
                  "InstanceType=ecs.unknown",
                  "ComputeCategory.1=cheap",
                  "SpotStrategy=Cheap");
          case DESCRIBE_AVAILABLE_RESOURCE ->
              List.of(
                  "DestinationResource.Category=Family",
                  "DestinationResource.Value=ecs.c6",
                  "SpotResource.SpotStrategy=Cheap",
                  "DestinationResource.Cores=0",
                  "DestinationResource.Memory=1000000",
                  "ZoneId=mars");
        });
    String choice = choices.get(random.nextInt(choices.size()));
    int equals = choice.indexOf('=');
    String name = choice.substring(0, equals);
    parameters.put(name, choice.substring(equals + 1));
    return name;
  }
}
