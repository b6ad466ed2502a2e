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
  private final SortedMap<String, Sums> byCurrency = new TreeMap<>();

  /** Nothing yet. */
  public BillSums(
      AccountId account, BillMonth month, BillRounding rounding, List<Grouping> groupings) {
    this.account = account;
    this.month = month;
    this.rounding = rounding;
    this.groupings = List.copyOf(groupings);
  }

  /**
   * Adds a line that is on this bill, in whatever order; it may be of an hour of an earlier month.
   *
   * @param facts what its resource was named and tagged in that hour
   * @throws IllegalArgumentException if it is of another account or of a later month
   */
  public void add(SettledLine line, ResourceFacts facts) {
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
    for (Grouping grouping : groupings) {
      sums.by
          .computeIfAbsent(grouping, by -> new TreeMap<>())
          .merge(grouping.of(line, facts), amount, BigDecimal::add);
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
