package io.podyard.billing;

import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.cny;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An hour and what is charged for it, in few words. */
final class Settled {

  static final Hour HOUR = new Hour(T0);
  static final AccountHour OF = new AccountHour(ACCOUNT, HOUR);
  static final ZoneId B = new ZoneId("cn-hangzhou-b");
  static final ZoneId C = new ZoneId("cn-hangzhou-c");
  static final Item G7 = new Item("ecs.g7.large");

  /** The published prices, and one instance type for 0.0002 CNY. */
  static final PriceBook BOOK = with(Usage.price("cn-*", G7, "CNY", "0.0002", at(-10_000), null));

  private Settled() {}

  static PriceBook with(Price... prices) {
    List<Price> all = new ArrayList<>(PriceBookFile.shipped().prices());
    all.addAll(List.of(prices));
    return PriceBook.of(all);
  }

  /** In seconds after the hour began; null for an open one. */
  static UsageInterval used(String group, Metered metered, long from, @Nullable Long to) {
    UsageInterval open =
        PlainMeter.open(new ContainerGroupId(group), ACCOUNT, HANGZHOU, B, metered.size(), at(from))
            .of(metered);
    return to == null ? open : PlainMeter.close(open, at(to));
  }

  static UsageInterval vcpus(String group, int vcpu, long from, @Nullable Long to) {
    return used(group, Metered.of(Size.of(vcpu * 1000, 0)), from, to);
  }

  static UsageInterval instance(String group, long from, @Nullable Long to) {
    Metered metered = new Metered(Size.of(2000, 8192), 0, Tariff.ofInstanceType(G7.code()));
    return used(group, metered, from, to);
  }

  static UsageInterval in(ZoneId zone, UsageInterval interval) {
    return new UsageInterval(
        interval.group(),
        interval.sequence(),
        interval.account(),
        interval.region(),
        zone,
        interval.metered(),
        interval.start(),
        interval.end(),
        interval.spot());
  }

  static AccountDiscount discount(String id, String items, String share) {
    return new AccountDiscount(
        new AgreementId(id), new ItemPattern(items), new BigDecimal(share), HOUR, null);
  }

  static ReservedInstances reserved(String id, @Nullable ZoneId zone, int count, String fee) {
    return new ReservedInstances(
        new AgreementId(id), G7, HANGZHOU, zone, count, cny(fee), HOUR, null);
  }

  static SavingsPlan plan(String id, String perHour, Map<String, String> rates) {
    Map<ItemPattern, BigDecimal> shares = new TreeMap<>();
    rates.forEach((items, share) -> shares.put(new ItemPattern(items), new BigDecimal(share)));
    return new SavingsPlan(
        new AgreementId(id), cny(perHour), shares, SavingsPlan.Term.ONE_YEAR, HOUR);
  }

  static BigDecimal sum(List<SettledLine> lines) {
    BigDecimal sum = BigDecimal.ZERO;
    for (SettledLine line : lines) {
      sum = sum.add(line.amount().amount());
    }
    return sum;
  }

  /** {@code group kind: sentence}, as a person reads them. */
  static List<String> words(List<SettledLine> lines) {
    return lines.stream()
        .map(
            line ->
                "%s %s%s: %s"
                    .formatted(
                        line.slot().resource().id(),
                        line.slot().kind().code(),
                        line.slot().agreement() == null ? "" : " " + line.slot().agreement(),
                        line.sentence()))
        .toList();
  }
}
