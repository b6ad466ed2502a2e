package io.podyard.billing;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Period;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one place where money is rounded. Lines stay exact; only the bill is rounded, once per
 * account and currency, half up to the currency's smallest coin, so many short jobs are not free.
 */
public enum BillRounding {
  /** Only the total is rounded. The default. */
  TOTAL_ONLY {
    @Override
    List<RoundingLine> smallFees(Map<ContainerGroupId, BigDecimal> fees, CurrencyCode currency) {
      return List.of();
    }
  },

  /**
   * Before that, the fee of each group that is below the smallest coin is rounded half up to that
   * coin or to nothing, as the vendor does below 0.01 CNY (contract section 18). The vendor does
   * not say of which unit; here it is what one group costs in the period of the bill.
   */
  SMALL_FEES_TOO {
    @Override
    List<RoundingLine> smallFees(Map<ContainerGroupId, BigDecimal> fees, CurrencyCode currency) {
      BigDecimal coin = smallestCoin(currency);
      List<RoundingLine> roundings = new ArrayList<>();
      fees.forEach(
          (group, fee) -> {
            if (fee.signum() > 0 && fee.compareTo(coin) < 0) {
              BigDecimal change = rounded(fee, currency).subtract(fee);
              roundings.add(new RoundingLine.SmallFee(group, new Money(change, currency)));
            }
          });
      return roundings;
    }
  };

  /**
   * The bills of an account for a period: one for each currency that it was charged in, in order of
   * its code; none if it was charged nothing.
   *
   * @param period floored to whole seconds
   * @param intervals all of the account that may touch the period; open ones run to its end
   * @throws IllegalArgumentException if an interval is of another account or two of a group overlap
   * @throws MissingPriceException if an item has no price for some of the time
   */
  public List<Bill> bills(
      AccountId account, Period period, List<UsageInterval> intervals, PriceBook book) {
    for (UsageInterval interval : intervals) {
      if (!interval.account().equals(account)) {
        throw new IllegalArgumentException("not of account " + account + ": " + interval);
      }
    }
    Period seconds = WholeSeconds.floor(period);
    return bills(account, seconds, Rating.rate(intervals, seconds, book));
  }

  /**
   * The bills for charge lines that are there already, all of this account and in this period.
   *
   * @throws IllegalArgumentException if a line lies outside the period or two lines charge an item
   *     of a group for the same second
   */
  public List<Bill> bills(AccountId account, Period period, List<ChargeLine> lines) {
    List<Bill> bills = new ArrayList<>();
    for (Money exact : Rating.sums(lines)) {
      CurrencyCode currency = exact.currency();
      List<ChargeLine> own =
          lines.stream().filter(line -> line.amount().currency().equals(currency)).toList();
      bills.add(bill(account, period, own, exact));
    }
    return List.copyOf(bills);
  }

  private Bill bill(AccountId account, Period period, List<ChargeLine> lines, Money exact) {
    CurrencyCode currency = exact.currency();
    Map<ContainerGroupId, BigDecimal> fees = new TreeMap<>();
    for (ChargeLine line : lines) {
      fees.merge(line.group(), line.amount().amount(), BigDecimal::add);
    }
    List<RoundingLine> roundings = roundings(fees, exact);
    return new Bill(account, period, currency, lines, exact, roundings, total(exact, roundings));
  }

  /** What is to be paid, in whole coins, which is what the roundings make of the exact sum. */
  public static Money total(Money exact, List<RoundingLine> roundings) {
    BigDecimal total = exact.amount();
    for (RoundingLine rounding : roundings) {
      total = total.add(rounding.amount().amount());
    }
    return new Money(rounded(total, exact.currency()), exact.currency());
  }

  /**
   * What turns an exact sum into one that can be paid; the last one rounds the total.
   *
   * @param fees exact, of each group; those that are not below the smallest coin may be left out
   */
  public List<RoundingLine> roundings(Map<ContainerGroupId, BigDecimal> fees, Money exact) {
    CurrencyCode currency = exact.currency();
    List<RoundingLine> roundings = new ArrayList<>(smallFees(fees, currency));
    BigDecimal sum = exact.amount();
    for (RoundingLine rounding : roundings) {
      sum = sum.add(rounding.amount().amount());
    }
    BigDecimal total = rounded(sum, currency);
    roundings.add(new RoundingLine.Total(new Money(total.subtract(sum), currency)));
    return roundings;
  }

  abstract List<RoundingLine> smallFees(
      Map<ContainerGroupId, BigDecimal> fees, CurrencyCode currency);

  /** The smallest amount of a currency that can be paid. */
  public static BigDecimal smallestCoin(CurrencyCode currency) {
    return BigDecimal.ONE.movePointLeft(decimals(currency));
  }

  private static BigDecimal rounded(BigDecimal amount, CurrencyCode currency) {
    return amount.setScale(decimals(currency), RoundingMode.HALF_UP);
  }

  /** Decimals of the smallest coin; codes that are no money in hand (gold, say) have none. */
  private static int decimals(CurrencyCode currency) {
    return Math.max(0, Currency.getInstance(currency.value()).getDefaultFractionDigits());
  }
}
