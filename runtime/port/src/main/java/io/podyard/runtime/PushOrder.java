package io.podyard.runtime;

import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.time.Duration;
import java.util.List;

/**
 * Where an image that was made of a container is to go.
 *
 * @param task whose image it is
 * @param image its full name in the registry, with a tag
 * @param credentials the one of the image's registry is used
 * @param plainHttpRegistries hosts spoken to without TLS
 * @param insecureRegistries hosts whose certificate is not checked
 * @param timeout for all of it
 */
public record PushOrder(
    InstallationId installation,
    HostId host,
    String task,
    String image,
    List<RegistryCredential> credentials,
    List<String> plainHttpRegistries,
    List<String> insecureRegistries,
    Duration timeout) {
  public PushOrder {
    credentials = List.copyOf(credentials);
    plainHttpRegistries = List.copyOf(plainHttpRegistries);
    insecureRegistries = List.copyOf(insecureRegistries);
  }
}
