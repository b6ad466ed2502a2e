package io.podyard.controlplane.write;

import java.util.List;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Items written in one transaction on the caller's thread, again if another one was in its way.
 *
 * @param name of the writer, for {@code points}
 */
record ItemTransaction<I, R>(
    String name,
    TransactionTemplate transaction,
    BatchWriter.Handler<I, R> handler,
    CommitPoints points) {

  private static final int TRIES_AFTER_CONFLICT = 5;

  /** One result for each item, in their order; after an exception it may be unknown if written. */
  List<R> write(List<I> items) {
    for (int attempt = 1; ; attempt++) {
      try {
        points.reached(name, CommitPoints.Side.BEFORE);
        List<R> results = transaction.execute(status -> handler.write(items));
        points.reached(name, CommitPoints.Side.AFTER);
        if (results == null || results.size() != items.size()) {
          throw new IllegalStateException(name + ": results do not match the items");
        }
        return results;
      } catch (RuntimeException failure) {
        if (attempt >= TRIES_AFTER_CONFLICT || !DatabaseFailures.isConflict(failure)) {
          throw failure;
        }
      }
    }
  }
}
