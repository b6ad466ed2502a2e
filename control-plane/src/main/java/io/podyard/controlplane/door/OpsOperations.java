package io.podyard.controlplane.door;

import io.podyard.api.Action;
import io.podyard.api.ops.CreateInstanceOpsTaskRequest;
import io.podyard.api.ops.CreateInstanceOpsTaskResponse;
import io.podyard.api.ops.DescribeInstanceOpsRecordsRequest;
import io.podyard.api.ops.DescribeInstanceOpsRecordsResponse;
import io.podyard.api.ops.OpsRecordResponse;
import io.podyard.controlplane.ops.InstanceOpsTasks;
import io.podyard.controlplane.ops.OpsRecords;
import io.podyard.controlplane.ops.OpsRecords.OpsRecord;
import io.podyard.controlplane.ops.ResultSecret;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The actions on operations tasks of groups. */
@Configuration(proxyBeanMethods = false)
class OpsOperations {

  /** What the contract calls a result whose content is an address. */
  private static final String ADDRESS = "OSS";

  @Bean
  Operation<CreateInstanceOpsTaskRequest, CreateInstanceOpsTaskResponse> createInstanceOpsTask(
      InstanceOpsTasks tasks) {
    return new Operation<>(
        Action.CREATE_INSTANCE_OPS_TASK,
        CreateInstanceOpsTaskRequest.class,
        CreateInstanceOpsTaskResponse.class,
        tasks::create);
  }

  @Bean
  Operation<DescribeInstanceOpsRecordsRequest, DescribeInstanceOpsRecordsResponse>
      describeInstanceOpsRecords(OpsRecords records, PublicAddress address) {
    return new Operation<>(
        Action.DESCRIBE_INSTANCE_OPS_RECORDS,
        DescribeInstanceOpsRecordsRequest.class,
        DescribeInstanceOpsRecordsResponse.class,
        (caller, request) ->
            new DescribeInstanceOpsRecordsResponse(
                records.describe(caller, request).stream()
                    .map(one -> answer(one, address))
                    .toList(),
                null));
  }

  private static OpsRecordResponse answer(OpsRecord task, PublicAddress address) {
    ResultSecret result = task.result();
    return new OpsRecordResponse(
        task.createdAt(),
        task.expiresAt(),
        task.status(),
        task.type(),
        result == null ? null : new OpsResultAddress(address.ofThisCall()).of(result),
        result == null ? null : ADDRESS);
  }
}
