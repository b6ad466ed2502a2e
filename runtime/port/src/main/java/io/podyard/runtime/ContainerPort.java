package io.podyard.runtime;

/**
 * A port a container says it listens on.
 *
 * @param port 1 to 65535
 */
public record ContainerPort(int port, Protocol protocol) {

  public enum Protocol {
    TCP,
    UDP
  }
}
