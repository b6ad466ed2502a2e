package io.podyard.billing;

import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.GROUP;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.between;
import static io.podyard.billing.Usage.closed;
import static io.podyard.billing.Usage.cny;
import static io.podyard.billing.Usage.open;
import static io.podyard.billing.Usage.price;
import static io.podyard.billing.Usage.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Money;
import io.podyard.model.Period;
import io.podyard.model.Size;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BillRoundingTest {

  private static final Period DAY = between(0, 86_400);
  private static final Size ONE_VCPU = Size.of(1000, 0);

  /** A thousandth of a yuan for a second of a vCPU, so a group's fee is its seconds. */
  private static final PriceBook THOUSANDTHS =
      PriceBook.of(List.of(price("*", Item.VCPU, "CNY", "0.001", T0, null)));

  private static ContainerGroupId group(int number) {
    return new ContainerGroupId("eci-" + number);
  }

  private static UsageInterval used(int group, long seconds) {
    return closed(open(group(group), ONE_VCPU, 0), seconds);
  }

  private static Bill bill(BillRounding rounding, UsageInterval... intervals) {
    List<Bill> bills = rounding.bills(ACCOUNT, DAY, List.of(intervals), THOUSANDTHS);
    assertThat(bills).hasSize(1);
    return bills.getFirst();
  }

  @Test
  void onlyTheTotalIsRoundedAndALineSaysByHowMuch() {
    Bill bill = bill(BillRounding.TOTAL_ONLY, used(1, 4), used(2, 4), used(3, 4));

    assertThat(bill.exact()).isEqualTo(cny("0.012000000000"));
    assertThat(bill.total()).isEqualTo(cny("0.01"));
    assertThat(bill.roundings())
        .singleElement()
        .isInstanceOfSatisfying(
            RoundingLine.Total.class,
            line -> {
              assertThat(line.amount().amount()).isEqualByComparingTo("-0.002");
              assertThat(line.sentence()).isEqualTo("total rounded: -0.002 CNY");
            });
  }

  @Test
  void aThousandShortJobsAreNotFree() {
    UsageInterval[] jobs = new UsageInterval[1000];
    for (int i = 0; i < jobs.length; i++) {
      jobs[i] = used(i, 4);
    }

    assertThat(bill(BillRounding.TOTAL_ONLY, jobs).total()).isEqualTo(cny("4.00"));
    assertThat(bill(BillRounding.SMALL_FEES_TOO, jobs).total()).isEqualTo(cny("0.00"));
  }

  @Test
  void halfACoinIsRoundedUp() {
    assertThat(bill(BillRounding.TOTAL_ONLY, used(1, 5)).total()).isEqualTo(cny("0.01"));
    assertThat(bill(BillRounding.TOTAL_ONLY, used(1, 4)).total()).isEqualTo(cny("0.00"));
    assertThat(bill(BillRounding.TOTAL_ONLY, used(1, 1015)).total()).isEqualTo(cny("1.02"));
  }

  @Test
  void aRoundTotalHasARoundingLineOfZero() {
    assertThat(bill(BillRounding.TOTAL_ONLY, used(1, 20)).roundings())
        .singleElement()
        .satisfies(line -> assertThat(line.amount().amount()).isZero());
  }

  @Test
  void theVendorsRuleRoundsEachGroupsFeeBelowACoin() {
    Bill bill = bill(BillRounding.SMALL_FEES_TOO, used(1, 4), used(2, 5), used(3, 10), used(4, 13));

    assertThat(bill.roundings())
        .extracting(RoundingLine::sentence)
        .containsExactly(
            "small fee of eci-1 rounded: -0.004 CNY",
            "small fee of eci-2 rounded: 0.005 CNY",
            "total rounded: -0.003 CNY");
    assertThat(bill.total()).isEqualTo(cny("0.03"));
  }

  @Test
  void theVendorsRuleLooksAtTheFeeOfAGroupAndNotAtItsLines() {
    PriceBook twoItems =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "CNY", "0.001", T0, null),
                price("*", Item.MEMORY, "CNY", "0.001", T0, null)));
    UsageInterval interval = closed(open(GROUP, Size.of(1000, 1024), 0), 4);

    assertThat(BillRounding.SMALL_FEES_TOO.bills(ACCOUNT, DAY, List.of(interval), twoItems))
        .singleElement()
        .satisfies(bill -> assertThat(bill.total()).isEqualTo(cny("0.01")));
  }

  @Test
  void eachCurrencyHasABillOfItsOwn() {
    PriceBook changing =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "USD", "0.001", T0, at(10)),
                price("*", Item.VCPU, "JPY", "0.1", at(10), null)));

    List<Bill> bills = BillRounding.TOTAL_ONLY.bills(ACCOUNT, DAY, List.of(used(1, 24)), changing);

    assertThat(bills).extracting(bill -> bill.currency().value()).containsExactly("JPY", "USD");
    // A yen has no smaller coin: 1.4 is 1.
    assertThat(bills.getFirst().total().amount()).isEqualTo("1");
    assertThat(bills.getLast().total()).isEqualTo(usd("0.01"));
  }

  @Test
  void onlyTheSecondsOfThePeriodAreBilled() {
    UsageInterval running = open(group(1), ONE_VCPU, -100);

    assertThat(
            BillRounding.TOTAL_ONLY.bills(
                ACCOUNT, between(0, 50), List.of(running), priced(between(-100, 1000))))
        .singleElement()
        .satisfies(bill -> assertThat(bill.total()).isEqualTo(cny("0.05")));
  }

  @Test
  void nothingUsedIsNoBill() {
    assertThat(BillRounding.TOTAL_ONLY.bills(ACCOUNT, DAY, List.of(), THOUSANDTHS)).isEmpty();
    assertThat(BillRounding.TOTAL_ONLY.bills(ACCOUNT, DAY, List.of(used(1, 0)), THOUSANDTHS))
        .isEmpty();
  }

  @Test
  void nobodyPaysForTheUsageOfAnotherAccount() {
    assertThatThrownBy(
            () ->
                BillRounding.TOTAL_ONLY.bills(
                    new AccountId("somebody-else"), DAY, List.of(used(1, 4)), THOUSANDTHS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("somebody-else");
  }

  @Test
  void nobodyPaysTwiceForTheSameSecond() {
    List<UsageInterval> overlapping =
        List.of(
            closed(open(GROUP, ONE_VCPU, 0), 10),
            closed(open(GROUP, ONE_VCPU, 20), 30),
            closed(open(GROUP, ONE_VCPU, 9), 15));

    assertThatThrownBy(() -> BillRounding.TOTAL_ONLY.bills(ACCOUNT, DAY, overlapping, THOUSANDTHS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("charged twice");
  }

  @Test
  void aBillThatDoesNotAddUpCannotBeMade() {
    Bill bill = bill(BillRounding.TOTAL_ONLY, used(1, 4), used(2, 4));
    List<ChargeLine> fewer = new ArrayList<>(bill.lines());
    fewer.removeLast();

    assertThatThrownBy(() -> with(bill, DAY, fewer, bill.total()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> with(bill, DAY, bill.lines(), cny("0.02")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> with(bill, between(1, 100), bill.lines(), bill.total()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(with(bill, DAY, bill.lines(), bill.total())).isEqualTo(bill);
  }

  private static Bill with(Bill bill, Period period, List<ChargeLine> lines, Money total) {
    return new Bill(
        bill.account(), period, bill.currency(), lines, bill.exact(), bill.roundings(), total);
  }

  private static PriceBook priced(Period period) {
    return PriceBook.of(
        List.of(price("*", Item.VCPU, "CNY", "0.001", period.start(), period.end())));
  }
}
