package io.podyard.controlplane.datacache;

import io.podyard.controlplane.containergroup.OwnerFields;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache that is wanted, with its defaults filled in.
 *
 * @param name null for the id
 * @param retentionDays null for ever
 */
record DataCacheWish(
    String bucket,
    String path,
    @Nullable String name,
    int sizeGib,
    StoredSource source,
    @Nullable Integer retentionDays,
    @Nullable String resourceGroup,
    Kept kept,
    SortedMap<String, String> tags) {

  /** What a request said that means nothing here. */
  record Kept(
      @Nullable String securityGroupId,
      List<String> vSwitchIds,
      @Nullable String ownerAccount,
      @Nullable Long ownerId,
      @Nullable String resourceOwnerAccount,
      @Nullable Long resourceOwnerId) {

    Kept {
      vSwitchIds = List.copyOf(vSwitchIds);
    }

    static Kept of(@Nullable String securityGroup, List<String> vSwitches, OwnerFields owner) {
      return new Kept(
          securityGroup,
          vSwitches,
          owner.ownerAccount(),
          owner.ownerId(),
          owner.resourceOwnerAccount(),
          owner.resourceOwnerId());
    }
  }

  /** For comparing requests; with the secret of a key, only good for being hashed. */
  List<String> meaning() {
    return List.of(
        bucket,
        path,
        String.valueOf(name),
        String.valueOf(sizeGib),
        source.type(),
        String.valueOf(source.options()),
        String.valueOf(retentionDays),
        String.valueOf(resourceGroup),
        String.valueOf(kept),
        String.valueOf(tags));
  }
}
