package io.podyard.api.commit;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/**
 * Makes an image of a running container and pushes it to a registry (contract section 15). The
 * login is the one that the container's group was created with for that registry.
 *
 * @param acrRegistryInfo refused: there are no registries without a login of one's own
 * @param arn refused: there are no roles
 * @param image where the image goes; its repository and tag are required
 * @param ownerAccount accepted; it means nothing
 * @param ownerId accepted; it means nothing
 * @param regionId null means this installation's own region
 * @param resourceOwnerAccount accepted; it means nothing
 * @param resourceOwnerId accepted; it means nothing
 */
public record CommitContainerRequest(
    @Nullable AcrRegistry acrRegistryInfo,
    @Nullable Role arn,
    @Required @Nullable String containerGroupId,
    @Required @Nullable String containerName,
    @Nullable CommitImageRequest image,
    @Nullable String ownerAccount,
    @Nullable Long ownerId,
    @Nullable String regionId,
    @Nullable String resourceOwnerAccount,
    @Nullable Long resourceOwnerId) {

  /** A registry of the vendor's. */
  public record AcrRegistry(
      @Nullable String arnService,
      @Nullable String arnUser,
      @Nullable String instanceId,
      @Nullable String regionId) {}

  /** A role that is assumed. */
  public record Role(@Nullable String roleArn, @Nullable String roleType) {}
}
