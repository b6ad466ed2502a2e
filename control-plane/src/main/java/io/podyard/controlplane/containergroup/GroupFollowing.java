package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Groups that are followed, as many at once as the settings say. */
@Component
public class GroupFollowing extends OpenStreams<FollowedGroup> {

  private final KnownGroups groups;
  private final GroupEvents events;

  GroupFollowing(KnownGroups groups, GroupEvents events, PodyardSettings settings) {
    super("container groups", settings.exec().followers());
    this.groups = groups;
    this.events = events;
  }

  /**
   * Finds a group; the caller reads what happens to it and closes that.
   *
   * @param since events that happened last then or before are not told; null for all that are kept
   * @throws ApiException if the account has and had no such group, or too many are followed
   */
  public FollowedGroup follow(AccountId account, @Nullable String id, @Nullable Instant since) {
    ContainerGroupId group = groups.require(account, id).group().id();
    return open(
        over ->
            new FollowedGroup(
                () -> groups.mark(group), () -> groups.require(account, id), events, since, over));
  }
}
