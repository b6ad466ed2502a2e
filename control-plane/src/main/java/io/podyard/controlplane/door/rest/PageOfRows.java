package io.podyard.controlplane.door.rest;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of rows.
 *
 * @param more whether another page follows
 */
record PageOfRows<T>(List<T> rows, boolean more) {

  /**
   * What is shown of rows that were read.
   *
   * @param read one more than the limit if there are so many
   */
  static <T> PageOfRows<T> of(List<T> read, int limit) {
    return read.size() > limit
        ? new PageOfRows<>(List.copyOf(read.subList(0, limit)), true)
        : new PageOfRows<>(List.copyOf(read), false);
  }

  /** The rows as they are answered. */
  <A> List<A> map(Function<T, A> form) {
    return rows.stream().map(form).toList();
  }

  /** The token that asks for the next page: the id of the last row; null on the last page. */
  @Nullable String nextToken(Function<T, String> id) {
    return more ? id.apply(rows.getLast()) : null;
  }
}
