package io.podyard.runtime.pod;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.RegistryCredential;
import java.util.List;

/**
 * One image to be fetched for a group.
 *
 * @param retry how many fetches of it failed for this group before; a higher number begins a new
 *     fetch although one failed
 */
public record PullOrder(
    AccountId account,
    ContainerGroupId group,
    String image,
    int retry,
    List<RegistryCredential> credentials,
    List<String> plainHttpRegistries,
    List<String> insecureRegistries) {
  public PullOrder {
    credentials = List.copyOf(credentials);
    plainHttpRegistries = List.copyOf(plainHttpRegistries);
    insecureRegistries = List.copyOf(insecureRegistries);
  }
}
