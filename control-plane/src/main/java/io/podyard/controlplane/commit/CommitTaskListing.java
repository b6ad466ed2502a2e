package io.podyard.controlplane.commit;

import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.commit.CommitPhaseResponse;
import io.podyard.api.commit.CommitTaskResponse;
import io.podyard.api.commit.DescribeCommitContainerTaskRequest;
import io.podyard.api.commit.DescribeCommitContainerTaskResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.model.RegionId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Lists an account's tasks that make images, newest first (contract section 15). A page is found by
 * the id it begins after.
 */
@Component
public class CommitTaskListing {

  private static final int ROWS_BY_DEFAULT = 10;
  private static final int MOST_ROWS = 50;
  private static final int MOST_COUNTED = 10_000;
  private static final String TOKEN_PREFIX = "commit-after:";

  private final JdbcTemplate jdbc;
  private final Regions regions;

  CommitTaskListing(JdbcTemplate jdbc, Regions regions) {
    this.jdbc = jdbc;
    this.regions = regions;
  }

  /**
   * One page.
   *
   * @throws io.podyard.api.ApiException with every problem of the request
   */
  public DescribeCommitContainerTaskResponse describe(
      Caller caller, Decoded<DescribeCommitContainerTaskRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DescribeCommitContainerTaskRequest draft = decoded.draft();
    OwnGroups.checkId(draft.containerGroupId(), problems::add);
    int rows = rows(draft.maxResults(), problems::add);
    String after = after(draft.nextToken(), problems::add);
    checkStatus(draft.taskStatus(), problems::add);
    RegionId region = regions.read(draft.regionId(), problems::add);
    DescribeCommitContainerTaskRequest request = decoded.orThrow(problems);

    StringBuilder condition = new StringBuilder("account_id = ? and region = ?");
    List<Object> arguments = new ArrayList<>();
    arguments.add(caller.account().value());
    arguments.add(region.value());
    add(condition, arguments, "group_id", request.containerGroupId());
    add(condition, arguments, "status", request.taskStatus());
    if (!request.taskId().isEmpty()) {
      condition.append(" and id in (").append("?, ".repeat(request.taskId().size() - 1));
      condition.append("?)");
      arguments.addAll(request.taskId());
    }
    Integer total =
        jdbc.queryForObject(
            "select count(*) from (select 1 from commit_task where %s limit %d) counted"
                .formatted(condition, MOST_COUNTED),
            Integer.class,
            arguments.toArray());
    if (after != null) {
      condition.append(" and id < ?");
      arguments.add(after);
    }
    arguments.add(rows + 1);
    List<CommitTask> found =
        jdbc.query(
            "select %s from commit_task where %s order by id desc limit ?"
                .formatted(CommitTaskStore.COLUMNS, condition),
            (row, n) -> CommitTaskStore.task(row),
            arguments.toArray());
    boolean more = found.size() > rows;
    List<CommitTask> page = more ? found.subList(0, rows) : found;
    return new DescribeCommitContainerTaskResponse(
        page.stream().map(CommitTaskListing::answer).toList(),
        Integer.toString(rows),
        more ? token(page.getLast().id()) : null,
        null,
        total);
  }

  private static void add(
      StringBuilder condition, List<Object> arguments, String column, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      condition.append(" and ").append(column).append(" = ?");
      arguments.add(value);
    }
  }

  private static int rows(@Nullable Integer asked, Consumer<Problem> problems) {
    if (asked != null && (asked < 1 || asked > MOST_ROWS)) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              "MaxResults",
              asked.toString(),
              "must be from 1 to " + MOST_ROWS));
    }
    return asked == null ? ROWS_BY_DEFAULT : asked;
  }

  private static void checkStatus(@Nullable String asked, Consumer<Problem> problems) {
    if (asked != null && !asked.isEmpty() && CommitStatus.named(asked).isEmpty()) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "TaskStatus",
              asked,
              "must be one of " + String.join(", ", CommitStatus.names())));
    }
  }

  private static String token(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((TOKEN_PREFIX + last).getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable String after(@Nullable String token, Consumer<Problem> problems) {
    if (token == null || token.isEmpty()) {
      return null;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      // A made-up token must not carry what no text column takes.
      if (text.startsWith(TOKEN_PREFIX) && text.indexOf('\0') < 0) {
        return text.substring(TOKEN_PREFIX.length());
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    problems.accept(
        new Problem(
            ErrorCode.INVALID_PARAMETER,
            "NextToken",
            token,
            "is not a token of an earlier answer; leave it out for the first page"));
    return null;
  }

  private static CommitTaskResponse answer(CommitTask task) {
    List<CommitPhaseResponse> phases = new ArrayList<>();
    for (CommitPhase phase : CommitPhase.values()) {
      if (phase.compareTo(task.phase()) <= 0) {
        phases.add(answer(task, phase));
      }
    }
    return new CommitTaskResponse(
        phases,
        task.container(),
        task.statusMessage(),
        task.createdAt(),
        task.finishedAt(),
        task.id(),
        task.progress() + "%",
        task.status().wireName());
  }

  private static CommitPhaseResponse answer(CommitTask task, CommitPhase phase) {
    boolean over = phase.compareTo(task.phase()) < 0;
    CommitStatus status = over ? CommitStatus.SUCCEEDED : task.status();
    return new CommitPhaseResponse(
        over ? "" : task.statusMessage(),
        phase.wireName(),
        recordTime(task, phase),
        status.wireName());
  }

  /** When it ended, or else began. */
  private static Instant recordTime(CommitTask task, CommitPhase phase) {
    Instant began =
        switch (phase) {
          case PULL_BASE_IMAGE -> task.createdAt();
          case COMMIT_CONTAINER -> first(task.basedAt(), task.createdAt());
          case PUSH_COMMITTED_IMAGE -> first(task.committedAt(), task.createdAt());
        };
    Instant ended =
        phase == task.phase()
            ? task.finishedAt()
            : phase == CommitPhase.PULL_BASE_IMAGE ? task.basedAt() : task.committedAt();
    return first(ended, began);
  }

  private static Instant first(@Nullable Instant at, Instant otherwise) {
    return at == null ? otherwise : at;
  }
}
