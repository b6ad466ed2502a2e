package io.podyard.billing;

import io.podyard.model.RegionId;
import java.time.Instant;

/**
 * Something is to be charged that has no price, or as spot where that has none. It is asked for
 * before anything is created ({@link PriceBook#unpriced}), so later it means that a price was ended
 * without a successor.
 */
public final class MissingPriceException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Item item;
  private final RegionId region;
  private final Instant at;

  public MissingPriceException(Item item, RegionId region, Instant at) {
    super("no price for item " + item.code() + " in region " + region + " at " + at);
    this.item = item;
    this.region = region;
    this.at = at;
  }

  public Item item() {
    return item;
  }

  public RegionId region() {
    return region;
  }

  /** The first second without a price. */
  public Instant at() {
    return at;
  }
}
