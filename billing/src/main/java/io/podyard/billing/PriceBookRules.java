package io.podyard.billing;

import io.podyard.model.CurrencyCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What a price book must keep to; finds every breach, not only the first. */
final class PriceBookRules {

  private PriceBookRules() {}

  static List<String> problems(PriceBook book) {
    List<String> problems = new ArrayList<>(overlaps(book.prices()));
    if (problems.isEmpty()) {
      problems.addAll(mixedCurrencies(book.prices()));
    }
    return problems;
  }

  static List<String> overlaps(List<Price> prices) {
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < prices.size(); i++) {
      Price one = prices.get(i);
      for (Price other : prices.subList(i + 1, prices.size())) {
        if (one.region().equals(other.region())
            && one.item().equals(other.item())
            && one.overlaps(other)) {
          problems.add("%s overlaps %s".formatted(one.words(), other.words()));
        }
      }
    }
    return problems;
  }

  /**
   * The regions of a pattern that have no closer one see the prices of the pattern and of those
   * that cover it, so looking at every pattern at every change looks at every region at every time.
   */
  private static List<String> mixedCurrencies(List<Price> prices) {
    List<String> problems = new ArrayList<>();
    TreeSet<RegionPattern> patterns = new TreeSet<>();
    TreeSet<Instant> changes = new TreeSet<>();
    for (Price price : prices) {
      patterns.add(price.region());
      changes.add(price.validFrom());
      if (price.validTo() != null) {
        changes.add(price.validTo());
      }
    }
    for (RegionPattern pattern : patterns) {
      for (Instant change : changes) {
        TreeSet<String> currencies = currencies(prices, pattern, change);
        if (currencies.size() > 1) {
          problems.add(
              "the items of %s have prices in %s at %s; a region has one currency at a time"
                  .formatted(pattern, String.join(" and ", currencies), change));
          break;
        }
      }
    }
    return problems;
  }

  private static TreeSet<String> currencies(List<Price> prices, RegionPattern pattern, Instant at) {
    Map<Item, Price> closest = new HashMap<>();
    prices.stream()
        .filter(price -> price.region().covers(pattern) && price.isValidAt(at))
        .sorted(Comparator.comparingInt(price -> price.region().closeness()))
        .forEach(price -> closest.put(price.item(), price));
    TreeSet<String> currencies = new TreeSet<>();
    closest.values().stream()
        .map(Price::currency)
        .map(CurrencyCode::value)
        .forEach(currencies::add);
    return currencies;
  }
}
