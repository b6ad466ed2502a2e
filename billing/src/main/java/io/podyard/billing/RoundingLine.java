package io.podyard.billing;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.Money;

/** What rounding adds to a bill or takes from it, shown as a line like any other. */
public sealed interface RoundingLine {

  /** What is added; negative if it is taken off. */
  Money amount();

  /** For a reader of the bill. */
  String sentence();

  /** The vendor's rule for a fee below the smallest coin, applied to the fee of one group. */
  record SmallFee(ContainerGroupId group, Money amount) implements RoundingLine {
    @Override
    public String sentence() {
      return "small fee of %s rounded: %s %s"
          .formatted(group, Decimals.words(amount.amount()), amount.currency());
    }
  }

  /** The one rounding of the total that every bill has, zero where nothing was to be rounded. */
  record Total(Money amount) implements RoundingLine {
    @Override
    public String sentence() {
      return "total rounded: %s %s".formatted(Decimals.words(amount.amount()), amount.currency());
    }
  }
}
