package io.podyard.runtime.pod;

/** The engine will not make or run a container, however often it is asked. */
public final class ContainerRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason machine-readable: {@code CreateContainerError}, {@code ContainerCannotRun}
   */
  public ContainerRefusedException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
