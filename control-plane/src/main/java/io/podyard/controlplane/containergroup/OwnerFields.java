package io.podyard.controlplane.containergroup;

import io.podyard.api.containergroup.CreateContainerGroupRequest;
import org.jspecify.annotations.Nullable;

/**
 * The four parameters that every request class of ECI's SDKs has. The contract gives them no
 * meaning; whoever sends them with a new group gets them back. ECI's answers have no place for
 * them, Podyard's own have.
 */
public record OwnerFields(
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {

  public static final OwnerFields NONE = new OwnerFields(null, null, null, null);

  static @Nullable OwnerFields of(CreateContainerGroupRequest request) {
    OwnerFields given =
        new OwnerFields(
            request.ownerAccount(),
            request.ownerId(),
            request.resourceOwnerAccount(),
            request.resourceOwnerId());
    return given.equals(NONE) ? null : given;
  }
}
