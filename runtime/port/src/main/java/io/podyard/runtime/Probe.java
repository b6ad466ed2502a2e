package io.podyard.runtime;

/**
 * A check of a running container that is repeated (contract section 11).
 *
 * @param initialDelaySeconds from the container's start to the first check, 0 or more
 * @param periodSeconds between two checks, 1 or more
 * @param timeoutSeconds after which a check failed, 1 or more
 * @param successThreshold checks in a row that make a failing container well, 1 or more
 * @param failureThreshold checks in a row that make a container fail, 1 or more
 */
public record Probe(
    Handler handler,
    int initialDelaySeconds,
    int periodSeconds,
    int timeoutSeconds,
    int successThreshold,
    int failureThreshold) {

  public static final int DEFAULT_PERIOD_SECONDS = 10;
  public static final int DEFAULT_TIMEOUT_SECONDS = 1;
  public static final int DEFAULT_SUCCESS_THRESHOLD = 1;
  public static final int DEFAULT_FAILURE_THRESHOLD = 3;
}
