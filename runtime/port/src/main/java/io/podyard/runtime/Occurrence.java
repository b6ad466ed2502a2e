package io.podyard.runtime;

/**
 * Something a user wants to read about a group, in the manner of a Kubernetes event.
 *
 * @param reason machine-readable, for example {@code Pulling}, {@code Started}, {@code BackOff}
 * @param message one sentence for people
 */
public record Occurrence(Type type, String reason, String message) {

  public enum Type {
    NORMAL,
    WARNING
  }

  public static Occurrence normal(String reason, String message) {
    return new Occurrence(Type.NORMAL, reason, message);
  }

  public static Occurrence warning(String reason, String message) {
    return new Occurrence(Type.WARNING, reason, message);
  }
}
