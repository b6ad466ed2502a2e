package io.podyard.runtime.pod;

/** The engine will not make or run a container, however often it is asked. */
public final class ContainerRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * The reason of a host that cannot give the container its GPUs: no other attempt will help, and
   * the group fails.
   */
  public static final String GPU_UNAVAILABLE = "GpuUnavailable";

  private final String reason;

  /**
   * @param reason machine-readable: {@code CreateContainerError}, {@code ContainerCannotRun},
   *     {@link #GPU_UNAVAILABLE}
   */
  public ContainerRefusedException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
