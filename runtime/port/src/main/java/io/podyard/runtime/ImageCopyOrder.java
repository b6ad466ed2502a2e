package io.podyard.runtime;

import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.util.List;

/**
 * Which images a host is to hold for a cache.
 *
 * @param account whose credentials these are; what is fetched with them serves it alone
 * @param cache the key by which the host knows what it holds: letters, digits, {@code .} and {@code
 *     -}, at most 60, never used for other images again
 * @param images names as in a container
 * @param credentials the one of an image's registry is used
 * @param plainHttpRegistries hosts spoken to without TLS
 * @param insecureRegistries hosts whose certificate is not checked
 */
public record ImageCopyOrder(
    InstallationId installation,
    HostId host,
    AccountId account,
    String cache,
    List<String> images,
    List<RegistryCredential> credentials,
    List<String> plainHttpRegistries,
    List<String> insecureRegistries) {

  private static final String KEY = "[A-Za-z0-9.-]{1,60}";

  /**
   * @throws IllegalArgumentException if the key is none
   */
  public ImageCopyOrder {
    if (!cache.matches(KEY)) {
      throw new IllegalArgumentException("\"" + cache + "\" is no key of a cache");
    }
    images = List.copyOf(images);
    credentials = List.copyOf(credentials);
    plainHttpRegistries = List.copyOf(plainHttpRegistries);
    insecureRegistries = List.copyOf(insecureRegistries);
  }
}
