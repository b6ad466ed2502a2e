package io.podyard.controlplane.commit;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.commit.CommitContainerRequest;
import io.podyard.api.commit.CommitContainerResponse;
import io.podyard.api.commit.CommitImageRequest;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.commit.CommitTaskStore.NewTask;
import io.podyard.controlplane.container.Containers;
import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.GroupStatus;
import io.podyard.controlplane.containergroup.GroupStore;
import io.podyard.controlplane.containergroup.ImageNames;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.containergroup.OwnGroups.OwnGroup;
import io.podyard.controlplane.hosttask.RegistryAccess;
import io.podyard.controlplane.hosttask.TimedIds;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.settings.CommitSettings;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.RegionId;
import io.podyard.runtime.ContainerStatus;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Takes wishes to make images of containers (contract section 15). */
@Component
public class ContainerCommits {

  private static final int LONGEST_AUTHOR = 255;
  private static final int LONGEST_MESSAGE = 1024;

  private final OwnGroups groups;
  private final GroupStore records;
  private final Regions regions;
  private final CommitTaskStore tasks;
  private final SecretBox secrets;
  private final CommitSettings settings;
  private final Clock clock;
  private final RandomGenerator random = new SecureRandom();

  ContainerCommits(
      OwnGroups groups,
      GroupStore records,
      Regions regions,
      CommitTaskStore tasks,
      SecretBox secrets,
      PodyardSettings settings,
      Clock clock) {
    this.groups = groups;
    this.records = records;
    this.regions = regions;
    this.tasks = tasks;
    this.secrets = secrets;
    this.settings = settings.commits();
    this.clock = clock;
  }

  /**
   * Begins a task; answers as soon as it is durable.
   *
   * @throws ApiException with every problem of the request, or if there is no such group or
   *     container, it does not run, or the account has too many tasks already
   */
  public CommitContainerResponse commit(Caller caller, Decoded<CommitContainerRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    CommitContainerRequest draft = decoded.draft();
    Containers.requireNamed(draft.containerGroupId(), draft.containerName(), problems);
    check(draft.image(), problems);
    RegionId region = regions.read(draft.regionId(), problems::add);
    CommitContainerRequest request = decoded.orThrow(problems);
    OwnGroup group = groups.require(caller, region, request.containerGroupId());
    String container = Containers.require(group, request.containerName());
    CommitImageRequest image = request.image();
    GroupRecord record = records.find(group.id()).orElse(null);
    if (image == null || record == null || group.status() != GroupStatus.RUNNING) {
      throw notRunning(
          "The container group is %s; only containers of running groups become images."
              .formatted(group.status().wireName()));
    }
    boolean runs =
        group
            .state()
            .container(container)
            .filter(progress -> progress.current() instanceof ContainerStatus.Running)
            .isPresent();
    if (!runs) {
      throw notRunning(
          "Container %s does not run; only running containers become images.".formatted(container));
    }
    Instant now = clock.instant();
    String id = TimedIds.next("cct-", now, random);
    NewTask task =
        new NewTask(
            id,
            caller.account(),
            group.id(),
            container,
            image.repository() + ":" + image.tag(),
            text(image.author()),
            text(image.message()),
            RegistryAccess.of(record.spec()).sealed(secrets, id),
            now,
            now.plus(settings.deadline()));
    return switch (tasks.begin(task, settings.perAccount())) {
      case BEGUN -> new CommitContainerResponse(null, id);
      case TOO_MANY ->
          throw new ApiException(
              ErrorCode.QUOTA_EXCEEDED,
              "%d tasks that make images run already, the most an account may have at once."
                  .formatted(settings.perAccount()));
      case NOT_RUNNING -> throw notRunning("The container group does not run any more.");
    };
  }

  private static ApiException notRunning(String message) {
    return new ApiException(ErrorCode.INCORRECT_STATUS_DETAIL, message);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static void check(@Nullable CommitImageRequest image, List<Problem> problems) {
    String repository = image == null ? null : image.repository();
    String tag = image == null ? null : image.tag();
    if (image == null) {
      problems.add(Problem.missing("Image.Repository"));
      problems.add(Problem.missing("Image.Tag"));
      return;
    }
    boolean named =
        repository != null && repository.indexOf('@') < 0 && ImageNames.isName(repository + ":t");
    if (repository != null && !repository.isEmpty() && !named) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "Image.Repository",
              repository,
              "must be [registry[:port]/]path without a tag, at most 253 characters"));
    }
    if (tag != null
        && !tag.isEmpty()
        && (tag.indexOf('@') >= 0 || !ImageNames.isName("a:" + tag))) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "Image.Tag",
              tag,
              "must be up to 128 letters, digits, '_', '.' and '-', not beginning with the last"
                  + " two"));
    }
    tooLong("Image.Author", image.author(), LONGEST_AUTHOR, problems);
    tooLong("Image.Message", image.message(), LONGEST_MESSAGE, problems);
  }

  private static void tooLong(
      String parameter, @Nullable String text, int most, List<Problem> problems) {
    if (text != null && text.length() > most) {
      problems.add(
          Problem.of(
              ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED,
              parameter,
              "must be at most %d characters, not %d".formatted(most, text.length())));
    }
  }
}
