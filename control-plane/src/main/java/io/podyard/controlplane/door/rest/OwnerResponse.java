package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.OwnerFields;
import org.jspecify.annotations.Nullable;

/** What was sent with a new group and means nothing; ECI's own answers have no place for it. */
record OwnerResponse(
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {

  static OwnerResponse of(GroupRecord group) {
    OwnerFields kept = group.kept().owner();
    OwnerFields owner = kept == null ? OwnerFields.NONE : kept;
    return new OwnerResponse(
        owner.ownerAccount(),
        owner.ownerId(),
        owner.resourceOwnerAccount(),
        owner.resourceOwnerId());
  }
}
