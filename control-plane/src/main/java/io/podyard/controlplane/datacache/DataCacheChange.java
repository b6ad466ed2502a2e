package io.podyard.controlplane.datacache;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What is to be different of a cache; null, or empty, for what stays. */
record DataCacheChange(
    @Nullable String bucket,
    @Nullable String name,
    @Nullable Integer sizeGib,
    @Nullable StoredSource source,
    @Nullable Integer retentionDays,
    @Nullable String resourceGroup,
    @Nullable String securityGroup,
    List<String> vSwitchIds,
    SortedMap<String, String> tags) {

  DataCacheWish.Kept applied(DataCacheWish.Kept before) {
    return new DataCacheWish.Kept(
        securityGroup == null ? before.securityGroupId() : securityGroup,
        vSwitchIds.isEmpty() ? before.vSwitchIds() : vSwitchIds,
        before.ownerAccount(),
        before.ownerId(),
        before.resourceOwnerAccount(),
        before.resourceOwnerId());
  }

  /** For comparing requests; with the secret of a key, only good for being hashed. */
  List<String> meaning(String cache) {
    return List.of(
        cache,
        String.valueOf(bucket),
        String.valueOf(name),
        String.valueOf(sizeGib),
        source == null ? "" : source.type() + source.options(),
        String.valueOf(retentionDays),
        String.valueOf(resourceGroup),
        String.valueOf(securityGroup),
        String.valueOf(vSwitchIds),
        String.valueOf(tags));
  }
}
