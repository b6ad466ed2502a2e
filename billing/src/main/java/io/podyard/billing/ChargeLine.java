package io.podyard.billing;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.Money;
import io.podyard.model.Period;
import java.math.BigDecimal;

/**
 * One item of one container group for a period during which nothing changed: {@code amount =
 * quantity x seconds x unit price}, exact and never rounded. An amount has at least {@link
 * #DECIMALS} decimals, and more where the product needs them (sizes of an odd number of MiB).
 *
 * @param period whole UTC seconds
 * @param seconds length of the period
 * @param quantity units of the item ({@link Item#unit()})
 * @param unitPricePerSecond price of one unit for one second, in the currency of the amount
 */
public record ChargeLine(
    ContainerGroupId group,
    Item item,
    Period period,
    long seconds,
    BigDecimal quantity,
    BigDecimal unitPricePerSecond,
    Money amount) {

  /** Holds every product of a published price and a supported size of 64 MiB steps. */
  public static final int DECIMALS = 12;

  /**
   * @throws IllegalArgumentException if a factor is negative, if the period is not in whole
   *     seconds, or if the seconds or the amount are not what follows from the rest
   */
  public ChargeLine {
    quantity = Decimals.shortest(quantity);
    unitPricePerSecond = Decimals.shortest(unitPricePerSecond);
    if (quantity.signum() < 0 || unitPricePerSecond.signum() < 0) {
      throw new IllegalArgumentException(
          "a charge has no negative factors: " + quantity + " x " + unitPricePerSecond);
    }
    if (!WholeSeconds.isWhole(period.start())
        || !WholeSeconds.isWhole(period.end())
        || period.length().toSeconds() != seconds) {
      throw new IllegalArgumentException(period + " does not have " + seconds + " whole seconds");
    }
    BigDecimal product = product(quantity, seconds, unitPricePerSecond);
    if (product.compareTo(amount.amount()) != 0) {
      throw new IllegalArgumentException("the amount is " + product + ", not " + amount.amount());
    }
    amount = new Money(product, amount.currency());
  }

  static ChargeLine of(
      ContainerGroupId group, Item item, Period period, BigDecimal quantity, Price price) {
    long seconds = period.length().toSeconds();
    Money amount = new Money(product(quantity, seconds, price.perSecond()), price.currency());
    return new ChargeLine(group, item, period, seconds, quantity, price.perSecond(), amount);
  }

  /** Of a spot group, which costs a share of the price. */
  static ChargeLine ofShare(
      ContainerGroupId group,
      Item item,
      Period period,
      BigDecimal quantity,
      Price price,
      BigDecimal share) {
    long seconds = period.length().toSeconds();
    BigDecimal unitPrice = price.perSecond().multiply(share);
    Money amount = new Money(product(quantity, seconds, unitPrice), price.currency());
    return new ChargeLine(group, item, period, seconds, quantity, unitPrice, amount);
  }

  private static BigDecimal product(BigDecimal quantity, long seconds, BigDecimal unitPrice) {
    return Decimals.withAtLeast(
        DECIMALS, quantity.multiply(BigDecimal.valueOf(seconds)).multiply(unitPrice));
  }

  /** The sum as a person writes it: {@code 2 vCPU x 34 s x 0.000049 CNY = 0.003332 CNY}. */
  public String sentence() {
    return "%s %s x %d s x %s %s = %s %s"
        .formatted(
            Decimals.words(quantity),
            item.unit(),
            seconds,
            Decimals.words(unitPricePerSecond),
            amount.currency(),
            Decimals.words(amount.amount()),
            amount.currency());
  }
}
