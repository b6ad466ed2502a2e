package io.podyard.controlplane.container;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.containergroup.OpenStreams;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.containergroup.OwnGroups.OwnGroup;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import io.podyard.runtime.LogQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Logs that are followed while they are written, as many at once as the settings say. */
@Component
public class LogFollowing implements SmartLifecycle {

  /** As for logs that are read in one go (contract section 15). */
  public static final int LINES_BY_DEFAULT = 500;

  public static final int MOST_LINES = 2000;

  private final OwnGroups groups;
  private final Inventory inventory;
  private final Runtimes runtimes;
  private final OpenStreams<FollowedLog> streams;

  LogFollowing(OwnGroups groups, Inventory inventory, Runtimes runtimes, PodyardSettings settings) {
    this.groups = groups;
    this.inventory = inventory;
    this.runtimes = runtimes;
    this.streams = new OpenStreams<>("logs", settings.exec().followers());
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
    return streams.open(
        over ->
            new FollowedLog(
                () -> groups.find(account, found.id(), null),
                inventory.installation(),
                runtimes,
                found.id(),
                found.host(),
                name,
                goesOn,
                query,
                over));
  }

  /** How many are followed. */
  public int count() {
    return streams.count();
  }

  @Override
  public void start() {
    streams.start();
  }

  /** Before the web server waits for what is under way. */
  @Override
  public void stop() {
    streams.stop();
  }

  @Override
  public boolean isRunning() {
    return streams.isRunning();
  }
}
