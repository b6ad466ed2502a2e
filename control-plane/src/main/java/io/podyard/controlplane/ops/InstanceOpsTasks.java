package io.podyard.controlplane.ops;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.ops.CreateInstanceOpsTaskRequest;
import io.podyard.api.ops.CreateInstanceOpsTaskResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.GroupStatus;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.containergroup.OwnGroups.OwnGroup;
import io.podyard.controlplane.hosttask.TimedIds;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.ops.OpsTaskStore.NewTask;
import io.podyard.controlplane.settings.OpsSettings;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Takes wishes to begin and to end operations tasks (contract section 15). */
@Component
public class InstanceOpsTasks {

  private static final String DONE = "success";
  private static final String ENABLE = "enable";
  private static final String DISABLE = "disable";

  /** For the image to come to the host. */
  private static final Duration LONGEST_TO_BEGIN = Duration.ofMinutes(5);

  /** Then nothing has crashed for so long that nobody may remember. */
  private static final Duration LONGEST_WAIT_FOR_DUMP = Duration.ofHours(12);

  private final OwnGroups groups;
  private final Regions regions;
  private final OpsTaskStore tasks;
  private final OpsSettings settings;
  private final Clock clock;
  private final RandomGenerator random = new SecureRandom();

  InstanceOpsTasks(
      OwnGroups groups,
      Regions regions,
      OpsTaskStore tasks,
      PodyardSettings settings,
      Clock clock) {
    this.groups = groups;
    this.regions = regions;
    this.tasks = tasks;
    this.settings = settings.ops();
    this.clock = clock;
  }

  /**
   * Begins a task, or ends the one that is under way; answers as soon as that is durable.
   *
   * @throws ApiException with every problem of the request, or if there is no such group, it does
   *     not run, it has such a task already, or there are no tasks of that type here
   */
  public CreateInstanceOpsTaskResponse create(
      Caller caller, Decoded<CreateInstanceOpsTaskRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    CreateInstanceOpsTaskRequest draft = decoded.draft();
    checkId(draft.containerGroupId(), problems::add);
    checkType(draft.opsType(), problems::add);
    Optional<AskedCapture> asked = value(draft, problems::add);
    RegionId region = regions.read(draft.regionId(), problems::add);
    CreateInstanceOpsTaskRequest request = decoded.orThrow(problems);
    OwnGroup group = require(caller, region, String.valueOf(request.containerGroupId()));
    if (asked.isPresent()) {
      capture(caller, group, asked.get());
    } else {
      dump(caller, group, String.valueOf(request.opsValue()).equals(ENABLE));
    }
    return new CreateInstanceOpsTaskResponse(null, DONE);
  }

  private void capture(Caller caller, OwnGroup group, AskedCapture asked) {
    if (!asked.enable()) {
      tasks.close(caller.account(), group.id(), OpsType.TCPDUMP);
      return;
    }
    String image = settings.tcpdumpImage();
    if (image == null || image.isBlank()) {
      throw new ApiException(
          ErrorCode.OPS_REGION_NOT_SUPPORT,
          "Packets cannot be captured here: the operator has not set PODYARD_OPS_TCPDUMP_IMAGE, an"
              + " image with tcpdump.");
    }
    if (group.status() != GroupStatus.RUNNING) {
      throw notRunning(
          "The container group is %s; packets are captured of running groups only."
              .formatted(group.status().wireName()));
    }
    begin(
        caller,
        group,
        new OpsWish.Packets(asked.filter(), image.strip()),
        asked.longest(),
        new ApiException(
            ErrorCode.OPS_INTERVAL_TOO_SHORT,
            "Packets of the container group are being captured already. Wait for the end of that"
                + " capture, or end it with {\"Enable\":false}."));
  }

  private void dump(Caller caller, OwnGroup group, boolean enable) {
    if (settings.coreDumps().toBytes() == 0) {
      throw new ApiException(
          ErrorCode.COREDUMP_REGION_NOT_SUPPORT,
          "Core dumps are not kept here: the operator has not set PODYARD_OPS_CORE_DUMPS, how large"
              + " one may be.");
    }
    if (!enable) {
      tasks.close(caller.account(), group.id(), OpsType.COREDUMP);
      return;
    }
    if (group.status().isFinal() || group.status() == GroupStatus.SCHEDULING) {
      throw notRunning(
          "The container group is %s; core dumps are kept of groups that are on a host."
              .formatted(group.status().wireName()));
    }
    begin(
        caller,
        group,
        new OpsWish.CoreDump(),
        LONGEST_WAIT_FOR_DUMP,
        new ApiException(
            ErrorCode.COREDUMP_REFRESH_INTERVAL_TOO_SHORT,
            "The core dump of the next crash is kept already. Wait for one, or end that with"
                + " disable."));
  }

  private void begin(
      Caller caller, OwnGroup group, OpsWish wish, Duration longest, ApiException underWay) {
    Instant now = clock.instant();
    NewTask task =
        new NewTask(
            TimedIds.next("ops-", now, random),
            caller.account(),
            group.id(),
            wish,
            now,
            now.plus(LONGEST_TO_BEGIN),
            longest);
    switch (tasks.begin(task, settings.perAccount())) {
      case BEGUN -> {}
      case UNDER_WAY -> throw underWay;
      case TOO_MANY ->
          throw new ApiException(
              ErrorCode.QUOTA_EXCEEDED,
              "%d operations tasks are under way already, the most an account may have at once."
                  .formatted(settings.perAccount()));
      case NOT_RUNNING -> throw notRunning("The container group does not run any more.");
    }
  }

  private static ApiException notRunning(String message) {
    return new ApiException(ErrorCode.OPS_INSTANCE_NOT_SUPPORT, message);
  }

  private OwnGroup require(Caller caller, RegionId region, String id) {
    ContainerGroupId wanted = new ContainerGroupId(id);
    LogScope.concerns(wanted);
    return groups
        .find(caller.account(), wanted, region)
        .orElseThrow(() -> new ApiException(unknown(id)));
  }

  private static void checkId(@Nullable String id, Consumer<Problem> problems) {
    if (id == null || id.isEmpty()) {
      return; // that it is missing is known already
    }
    try {
      ContainerGroupId _ = new ContainerGroupId(id);
    } catch (IllegalArgumentException e) {
      problems.accept(unknown(id));
    }
  }

  private static Problem unknown(String id) {
    return new Problem(
        ErrorCode.INVALID_INSTANCE_ID_NOT_FOUND,
        "ContainerGroupId",
        id,
        "names no container group of this account and region");
  }

  static void checkType(@Nullable String type, Consumer<Problem> problems) {
    if (type != null && !type.isEmpty() && OpsType.named(type).isEmpty()) {
      problems.accept(
          new Problem(
              ErrorCode.OPS_TYPE_NOT_SUPPORT, "OpsType", type, "must be tcpdump or coredump"));
    }
  }

  private Optional<AskedCapture> value(
      CreateInstanceOpsTaskRequest draft, Consumer<Problem> problems) {
    String value = draft.opsValue();
    if (value == null || value.isEmpty()) {
      return Optional.empty();
    }
    return switch (OpsType.named(String.valueOf(draft.opsType())).orElse(null)) {
      case TCPDUMP -> CaptureReading.read(value, settings, problems);
      case COREDUMP -> {
        if (!value.equals(ENABLE) && !value.equals(DISABLE)) {
          problems.accept(
              new Problem(
                  ErrorCode.OPS_VALUE_INVALID,
                  "OpsValue",
                  value,
                  "must be enable or disable for coredump"));
        }
        yield Optional.empty();
      }
      case null -> Optional.empty();
    };
  }
}
