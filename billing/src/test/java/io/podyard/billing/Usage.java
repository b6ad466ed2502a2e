package io.podyard.billing;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Usage, prices and money in few words. */
final class Usage {

  static final AccountId ACCOUNT = new AccountId("1234567890");
  static final RegionId HANGZHOU = new RegionId("cn-hangzhou");
  static final RegionId SINGAPORE = new RegionId("ap-southeast-1");
  static final ContainerGroupId GROUP = new ContainerGroupId("eci-bp1aaaaaaaaaaaaaaaaa");
  static final Instant T0 = Instant.parse("2026-03-01T08:00:00Z");
  static final Size TWO_FOUR = Size.of(2000, 4096);

  private Usage() {}

  static Instant at(long seconds) {
    return T0.plusSeconds(seconds);
  }

  static Period between(long from, long to) {
    return new Period(at(from), at(to));
  }

  /** 2 vCPU and 4 GiB in Hangzhou, in seconds after {@link #T0}. */
  static UsageInterval interval(long from, long to) {
    return closed(open(from), to);
  }

  static UsageInterval open(long from) {
    return open(GROUP, TWO_FOUR, from);
  }

  static UsageInterval open(ContainerGroupId group, Size size, long from) {
    return PlainMeter.open(group, ACCOUNT, HANGZHOU, new ZoneId("cn-hangzhou-b"), size, at(from));
  }

  static UsageInterval closed(UsageInterval open, long to) {
    return PlainMeter.close(open, at(to));
  }

  static Price price(
      String region,
      Item item,
      String currency,
      String perSecond,
      Instant from,
      @Nullable Instant to) {
    return new Price(
        new RegionPattern(region),
        item,
        new CurrencyCode(currency),
        new BigDecimal(perSecond),
        from,
        to);
  }

  static Money cny(String amount) {
    return new Money(new BigDecimal(amount), new CurrencyCode("CNY"));
  }

  static Money usd(String amount) {
    return new Money(new BigDecimal(amount), new CurrencyCode("USD"));
  }
}
