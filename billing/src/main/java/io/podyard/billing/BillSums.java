package io.podyard.billing;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Adds up the settled lines of an account's month as they come, by whatever is asked for. Keeps
 * sums, no lines: a grouping needs memory for as many sums as there are values.
 */
public final class BillSums {

  /** Of one currency. */
  private static final class Sums {
    private long lines;
    private BigDecimal exact = BigDecimal.ZERO;
    private final Map<ContainerGroupId, BigDecimal> fees = new TreeMap<>();
    private final Map<Grouping, SortedMap<String, BigDecimal>> by = new LinkedHashMap<>();
  }

  private final AccountId account;
  private final BillMonth month;
  private final BillRounding rounding;
  private final List<Grouping> groupings;
  private final Function<Resource, ResourceFacts> facts;
  private final SortedMap<String, Sums> byCurrency = new TreeMap<>();

  /**
   * Nothing yet.
   *
   * @param facts what resources are named and tagged
   */
  public BillSums(
      AccountId account,
      BillMonth month,
      BillRounding rounding,
      List<Grouping> groupings,
      Function<Resource, ResourceFacts> facts) {
    this.account = account;
    this.month = month;
    this.rounding = rounding;
    this.groupings = List.copyOf(groupings);
    this.facts = facts;
  }

  /**
   * Adds a line that is on this bill, in whatever order; it may be of an hour of an earlier month.
   *
   * @throws IllegalArgumentException if it is of another account or of a later month
   */
  public void add(SettledLine line) {
    month.requireOn(account, line);
    Sums sums = byCurrency.computeIfAbsent(line.slot().currency().value(), code -> new Sums());
    BigDecimal amount = line.amount().amount();
    sums.lines++;
    sums.exact = sums.exact.add(amount);
    Resource resource = line.slot().resource();
    if (rounding == BillRounding.SMALL_FEES_TOO
        && resource.kind() == ResourceKind.CONTAINER_GROUP) {
      sums.fees.merge(new ContainerGroupId(resource.id()), amount, BigDecimal::add);
    }
    if (!groupings.isEmpty()) {
      ResourceFacts known = facts.apply(resource);
      for (Grouping grouping : groupings) {
        sums.by
            .computeIfAbsent(grouping, by -> new TreeMap<>())
            .merge(grouping.of(line, known), amount, BigDecimal::add);
      }
    }
  }

  /** The bills so far, one for each currency in order of its code. */
  public List<AccountBill> bills() {
    List<AccountBill> bills = new ArrayList<>();
    byCurrency.forEach((code, sums) -> bills.add(bill(new CurrencyCode(code), sums)));
    return List.copyOf(bills);
  }

  private AccountBill bill(CurrencyCode currency, Sums sums) {
    Money exact = new Money(sums.exact, currency);
    List<RoundingLine> roundings = rounding.roundings(sums.fees, exact);
    Map<Grouping, SortedMap<String, Money>> by = new LinkedHashMap<>();
    sums.by.forEach(
        (grouping, values) -> {
          SortedMap<String, Money> amounts = new TreeMap<>();
          values.forEach((value, amount) -> amounts.put(value, new Money(amount, currency)));
          by.put(grouping, Collections.unmodifiableSortedMap(amounts));
        });
    return new AccountBill(
        account,
        month,
        currency,
        sums.lines,
        exact,
        roundings,
        BillRounding.total(exact, roundings),
        Collections.unmodifiableMap(by));
  }
}
