package io.podyard.controlplane.write;

import java.util.List;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes each item on its caller's thread, in a transaction of its own: what a {@link BatchWriter}
 * makes of one item, without its thread and its time limits.
 */
public final class DirectWriter<I, R> implements ItemWriter<I, R> {

  /** The database or the way to it fails at a {@link CommitPoints commit point}. */
  public static final class CommitFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CommitFailure(String message) {
      super(message);
    }
  }

  private final ItemTransaction<I, R> transaction;

  public DirectWriter(
      String name,
      TransactionTemplate transaction,
      BatchWriter.Handler<I, R> handler,
      CommitPoints points) {
    this.transaction = new ItemTransaction<>(name, transaction, handler, points);
  }

  /**
   * {@inheritDoc}
   *
   * @throws AssertionError if the database refuses the item: nobody else is in its way here
   */
  @Override
  public R write(I item) throws NotWrittenException {
    try {
      return transaction.write(List.of(item)).getFirst();
    } catch (CommitFailure failure) {
      throw new NotWrittenException(transaction.name() + ": " + failure.getMessage(), failure);
    } catch (RuntimeException failure) {
      throw new AssertionError(transaction.name() + " refused " + item, failure);
    }
  }

  @Override
  public void close() {}
}
