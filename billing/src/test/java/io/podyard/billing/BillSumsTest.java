package io.podyard.billing;

import static io.podyard.billing.Settled.BOOK;
import static io.podyard.billing.Settled.C;
import static io.podyard.billing.Settled.OF;
import static io.podyard.billing.Settled.in;
import static io.podyard.billing.Settled.plan;
import static io.podyard.billing.Settled.sum;
import static io.podyard.billing.Settled.used;
import static io.podyard.billing.Settled.vcpus;
import static io.podyard.billing.Usage.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.AccountId;
import io.podyard.model.Money;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BillSumsTest {

  private static final BillMonth MARCH = new BillMonth(YearMonth.of(2026, 3));

  private static ResourceFacts facts(Resource resource) {
    return resource.id().equals("eci-a")
        ? new ResourceFacts(null, Map.of("team", "blue"))
        : ResourceFacts.NONE;
  }

  private static List<SettledLine> settled(UsageInterval... usage) {
    Agreements agreements = Agreements.of(List.of(plan("sp", "0.001", Map.of("ecs.*", "0.5"))));
    return new Settlement(BOOK).settle(OF, agreements, List.of(usage), List.of());
  }

  private static AccountBill bill(
      BillRounding rounding, List<SettledLine> lines, Grouping... groupings) {
    BillSums sums = new BillSums(ACCOUNT, MARCH, rounding, List.of(groupings));
    lines.forEach(line -> sums.add(line, facts(line.slot().resource())));
    assertThat(sums.bills()).hasSize(1);
    return sums.bills().getFirst();
  }

  private static List<String> words(AccountBill bill, Grouping grouping) {
    return Objects.requireNonNull(bill.sums().get(grouping)).entrySet().stream()
        .map(sum -> sum.getKey() + "=" + Decimals.words(sum.getValue().amount()))
        .toList();
  }

  @Test
  void everyGroupingAddsUpToTheBill() {
    List<SettledLine> lines =
        settled(
            vcpus("eci-a", 2, 0, 100L),
            in(C, vcpus("eci-b", 1, 0, 100L)),
            used("imc-a", Metered.imageCacheCreation(0), 0, 100L));
    Grouping group = new Grouping.ByResource(ResourceKind.CONTAINER_GROUP);
    Grouping cache = new Grouping.ByResource(ResourceKind.IMAGE_CACHE);
    Grouping team = new Grouping.ByTag("team");
    Grouping zone = new Grouping.ByZone();
    Grouping day = new Grouping.ByDay();
    Grouping item = new Grouping.ByItem();

    AccountBill bill = bill(BillRounding.TOTAL_ONLY, lines, group, cache, team, zone, day, item);

    assertThat(words(bill, group)).containsExactly("=0.013252", "eci-a=0.0098", "eci-b=0.0049");
    assertThat(words(bill, cache)).containsExactly("=0.0157", "imc-a=0.012252");
    assertThat(words(bill, team)).containsExactly("=0.018152", "blue=0.0098");
    assertThat(words(bill, zone))
        .containsExactly("=0.001", "cn-hangzhou-b=0.022052", "cn-hangzhou-c=0.0049");
    assertThat(words(bill, day)).containsExactly("2026-03-01=0.027952");
    assertThat(words(bill, item)).containsExactly("=0.001", "memory=0.002452", "vcpu=0.0245");
    assertThat(bill.lines()).isEqualTo(5);
    assertThat(bill.exact().amount()).isEqualByComparingTo(sum(lines));
    assertThat(bill.total().amount()).isEqualTo(new BigDecimal("0.03"));
    bill.sums()
        .forEach(
            (grouping, sums) ->
                assertThat(
                        sums.values().stream()
                            .map(Money::amount)
                            .reduce(BigDecimal.ZERO, BigDecimal::add))
                    .as(grouping.toString())
                    .isEqualByComparingTo(bill.exact().amount()));
  }

  @Test
  void aBillIsRoundedOnceAndByTheVendorsRuleIfThatIsOn() {
    List<SettledLine> lines = settled(vcpus("eci-a", 1, 0, 100L), vcpus("eci-b", 1, 0, 110L));

    AccountBill once = bill(BillRounding.TOTAL_ONLY, lines);
    assertThat(once.roundings()).hasSize(1);
    assertThat(once.total().amount()).isEqualTo(new BigDecimal("0.01"));

    AccountBill small = bill(BillRounding.SMALL_FEES_TOO, lines);
    assertThat(small.roundings().stream().map(RoundingLine::sentence))
        .containsExactly(
            "small fee of eci-a rounded: -0.0049 CNY",
            "small fee of eci-b rounded: 0.00461 CNY",
            "total rounded: -0.001 CNY");
    assertThat(small.total().amount()).isEqualTo(new BigDecimal("0.01"));
  }

  @Test
  void correctionsAreOnTheBillThatIsOpen() {
    Settlement settlement = new Settlement(BOOK);
    List<SettledLine> first =
        settlement.settle(OF, Agreements.NONE, List.of(vcpus("eci-a", 1, 0, null)), List.of());
    List<SettledLine> late =
        settlement.settle(OF, Agreements.NONE, List.of(vcpus("eci-a", 1, 0, 100L)), first);

    assertThat(
            bill(BillRounding.TOTAL_ONLY, Stream.concat(first.stream(), late.stream()).toList())
                .exact()
                .amount())
        .isEqualByComparingTo("0.0049");
    BillSums april =
        new BillSums(
            ACCOUNT, new BillMonth(YearMonth.of(2026, 4)), BillRounding.TOTAL_ONLY, List.of());
    late.forEach(line -> april.add(line, ResourceFacts.NONE));
    assertThat(april.bills().getFirst().total().amount()).isEqualTo(new BigDecimal("-0.17"));
  }

  @Test
  void anAccountThatWasChargedNothingHasNoBill() {
    BillSums none = new BillSums(ACCOUNT, MARCH, BillRounding.TOTAL_ONLY, List.of());

    assertThat(none.bills()).isEmpty();
    SettledLine line = settled(vcpus("eci-a", 1, 0, null)).getFirst();
    BillSums other = new BillSums(new AccountId("2"), MARCH, BillRounding.TOTAL_ONLY, List.of());
    assertThatThrownBy(() -> other.add(line, ResourceFacts.NONE))
        .hasMessageContaining("not on the bill of 2");
  }
}
