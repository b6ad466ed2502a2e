package io.podyard.controlplane.hosttask;

import io.podyard.controlplane.secret.SecretBox;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.RegistryCredential;
import io.podyard.runtime.Secret;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a task reaches registries. It is kept with the task or with what the task is for, sealed and
 * bound to that, because whoever knew it may be gone before the task is done.
 */
public record RegistryAccess(
    List<RegistryCredential> credentials,
    List<String> plainHttpRegistries,
    List<String> insecureRegistries) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What is sealed; never kept or shown. */
  private record Document(
      List<Login> logins, List<String> plainHttpRegistries, List<String> insecureRegistries) {}

  private record Login(String server, String userName, String password) {
    @Override
    public String toString() {
      return server;
    }
  }

  public static RegistryAccess of(GroupSpec group) {
    return new RegistryAccess(
        group.registryCredentials(), group.plainHttpRegistries(), group.insecureRegistries());
  }

  /** The same registries with other logins. */
  public RegistryAccess loggingIn(List<RegistryCredential> others) {
    return new RegistryAccess(others, plainHttpRegistries, insecureRegistries);
  }

  public String sealed(SecretBox secrets, String task) {
    Document document =
        new Document(
            credentials.stream()
                .map(c -> new Login(c.server(), c.userName(), c.password().reveal()))
                .toList(),
            plainHttpRegistries,
            insecureRegistries);
    return secrets.seal(JSON.writeValueAsString(document), task);
  }

  /**
   * @throws io.podyard.controlplane.secret.SecretNotOpenedException if it was sealed with another
   *     key or for another task
   */
  public static RegistryAccess opened(SecretBox secrets, String sealed, String task) {
    Document document = JSON.readValue(secrets.open(sealed, task), Document.class);
    return new RegistryAccess(
        document.logins().stream()
            .map(l -> new RegistryCredential(l.server(), l.userName(), new Secret(l.password())))
            .toList(),
        document.plainHttpRegistries(),
        document.insecureRegistries());
  }
}
