package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.containergroup.OwnerFields;
import io.podyard.controlplane.hosttask.RegistryAccess;
import io.podyard.runtime.RegistryCredential;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache that is wanted, with its defaults filled in.
 *
 * @param content what is to be held, and where
 * @param elimination null for never by itself
 * @param retentionDays null for ever
 * @param zone null for any of the region
 */
record CacheWish(
    String name,
    Content content,
    RegistryAccess access,
    @Nullable String elimination,
    @Nullable Integer retentionDays,
    @Nullable String resourceGroup,
    @Nullable String zone,
    Kept kept,
    SortedMap<String, String> tags) {

  /** What only a new revision can change. */
  record Content(
      List<String> images, int sizeGib, boolean flash, int flashCopies, int standardCopies) {

    Content {
      images = List.copyOf(images);
    }
  }

  /** What a request said that means nothing here. */
  record Kept(
      @Nullable String securityGroupId,
      List<String> vSwitchIds,
      @Nullable String ownerAccount,
      @Nullable Long ownerId,
      @Nullable String resourceOwnerAccount,
      @Nullable Long resourceOwnerId) {

    static final Kept NOTHING = new Kept(null, List.of(), null, null, null, null);

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

  /** For comparing requests; with the passwords, only good for being hashed. */
  List<String> meaning() {
    List<String> meaning = new ArrayList<>();
    meaning.add(name);
    meaning.add(String.valueOf(content));
    meaning.addAll(logins(access.credentials()));
    meaning.add(String.valueOf(access.plainHttpRegistries()));
    meaning.add(String.valueOf(access.insecureRegistries()));
    meaning.add(String.valueOf(elimination));
    meaning.add(String.valueOf(retentionDays));
    meaning.add(String.valueOf(resourceGroup));
    meaning.add(String.valueOf(zone));
    meaning.add(String.valueOf(kept));
    meaning.add(String.valueOf(tags));
    return meaning;
  }

  static List<String> logins(List<RegistryCredential> credentials) {
    List<String> texts = new ArrayList<>();
    texts.add(String.valueOf(credentials.size()));
    for (RegistryCredential one : credentials) {
      texts.addAll(List.of(one.server(), one.userName(), one.password().reveal()));
    }
    return texts;
  }
}
