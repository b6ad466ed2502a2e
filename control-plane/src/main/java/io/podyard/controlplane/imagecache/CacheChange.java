package io.podyard.controlplane.imagecache;

import io.podyard.runtime.RegistryCredential;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to be different of a cache; null, or an empty list, for what stays.
 *
 * @param elimination empty if it is never to be deleted by itself any more
 */
record CacheChange(
    @Nullable String name,
    List<String> images,
    @Nullable Integer sizeGib,
    @Nullable Boolean flash,
    @Nullable Integer flashCopies,
    @Nullable Integer standardCopies,
    List<RegistryCredential> credentials,
    @Nullable String elimination,
    @Nullable Integer retentionDays,
    @Nullable String resourceGroup,
    @Nullable String securityGroup,
    List<String> vSwitchIds,
    SortedMap<String, String> tags) {

  /** What is to be held afterwards. */
  CacheWish.Content applied(CacheWish.Content before) {
    return new CacheWish.Content(
        images.isEmpty() ? before.images() : images,
        or(sizeGib, before.sizeGib()),
        or(flash, before.flash()),
        or(flashCopies, before.flashCopies()),
        or(standardCopies, before.standardCopies()));
  }

  CacheWish.Kept applied(CacheWish.Kept before) {
    return new CacheWish.Kept(
        securityGroup == null ? before.securityGroupId() : securityGroup,
        vSwitchIds.isEmpty() ? before.vSwitchIds() : vSwitchIds,
        before.ownerAccount(),
        before.ownerId(),
        before.resourceOwnerAccount(),
        before.resourceOwnerId());
  }

  /** Whether it gives way afterwards, as {@link CacheWish#elimination}. */
  @Nullable String eliminationAfter(@Nullable String before) {
    return elimination == null ? before : elimination.isEmpty() ? null : elimination;
  }

  /** For comparing requests; with the passwords, only good for being hashed. */
  List<String> meaning(String cache) {
    List<String> meaning = new ArrayList<>();
    meaning.add(cache);
    meaning.add(String.valueOf(name));
    meaning.add(String.valueOf(images));
    meaning.add(String.valueOf(sizeGib));
    meaning.add(String.valueOf(flash));
    meaning.add(String.valueOf(flashCopies));
    meaning.add(String.valueOf(standardCopies));
    meaning.addAll(CacheWish.logins(credentials));
    meaning.add(String.valueOf(elimination));
    meaning.add(String.valueOf(retentionDays));
    meaning.add(String.valueOf(resourceGroup));
    meaning.add(String.valueOf(securityGroup));
    meaning.add(String.valueOf(vSwitchIds));
    meaning.add(String.valueOf(tags));
    return meaning;
  }

  private static <T> T or(@Nullable T wanted, T before) {
    return wanted == null ? before : wanted;
  }
}
