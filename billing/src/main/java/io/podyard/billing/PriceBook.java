package io.podyard.billing;

import static java.util.Comparator.comparingInt;

import io.podyard.model.Period;
import io.podyard.model.RegionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All prices, immutable. Of the prices valid at an instant, the one whose {@link RegionPattern} is
 * closest to the region counts. At most one price of a pattern and item is valid at any instant,
 * and all items of a region are priced in one currency at any instant.
 */
public final class PriceBook {

  private final List<Price> prices;
  private final SpotShares spot;
  private final Map<Item, List<Price>> byItem;

  private PriceBook(List<Price> prices, SpotShares spot) {
    this.prices = prices;
    this.spot = spot;
    this.byItem = new HashMap<>();
    for (Price price : prices) {
      byItem.computeIfAbsent(price.item(), item -> new ArrayList<>()).add(price);
    }
  }

  /**
   * A book of these prices, in whatever order.
   *
   * @throws InvalidPriceBookException if two prices of one pattern and item are valid at one
   *     instant, or if the items of some region would be priced in different currencies
   */
  public static PriceBook of(List<Price> prices) {
    List<Price> inOrder = prices.stream().sorted(Price.IN_ORDER).toList();
    PriceBook book = new PriceBook(inOrder, SpotShares.NONE);
    List<String> problems = PriceBookRules.problems(book);
    if (!problems.isEmpty()) {
      throw new InvalidPriceBookException(problems);
    }
    return book;
  }

  /**
   * The book in which these prices count for their time and all others for the rest of theirs: one
   * that is cut gets an end, and goes on where the new one ends; one that had not begun may go.
   * What is in the book as it is changes nothing, so a file that was exported can be imported
   * again; a price that is in it with a later end ends as it says, followed by none.
   *
   * @param now nothing may change what counted before
   * @throws InvalidPriceBookException naming everything that is wrong: prices that begin or end too
   *     early, or overlap one another, regions that would have two currencies
   */
  public PriceChange supersede(List<Price> news, Instant now) {
    List<Price> kept = new ArrayList<>(prices);
    List<Price> fresh = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Price price : news) {
      Optional<Price> ended = prices.stream().filter(old -> old.endsAs(price)).findFirst();
      if (ended.isPresent()) {
        kept.remove(ended.get());
        kept.add(price);
        problems.addAll(endsTooEarly(price, now));
      } else if (!prices.contains(price)) {
        fresh.add(price);
      }
    }
    for (Price price : fresh) {
      if (price.validFrom().isBefore(now)) {
        problems.add(
            "%s begins before %s; what was charged stays as it was".formatted(price.words(), now));
      }
    }
    problems.addAll(PriceBookRules.overlaps(fresh));
    List<Price> all = new ArrayList<>(fresh);
    for (Price price : kept) {
      all.addAll(price.outside(fresh));
    }
    PriceBook book = new PriceBook(all.stream().sorted(Price.IN_ORDER).toList(), spot);
    if (problems.isEmpty()) {
      problems.addAll(PriceBookRules.problems(book));
    }
    if (!problems.isEmpty()) {
      throw new InvalidPriceBookException(problems);
    }
    return new PriceChange(
        prices.stream().filter(price -> !book.prices.contains(price)).toList(),
        book.prices.stream().filter(price -> !prices.contains(price)).toList(),
        book);
  }

  private static List<String> endsTooEarly(Price price, Instant now) {
    Instant end = price.validTo();
    return end != null && end.isBefore(now)
        ? List.of(
            "%s would end before %s; what was charged stays as it was"
                .formatted(price.words(), now))
        : List.of();
  }

  /** The same prices with what spot groups cost of them. */
  public PriceBook withSpot(SpotShares shares) {
    return new PriceBook(prices, shares);
  }

  /** What spot groups cost. */
  public SpotShares spot() {
    return spot;
  }

  /** In order of pattern, item and validity. */
  public List<Price> prices() {
    return prices;
  }

  /** The price that counts for the region at the instant. */
  public Optional<Price> find(RegionId region, Item item, Instant at) {
    return byItem.getOrDefault(item, List.of()).stream()
        .filter(price -> price.region().matches(region) && price.isValidAt(at))
        .max(comparingInt(price -> price.region().closeness()));
  }

  /**
   * The price that counts for the region at the instant.
   *
   * @throws MissingPriceException if there is none
   */
  public Price price(RegionId region, Item item, Instant at) {
    return find(region, item, at).orElseThrow(() -> new MissingPriceException(item, region, at));
  }

  /** Those of the items that have no price in the region at the instant, in their own order. */
  public Set<Item> unpriced(RegionId region, Set<Item> items, Instant at) {
    Set<Item> missing = new TreeSet<>();
    for (Item item : items) {
      if (find(region, item, at).isEmpty()) {
        missing.add(item);
      }
    }
    return missing;
  }

  /** A price and the part of the asked period during which it counts. */
  record Stretch(Period period, Price price) {}

  /**
   * The prices that count during the period, without gaps and in order; empty for an empty period.
   *
   * @throws MissingPriceException if there is none for a part of the period
   */
  List<Stretch> during(RegionId region, Item item, Period period) {
    List<Stretch> stretches = new ArrayList<>();
    Instant from = period.start();
    while (from.isBefore(period.end())) {
      Price price = price(region, item, from);
      Instant to = from;
      do {
        to = nextChange(region, item, to, period.end());
      } while (to.isBefore(period.end()) && price.equals(find(region, item, to).orElse(null)));
      stretches.add(new Stretch(new Period(from, to), price));
      from = to;
    }
    return stretches;
  }

  /** The first instant after this one at which another price may count, at most the limit. */
  Instant nextChange(RegionId region, Item item, Instant after, Instant limit) {
    Instant next = limit;
    for (Price price : byItem.getOrDefault(item, List.of())) {
      if (price.region().matches(region)) {
        next = earlierIfAfter(next, price.validFrom(), after);
        if (price.validTo() != null) {
          next = earlierIfAfter(next, price.validTo(), after);
        }
      }
    }
    return next;
  }

  private static Instant earlierIfAfter(Instant next, Instant candidate, Instant after) {
    return candidate.isAfter(after) ? WholeSeconds.earlier(next, candidate) : next;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PriceBook book && prices.equals(book.prices);
  }

  @Override
  public int hashCode() {
    return prices.hashCode();
  }

  @Override
  public String toString() {
    return "PriceBook" + prices;
  }
}
