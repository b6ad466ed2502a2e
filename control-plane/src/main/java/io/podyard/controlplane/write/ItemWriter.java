package io.podyard.controlplane.write;

import io.podyard.api.ApiException;

/** Writes items of one kind durably. */
public interface ItemWriter<I, R> extends AutoCloseable {

  /**
   * Writes one item and waits until it is durable.
   *
   * @throws NotWrittenException if it was not written, or if that is unknown
   * @throws ApiException if the item is refused
   */
  R write(I item) throws NotWrittenException;

  @Override
  void close();
}
