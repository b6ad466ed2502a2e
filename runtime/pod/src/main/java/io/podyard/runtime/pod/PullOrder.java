package io.podyard.runtime.pod;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.RegistryCredential;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One image to be fetched for a group.
 *
 * @param retry how many fetches of it failed for this group before; a higher number begins a new
 *     fetch although one failed
 * @param cached what is taken from an image cache if it can be had, null for nothing
 * @param always whether the registry is asked which image the name stands for, whatever there is
 */
public record PullOrder(
    AccountId account,
    ContainerGroupId group,
    String image,
    int retry,
    List<RegistryCredential> credentials,
    List<String> plainHttpRegistries,
    List<String> insecureRegistries,
    @Nullable CachedImage cached,
    boolean always) {
  public PullOrder {
    credentials = List.copyOf(credentials);
    plainHttpRegistries = List.copyOf(plainHttpRegistries);
    insecureRegistries = List.copyOf(insecureRegistries);
  }

  /** Of an image that no cache has. */
  public PullOrder(
      AccountId account,
      ContainerGroupId group,
      String image,
      int retry,
      List<RegistryCredential> credentials,
      List<String> plainHttpRegistries,
      List<String> insecureRegistries) {
    this(
        account,
        group,
        image,
        retry,
        credentials,
        plainHttpRegistries,
        insecureRegistries,
        null,
        true);
  }
}
