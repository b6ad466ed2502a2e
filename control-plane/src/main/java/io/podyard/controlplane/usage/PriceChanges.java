package io.podyard.controlplane.usage;

import io.podyard.billing.PriceBook;
import io.podyard.model.Money;
import io.podyard.model.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Times during which no price changes, so that seconds can be added up before they are charged. */
final class PriceChanges {

  private PriceChanges() {}

  /** The period cut at every change of any price; none for an empty period. */
  static List<Period> cut(Period period, PriceBook book) {
    TreeSet<Instant> cuts = new TreeSet<>();
    book.prices()
        .forEach(
            price -> {
              cuts.add(price.validFrom());
              Instant end = price.validTo();
              if (end != null) {
                cuts.add(end);
              }
            });
    List<Period> stretches = new ArrayList<>();
    Instant from = period.start();
    for (Instant cut : cuts.tailSet(from, false).headSet(period.end(), false)) {
      stretches.add(new Period(from, cut));
      from = cut;
    }
    if (from.isBefore(period.end())) {
      stretches.add(new Period(from, period.end()));
    }
    return stretches;
  }

  static Money times(Money perSecond, long seconds) {
    return new Money(
        perSecond.amount().multiply(BigDecimal.valueOf(seconds)), perSecond.currency());
  }
}
