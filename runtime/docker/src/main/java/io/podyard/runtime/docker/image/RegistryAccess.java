package io.podyard.runtime.docker.image;

import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.PushOrder;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.pod.PullOrder;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one repository is reached for one fetch.
 *
 * @param host as the image's name has it
 * @param plain without TLS
 * @param verified whether the registry's certificate is checked
 * @param credential null for an anonymous fetch
 */
record RegistryAccess(
    String host,
    String repository,
    boolean plain,
    boolean verified,
    @Nullable RegistryCredential credential) {

  private static final String HUB_ENDPOINT = "registry-1.docker.io";

  static RegistryAccess of(ImageReference image, PullOrder order) {
    return of(image, order.credentials(), order.plainHttpRegistries(), order.insecureRegistries());
  }

  static RegistryAccess of(ImageReference image, ImageCopyOrder order) {
    return of(image, order.credentials(), order.plainHttpRegistries(), order.insecureRegistries());
  }

  static RegistryAccess of(ImageReference image, PushOrder order) {
    return of(image, order.credentials(), order.plainHttpRegistries(), order.insecureRegistries());
  }

  private static RegistryAccess of(
      ImageReference image,
      List<RegistryCredential> credentials,
      List<String> plainHttpRegistries,
      List<String> insecureRegistries) {
    String host = image.host();
    RegistryCredential credential =
        credentials.stream().filter(c -> sameHost(host, c.server())).findFirst().orElse(null);
    boolean plain =
        isLoopback(host) || plainHttpRegistries.stream().anyMatch(h -> sameHost(host, h));
    boolean verified = insecureRegistries.stream().noneMatch(h -> sameHost(host, h));
    return new RegistryAccess(host, image.repository(), plain, verified, credential);
  }

  private static boolean sameHost(String host, String given) {
    boolean hub =
        given.equals("index.docker.io") || given.equals(HUB_ENDPOINT) || given.equals("docker.io");
    return host.equalsIgnoreCase(given) || (hub && host.equals(ImageReference.DOCKER_HUB));
  }

  /** As Docker does, registries on this machine are spoken to without TLS. */
  static boolean isLoopback(String host) {
    String name = host.startsWith("[") ? host.substring(0, host.indexOf(']') + 1) : host;
    int colon = name.startsWith("[") ? -1 : name.indexOf(':');
    name = colon < 0 ? name : name.substring(0, colon);
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  /** Where the repository's manifests and blobs are. */
  URI uri(String path) {
    String authority = host.equals(ImageReference.DOCKER_HUB) ? HUB_ENDPOINT : host;
    return URI.create((plain ? "http://" : "https://") + authority + "/v2/" + repository + path);
  }

  /**
   * Two fetches of the same origin ask the same registry, equally sure of who it is, for the same
   * repository. Only then may what one of them fetched serve the other.
   */
  String origin() {
    String how = plain ? "http" : verified ? "https" : "unverified";
    return how + "://" + host + "/" + repository;
  }
}
