package io.podyard.billing;

import io.podyard.model.Money;
import java.math.BigDecimal;

/**
 * What one item of a size costs per second, exact.
 *
 * @param quantity units of the item
 * @param price of one unit
 * @param perSecond quantity times price, of a spot group times its share, in the price's currency
 */
public record ItemRate(Item item, BigDecimal quantity, Price price, Money perSecond) {

  static ItemRate of(Item item, BigDecimal quantity, Price price) {
    BigDecimal product = Decimals.shortest(quantity.multiply(price.perSecond()));
    return new ItemRate(item, quantity, price, new Money(product, price.currency()));
  }

  /** What a spot group pays. */
  ItemRate times(BigDecimal share) {
    BigDecimal product = Decimals.shortest(perSecond.amount().multiply(share));
    return new ItemRate(item, quantity, price, new Money(product, perSecond.currency()));
  }
}
