package io.podyard.billing;

import io.podyard.model.Money;
import java.math.BigDecimal;

/**
 * What one item of a size costs per second, exact.
 *
 * @param quantity units of the item
 * @param price of one unit
 * @param perSecond quantity times price, for who pays a share of the price times that, in the
 *     price's currency
 */
public record ItemRate(Item item, BigDecimal quantity, Price price, Money perSecond) {

  static ItemRate of(Item item, BigDecimal quantity, Price price) {
    BigDecimal product = Decimals.shortest(quantity.multiply(price.perSecond()));
    return new ItemRate(item, quantity, price, new Money(product, price.currency()));
  }

  /** What somebody pays who pays only a share of the price. */
  ItemRate times(BigDecimal share) {
    BigDecimal product = Decimals.shortest(perSecond.amount().multiply(share));
    return new ItemRate(item, quantity, price, new Money(product, perSecond.currency()));
  }
}
