package io.podyard.runtime.pod;

import java.time.Instant;

/** Does work at a time, beside everything else. */
interface Timer extends AutoCloseable {

  /**
   * @param when at once if it is over
   */
  void at(Instant when, Runnable work);

  /** What is not begun is not done any more. */
  @Override
  void close();
}
