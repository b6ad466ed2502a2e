package io.podyard.controlplane.logging;

import io.podyard.model.ContainerGroupId;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * While it is open, the lines that this thread logs carry a request id, a group id or both. To be
 * closed by the thread that opened it, in the reverse order; then they carry what they did before.
 */
public final class LogScope implements AutoCloseable {

  /** The name of the request's id in the log. */
  public static final String REQUEST = "requestId";

  /** The name of the group's id in the log. */
  public static final String GROUP = "groupId";

  /** What the lines of a thread carry, for the lines of another that works for it. */
  public record Fields(@Nullable String request, @Nullable String group) {

    public static final Fields NONE = new Fields(null, null);

    /** Those of this thread. */
    public static Fields present() {
      return new Fields(MDC.get(REQUEST), MDC.get(GROUP));
    }

    private void apply() {
      set(REQUEST, request);
      set(GROUP, group);
    }

    private static void set(String name, @Nullable String value) {
      if (value == null) {
        MDC.remove(name);
      } else {
        MDC.put(name, value);
      }
    }
  }

  private final Fields before;

  private LogScope(Fields before) {
    this.before = before;
  }

  /** Of one request; which group it is about is told as soon as it {@link #concerns} one. */
  public static LogScope ofRequest(String requestId) {
    return of(new Fields(requestId, null));
  }

  /** Of work on one group, for whatever request. */
  public static LogScope ofGroup(ContainerGroupId group) {
    return of(new Fields(MDC.get(REQUEST), group.value()));
  }

  /** Of work for another thread. */
  public static LogScope of(Fields fields) {
    LogScope scope = new LogScope(Fields.present());
    fields.apply();
    return scope;
  }

  /**
   * The request of this thread turns out to be about a group; so are its lines from here on, until
   * its scope is closed. Without a request nothing happens.
   */
  public static void concerns(ContainerGroupId group) {
    if (MDC.get(REQUEST) != null) {
      MDC.put(GROUP, group.value());
    }
  }

  @Override
  public void close() {
    before.apply();
  }
}
