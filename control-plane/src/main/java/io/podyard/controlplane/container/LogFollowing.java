package io.podyard.controlplane.container;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.containergroup.OpenStreams;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.containergroup.OwnGroups.OwnGroup;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import io.podyard.runtime.LogQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Logs that are followed while they are written, as many at once as the settings say. */
@Component
public class LogFollowing extends OpenStreams<FollowedLog> {

  /** As for logs that are read in one go (contract section 15). */
  public static final int LINES_BY_DEFAULT = 500;

  public static final int MOST_LINES = 2000;

  private final OwnGroups groups;
  private final GroupLogs logs;

  LogFollowing(OwnGroups groups, GroupLogs logs, PodyardSettings settings) {
    super("logs", settings.exec().followers());
    this.groups = groups;
    this.logs = logs;
  }

  /** What is wrong with the names of a container, before it is looked for. */
  public static void check(
      @Nullable String group, @Nullable String container, List<Problem> problems) {
    Containers.requireNamed(group, container, problems);
  }

  /**
   * Finds a log; the caller reads it and closes it.
   *
   * @param goesOn whether what is not yet written is waited for
   * @param query its lines and its time say where to begin
   * @throws ApiException if the account has no such group or container, or too many are followed
   */
  public FollowedLog follow(
      AccountId account,
      @Nullable String group,
      @Nullable String container,
      boolean goesOn,
      LogQuery query) {
    OwnGroup found = groups.require(account, group);
    String name = Containers.require(found, container);
    return open(
        over ->
            new FollowedLog(
                () -> groups.find(account, found.id(), null),
                logs,
                found.id(),
                found.host(),
                name,
                goesOn,
                query,
                over));
  }
}
