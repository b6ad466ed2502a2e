package io.podyard.runtime.docker.http;

import io.podyard.runtime.Fence;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one call to an engine.
 *
 * @param timeout from before the connection is made to the end of the answer
 * @param fence asked right before the request is written; null for calls that change nothing
 */
public record CallScope(Duration timeout, @Nullable Fence fence) {

  /** Carries the scope past docker-java's commands, which know nothing of it. */
  static final ScopedValue<CallScope> CURRENT = ScopedValue.newInstance();

  public static CallScope reading(Duration timeout) {
    return new CallScope(timeout, null);
  }

  public static CallScope changing(Duration timeout, Fence fence) {
    return new CallScope(timeout, fence);
  }

  /** Runs something whose docker-java commands are under this scope. */
  public <T, X extends Exception> T call(ScopedValue.CallableOp<? extends T, X> work) throws X {
    return ScopedValue.where(CURRENT, this).call(work);
  }
}
