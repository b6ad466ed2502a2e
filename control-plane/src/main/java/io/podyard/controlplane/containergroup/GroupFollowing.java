package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Groups that are followed, as many at once as the settings say. */
@Component
public class GroupFollowing implements SmartLifecycle {

  private final KnownGroups groups;
  private final GroupEvents events;
  private final OpenStreams<FollowedGroup> streams;

  GroupFollowing(KnownGroups groups, GroupEvents events, PodyardSettings settings) {
    this.groups = groups;
    this.events = events;
    this.streams = new OpenStreams<>("container groups", settings.exec().followers());
  }

  /**
   * Finds a group; the caller reads what happens to it and closes that.
   *
   * @param since events that happened last then or before are not told; null for all that are kept
   * @throws ApiException if the account has and had no such group, or too many are followed
   */
  public FollowedGroup follow(AccountId account, @Nullable String id, @Nullable Instant since) {
    KnownGroups.KnownGroup _ = groups.require(account, id);
    return streams.open(
        over -> new FollowedGroup(() -> groups.require(account, id), events, since, over));
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
