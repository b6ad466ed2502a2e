package io.podyard.controlplane.usage;

import io.podyard.billing.Price;
import java.util.List;

/** Where prices are kept. */
public interface PriceStore {

  /**
   * All prices of items that are known here.
   *
   * @throws IllegalArgumentException if one of them cannot be a price
   */
  List<Price> all();

  /**
   * Adds prices if there is none at all. Of several processes that try, one does it.
   *
   * @return whether they were added
   */
  boolean fillIfEmpty(List<Price> first);

  /**
   * Adds prices of items that there are none of. Of several processes that try, one does it.
   *
   * @return whether they were added
   */
  boolean addItems(List<Price> fresh);
}
