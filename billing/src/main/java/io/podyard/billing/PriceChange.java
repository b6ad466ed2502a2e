package io.podyard.billing;

import java.util.List;

/**
 * A book that follows another one.
 *
 * @param gone prices that the old book has and the new one has not: they were given an end, or had
 *     not begun
 * @param added prices that the new book has and the old one has not, among them the former ones
 *     with their ends
 * @param book the new one
 */
public record PriceChange(List<Price> gone, List<Price> added, PriceBook book) {

  public PriceChange {
    gone = List.copyOf(gone);
    added = List.copyOf(added);
  }

  /** Whether both books are the same. */
  public boolean isEmpty() {
    return gone.isEmpty() && added.isEmpty();
  }
}
