package io.podyard.controlplane.usage;

import io.podyard.billing.Price;
import io.podyard.billing.PriceChange;
import java.util.List;

/** Where prices are kept. */
public interface PriceStore {

  /**
   * All prices of items that are known here.
   *
   * @throws IllegalArgumentException if one of them cannot be a price
   */
  List<Price> all();

  /** Waits until nobody else changes prices, and keeps it so to the end of the transaction. */
  void lock();

  /** Makes the table what a change of it says; in a transaction that has the lock. */
  void change(PriceChange change);

  /**
   * Adds prices if there is none at all. Of several processes that try, one does it.
   *
   * @return whether they were added
   */
  boolean fillIfEmpty(List<Price> first);

  /**
   * Adds those prices of whose item there is none at all. Of several processes that try, one does
   * it.
   *
   * @return whether any were added
   */
  boolean addForNewItems(List<Price> more);
}
