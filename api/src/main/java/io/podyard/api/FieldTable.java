package io.podyard.api;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * For one action, what this version does with each request field of the contract. Fields are named
 * by their dotted path with {@code N} for an index, for example {@code
 * Container.N.EnvironmentVar.N.Key}. A test compares the table with the contract, so that no field
 * is silently ignored.
 */
public final class FieldTable {

  private static final Map<Action, FieldTable> TABLES = new EnumMap<>(Action.class);

  static {
    for (Action action : Action.values()) {
      Rows rows = new Rows();
      fill(action, rows);
      TABLES.put(action, new FieldTable(rows.fields));
    }
  }

  private final SequencedMap<String, FieldSupport> fields;

  private FieldTable(SequencedMap<String, FieldSupport> fields) {
    this.fields = Collections.unmodifiableSequencedMap(fields);
  }

  /** The table of one action. */
  public static FieldTable of(Action action) {
    FieldTable table = TABLES.get(action);
    if (table == null) {
      throw new IllegalStateException("no field table for " + action);
    }
    return table;
  }

  /** Every field with what is done about it. */
  public SequencedMap<String, FieldSupport> fields() {
    return fields;
  }

  /**
   * What is done about one field.
   *
   * @throws IllegalArgumentException if the table does not know the path
   */
  public FieldSupport support(String path) {
    FieldSupport support = fields.get(path);
    if (support == null) {
      throw new IllegalArgumentException("the field table has no " + path);
    }
    return support;
  }

  private static void fill(Action action, Rows rows) {
    switch (action) {
      case CREATE_CONTAINER_GROUP -> CreateContainerGroupFields.fill(rows);
      case DESCRIBE_CONTAINER_GROUPS ->
          rows.works(
                  "ComputeCategory",
                  "ContainerGroupIds",
                  "ContainerGroupName",
                  "Limit",
                  "NextToken",
                  "RegionId",
                  "ResourceGroupId",
                  "SecurityGroupId",
                  "Status",
                  "Tag.N.Key",
                  "Tag.N.Value",
                  "VSwitchId",
                  "WithEvent",
                  "ZoneId")
              .owner();
      case UPDATE_CONTAINER_GROUP -> UpdateContainerGroupFields.fill(rows);
      case RESTART_CONTAINER_GROUP ->
          rows.works("ClientToken", "ContainerGroupId", "RegionId").owner();
      case RESIZE_CONTAINER_GROUP_VOLUME ->
          rows.works("ClientToken", "ContainerGroupId", "NewSize", "RegionId", "VolumeName")
              .owner();
      case DESCRIBE_CONTAINER_GROUP_STATUS ->
          rows.works(
              "ContainerGroupIds",
              "Limit",
              "NextToken",
              "RegionId",
              "ResourceGroupId",
              "SinceSecond",
              "Tag.N.Key",
              "Tag.N.Value",
              "VSwitchId",
              "ZoneId");
      case DELETE_CONTAINER_GROUP ->
          rows.works("ClientToken", "ContainerGroupId", "Force", "RegionId").owner();
      case BATCH_CREATE_CONTAINER_GROUPS -> {
        Rows ofOne = new Rows();
        CreateContainerGroupFields.fill(ofOne);
        ofOne.fields.forEach(
            (path, support) ->
                rows.put(
                    support,
                    // Lists here, and texts there.
                    path.equals("VSwitchId") || path.equals("InstanceType") ? path + ".N" : path));
        rows.works("Amount")
            .refused(
                "there are no roles to assume; give ImageRegistryCredential",
                "Arn.N.AssumeRoleFor",
                "Arn.N.RoleArn",
                "Arn.N.RoleType")
            .refused(
                "groups have no public addresses here, only one in the network of their vSwitch",
                "EipPublicIpAddressPoolId")
            .refused("there are no launch templates; give the parameters", "LaunchTemplateId");
      }
      case DELETE_CONTAINER_GROUPS -> rows.works("ContainerGroupIds", "RegionId").owner();
      case RESIZE_CONTAINER_GROUP_EPHEMERAL_STORAGE ->
          rows.works("ClientToken", "ContainerGroupId", "NewSize", "RegionId").owner();
      case DESCRIBE_CONTAINER_LOG ->
          rows.works(
                  "ContainerGroupId",
                  "ContainerName",
                  "LastTime",
                  "LimitBytes",
                  "RegionId",
                  "SinceSeconds",
                  "StartTime",
                  "Tail",
                  "Timestamps")
              .owner();
      case EXEC_CONTAINER_COMMAND ->
          rows.works(
                  "Command",
                  "ContainerGroupId",
                  "ContainerName",
                  "RegionId",
                  "Stdin",
                  "Sync",
                  "TTY")
              .owner();
      case COMMIT_CONTAINER ->
          rows.works(
                  "ContainerGroupId",
                  "ContainerName",
                  "Image.Author",
                  "Image.Message",
                  "Image.Repository",
                  "Image.Tag",
                  "RegionId")
              .refused(
                  "the vendor's registries do not exist here; a login is given to the group with"
                      + " ImageRegistryCredential",
                  "AcrRegistryInfo.ArnService",
                  "AcrRegistryInfo.ArnUser",
                  "AcrRegistryInfo.InstanceId",
                  "AcrRegistryInfo.RegionId")
              .refused(
                  "there are no roles to assume; a login is given to the group with"
                      + " ImageRegistryCredential",
                  "Arn.RoleArn",
                  "Arn.RoleType")
              .owner();
      case DESCRIBE_COMMIT_CONTAINER_TASK ->
          rows.works(
                  "ContainerGroupId",
                  "MaxResults",
                  "NextToken",
                  "RegionId",
                  "TaskId.N",
                  "TaskStatus")
              .owner();
      case CREATE_INSTANCE_OPS_TASK ->
          rows.works("ContainerGroupId", "OpsType", "OpsValue", "RegionId").owner();
      case DESCRIBE_INSTANCE_OPS_RECORDS ->
          rows.works("ContainerGroupId", "OpsType", "RegionId").owner();
      case DESCRIBE_REGIONS -> rows.works("RegionId").owner();
      case DESCRIBE_CONTAINER_GROUP_EVENTS ->
          rows.works(
              "ContainerGroupIds",
              "EventSource",
              "Limit",
              "NextToken",
              "RegionId",
              "ResourceGroupId",
              "SinceSecond",
              "Tag.N.Key",
              "Tag.N.Value",
              "VSwitchId",
              "ZoneId");
      case DESCRIBE_CONTAINER_GROUP_METRIC ->
          rows.works("ContainerGroupId", "EndTime", "Period", "RegionId", "StartTime").owner();
      case DESCRIBE_MULTI_CONTAINER_GROUP_METRIC ->
          rows.works("ContainerGroupIds", "RegionId", "ResourceGroupId")
              .refusedUnless(
                  List.of("summary"), "there is no other type than summary", "MetricType")
              .owner();
      case TAG_RESOURCES ->
          rows.works("RegionId", "ResourceId.N", "ResourceType", "Tag.N.Key", "Tag.N.Value")
              .owner();
      case UNTAG_RESOURCES ->
          rows.works("All", "ClientToken", "RegionId", "ResourceId.N", "ResourceType", "TagKey.N")
              .owner();
      case LIST_TAG_RESOURCES ->
          rows.works(
                  "Limit",
                  "NextToken",
                  "RegionId",
                  "ResourceId.N",
                  "ResourceType",
                  "Tag.N.Key",
                  "Tag.N.Value")
              .owner();
      case LIST_USAGE -> rows.works("RegionId").owner();
      case DESCRIBE_CONTAINER_GROUP_PRICE ->
          rows.works(
                  "ComputeCategory",
                  "Cpu",
                  "EphemeralStorage",
                  "InstanceType",
                  "Memory",
                  "RegionId",
                  "SpotDuration",
                  "SpotPriceLimit",
                  "SpotStrategy",
                  "ZoneId")
              .owner();
      case DESCRIBE_AVAILABLE_RESOURCE ->
          rows.works(
                  "DestinationResource.Category",
                  "DestinationResource.Cores",
                  "DestinationResource.Memory",
                  "DestinationResource.Value",
                  "RegionId",
                  "SpotResource.SpotDuration",
                  "SpotResource.SpotPriceLimit",
                  "SpotResource.SpotStrategy",
                  "ZoneId")
              .owner();
      case EXPORT_CONTAINER_GROUP_TEMPLATE -> rows.works("ContainerGroupId", "RegionId");
      case CREATE_CONTAINER_GROUP_FROM_TEMPLATE, UPDATE_CONTAINER_GROUP_BY_TEMPLATE ->
          rows.works("ClientToken", "RegionId", "Template");
      case CREATE_IMAGE_CACHE -> ImageCacheFields.create(rows);
      case UPDATE_IMAGE_CACHE -> ImageCacheFields.update(rows);
      case DELETE_IMAGE_CACHE -> rows.works("ClientToken", "ImageCacheId", "RegionId").owner();
      case DESCRIBE_IMAGE_CACHES ->
          rows.works(
                  "Image",
                  "ImageCacheId",
                  "ImageCacheName",
                  "ImageFullMatch",
                  "ImageMatchCountRequest",
                  "Limit",
                  "MatchImage.N",
                  "NextToken",
                  "RegionId",
                  "ResourceGroupId",
                  "SnapshotId",
                  "Tag.N.Key",
                  "Tag.N.Value")
              .owner();
      case CREATE_DATA_CACHE -> DataCacheFields.create(rows);
      case UPDATE_DATA_CACHE -> DataCacheFields.update(rows);
      case COPY_DATA_CACHE -> DataCacheFields.copy(rows);
      case DELETE_DATA_CACHE ->
          rows.works("Bucket", "ClientToken", "DataCacheId", "Path", "RegionId").owner();
      case DESCRIBE_DATA_CACHES ->
          rows.works(
                  "Bucket",
                  "DataCacheId.N",
                  "Limit",
                  "NextToken",
                  "Path",
                  "RegionId",
                  "ResourceGroupId",
                  "Tag.N.Key",
                  "Tag.N.Value")
              .owner();
    }
  }

  /** The table while it is written; a field named twice is a mistake of ours. */
  static final class Rows {

    private static final String[] OWNER = {
      "OwnerAccount", "OwnerId", "ResourceOwnerAccount", "ResourceOwnerId"
    };

    private final SequencedMap<String, FieldSupport> fields = new LinkedHashMap<>();

    Rows works(String... paths) {
      return put(new FieldSupport.Works(), paths);
    }

    Rows kept(String... paths) {
      return put(new FieldSupport.Kept(), paths);
    }

    Rows refused(String reason, String... paths) {
      return put(new FieldSupport.Refused(reason, List.of()), paths);
    }

    Rows refusedUnless(List<String> accepted, String reason, String... paths) {
      return put(new FieldSupport.Refused(reason, accepted), paths);
    }

    Rows accepted(String why, String... paths) {
      return put(new FieldSupport.Accepted(why), paths);
    }

    /**
     * The four parameters every request class of the SDKs carries, without a documented meaning,
     * for an action that makes nothing they could be kept with.
     */
    Rows owner() {
      return accepted(
          "the contract gives it no meaning, and the action makes nothing to keep it with", OWNER);
    }

    /** The same four for an action that makes a cache. */
    Rows ownerOfCache() {
      return accepted(
          "the contract gives it no meaning; it is stored with the cache, and no answer tells it",
          OWNER);
    }

    /** The same four for an action that makes something. */
    Rows ownerKept() {
      return kept(OWNER);
    }

    private Rows put(FieldSupport support, String... paths) {
      for (String path : paths) {
        @Nullable FieldSupport before = fields.put(path, support);
        if (before != null) {
          throw new IllegalStateException("the field table names " + path + " twice");
        }
      }
      return this;
    }
  }
}
