package io.podyard.runtime;

/**
 * An environment variable of a container.
 *
 * @param source where the value comes from
 * @param value the value if {@code source} is {@link Source#VALUE}, else empty
 */
public record EnvironmentVariable(String name, Source source, Secret value) {

  public enum Source {
    VALUE,
    /** The address of the group, known once its sandbox is there. */
    POD_IP
  }

  public static EnvironmentVariable of(String name, String value) {
    return new EnvironmentVariable(name, Source.VALUE, new Secret(value));
  }

  public static EnvironmentVariable podIp(String name) {
    return new EnvironmentVariable(name, Source.POD_IP, new Secret(""));
  }
}
