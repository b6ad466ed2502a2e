package io.podyard.billing;

import static io.podyard.billing.Settled.BOOK;
import static io.podyard.billing.Settled.HOUR;
import static io.podyard.billing.Settled.OF;
import static io.podyard.billing.Settled.discount;
import static io.podyard.billing.Settled.sum;
import static io.podyard.billing.Settled.used;
import static io.podyard.billing.Settled.vcpus;
import static io.podyard.billing.Settled.with;
import static io.podyard.billing.Settled.words;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.TWO_FOUR;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.AccountId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettlementTest {

  private static final Settlement SETTLEMENT = new Settlement(BOOK);

  private static List<SettledLine> settle(List<UsageInterval> usage, List<SettledLine> stored) {
    return SETTLEMENT.settle(OF, Agreements.NONE, usage, stored);
  }

  private static List<SettledLine> together(List<SettledLine> some, List<SettledLine> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  @Test
  void anHourHasOneLineForEachGroupItemAndPrice() {
    PriceBook dearer = with(price("cn-hangzhou", Item.VCPU, "CNY", "0.00005", at(1800), at(3600)));
    List<UsageInterval> usage =
        List.of(
            vcpus("eci-b", 1, -500, 3000L),
            used("eci-a", Metered.of(Size.of(2000, 1024)), 0, 600L),
            used("eci-a", Metered.of(Size.of(4000, 1024)), 600, 900L),
            used("eci-a", Metered.of(Size.of(2000, 1024)), 2000, 2100L));

    assertThat(words(new Settlement(dearer).settle(OF, Agreements.NONE, usage, List.of())))
        .containsExactly(
            "eci-a usage: 200 vCPU-seconds x 0.00005 CNY = 0.01 CNY",
            "eci-a usage: 2400 vCPU-seconds x 0.000049 CNY = 0.1176 CNY",
            "eci-a usage: 1000 GiB-seconds x 0.00000613 CNY = 0.00613 CNY",
            "eci-b usage: 1200 vCPU-seconds x 0.00005 CNY = 0.06 CNY",
            "eci-b usage: 1800 vCPU-seconds x 0.000049 CNY = 0.0882 CNY");
  }

  @Test
  void anOpenIntervalCountsUntilTheHoursEnd() {
    assertThat(words(settle(List.of(vcpus("eci-a", 2, 600, null)), List.of())))
        .containsExactly("eci-a usage: 6000 vCPU-seconds x 0.000049 CNY = 0.294 CNY");
  }

  @Test
  void usageOfOtherHoursIsNotCharged() {
    assertThat(
            settle(
                List.of(
                    vcpus("eci-a", 2, -100, 0L),
                    vcpus("eci-b", 2, 3600, null),
                    vcpus("eci-c", 2, 100, 100L)),
                List.of()))
        .isEmpty();
  }

  @Test
  void settlingTwiceAddsNothing() {
    List<UsageInterval> usage = List.of(vcpus("eci-a", 2, 600, null), vcpus("eci-b", 2, 0, 9L));
    List<SettledLine> first = settle(usage, List.of());

    assertThat(settle(usage, first)).isEmpty();
    assertThat(settle(usage, List.of())).isEqualTo(first);
    assertThat(first).allSatisfy(line -> assertThat(line.isAdjustment()).isFalse());
  }

  @Test
  void anIntervalThatEndedEarlierThanWasKnownIsCorrectedAndNotEdited() {
    List<SettledLine> first = settle(List.of(vcpus("eci-a", 2, 600, null)), List.of());

    List<SettledLine> more = settle(List.of(vcpus("eci-a", 2, 600, 1600L)), first);

    assertThat(words(more))
        .containsExactly(
            "eci-a usage: -4000 vCPU-seconds x 0.000049 CNY = -0.196 CNY,"
                + " for it ended earlier than was known");
    assertThat(more).extracting(SettledLine::why).containsExactly(Why.LATE_CLOSE);
    assertThat(more).extracting(SettledLine::revision).containsExactly(1);
    assertThat(sum(together(first, more))).isEqualByComparingTo("0.098");
    assertThat(settle(List.of(vcpus("eci-a", 2, 600, 1600L)), together(first, more))).isEmpty();
  }

  @Test
  void anIntervalThatNeverWasIsTakenBackWhole() {
    List<SettledLine> first = settle(List.of(vcpus("eci-a", 2, 600, null)), List.of());

    List<SettledLine> more = settle(List.of(), first);

    assertThat(more).extracting(SettledLine::why).containsExactly(Why.LATE_CLOSE);
    assertThat(sum(together(first, more))).isZero();
    assertThat(settle(List.of(), together(first, more))).isEmpty();
  }

  @Test
  void anIntervalThatAppearsLateIsAdded() {
    UsageInterval known = vcpus("eci-b", 2, 0, 100L);
    List<SettledLine> first = settle(List.of(known), List.of());

    List<SettledLine> more = settle(List.of(known, vcpus("eci-a", 1, 0, 50L)), first);

    assertThat(words(more))
        .containsExactly(
            "eci-a usage: 50 vCPU-seconds x 0.000049 CNY = 0.00245 CNY,"
                + " for it was used more than was known");
    assertThat(more).extracting(SettledLine::revision).containsExactly(0);
  }

  @Test
  void aChangedDiscountAndAChangedPriceAreNamedSo() {
    List<UsageInterval> usage = List.of(vcpus("eci-a", 1, 0, 1000L));
    List<SettledLine> first = settle(usage, List.of());

    Agreements agreements = Agreements.of(List.of(discount("tenth", "*", "0.9")));
    List<SettledLine> more = SETTLEMENT.settle(OF, agreements, usage, first);

    assertThat(words(more))
        .containsExactly(
            "eci-a usage: -1000 vCPU-seconds x 0.000049 CNY = -0.049 CNY,"
                + " for discounts cover it otherwise",
            "eci-a usage tenth: 1000 vCPU-seconds x 0.0000441 CNY = 0.0441 CNY,"
                + " for discounts cover it otherwise");
    PriceBook cheaper = with(price("cn-hangzhou", Item.VCPU, "CNY", "0.00004", at(0), null));
    assertThat(new Settlement(cheaper).settle(OF, Agreements.NONE, usage, first))
        .extracting(SettledLine::why)
        .containsExactly(Why.PRICE_CHANGED, Why.PRICE_CHANGED);
  }

  @Test
  void backAndForthEndsAtTheSameSumAndEveryLineHasItsOwnKey() {
    List<SettledLine> all = new ArrayList<>();
    for (Long end : Stream.of(1000L, 400L, 1000L, 1000L, 0L, 400L).toList()) {
      List<UsageInterval> usage = List.of(vcpus("eci-a", 1, 0, end));
      all.addAll(settle(usage, all));
      assertThat(sum(all))
          .isEqualByComparingTo(new BigDecimal("0.000049").multiply(BigDecimal.valueOf(end)));
    }
    assertThat(all).hasSize(5);
    assertThat(all).extracting(SettledLine::key).doesNotHaveDuplicates();
    assertThat(all.getFirst().key())
        .isEqualTo(
            "1234567890/2026-03-01T08:00:00Z/container-group:eci-a/vcpu/usage//cn-hangzhou"
                + "/cn-hangzhou-b/CNY/0.000049/0.000049/0");
  }

  @Test
  void spotGroupsPayTheirShareAndShowTheFullPrice() {
    SpotShares shares =
        SpotShares.of(
            List.of(new SpotShare(RegionPattern.ALL, null, new BigDecimal("0.3"), at(-9))));
    UsageInterval spot = vcpus("eci-a", 2, 0, 100L).asSpot(new SpotTerms(at(0), at(0)));

    List<SettledLine> lines =
        new Settlement(BOOK.withSpot(shares))
            .settle(
                OF,
                Agreements.of(List.of(discount("tenth", "*", "0.9"))),
                List.of(spot),
                List.of());

    assertThat(words(lines))
        .containsExactly("eci-a spot: 200 vCPU-seconds x 0.0000147 CNY = 0.00294 CNY");
    assertThat(lines.getFirst().listAmount().amount()).isEqualByComparingTo("0.0098");
  }

  @Test
  void cachesVolumesAndNodesAreResourcesOfTheirOwn() {
    PriceBook book =
        PriceBook.of(
            Stream.concat(
                    PriceBookFile.shipped().prices().stream(),
                    PriceBookFile.examples().prices().stream())
                .toList());

    List<SettledLine> lines =
        new Settlement(book)
            .settle(
                OF,
                Agreements.NONE,
                List.of(
                    used("imc-1", Metered.imageCacheCreation(20), 0, 100L),
                    used("imc-1", Metered.imageCacheStorage(20), 100, null),
                    used("d-1", Metered.volume(40), 0, null),
                    used("vnd-1", Metered.virtualNode(), 0, null)),
                List.of());

    assertThat(lines)
        .extracting(line -> line.slot().resource() + " " + line.slot().item())
        .containsExactly(
            "volume:d-1 volume",
            "image-cache:imc-1 vcpu",
            "image-cache:imc-1 memory",
            "image-cache:imc-1 image-cache-disk",
            "image-cache:imc-1 image-cache-storage",
            "virtual-node:vnd-1 vcpu",
            "virtual-node:vnd-1 memory");
  }

  @Test
  void timeWithoutAPriceIsRefusedOnlyIfItWasUsed() {
    PriceBook ends =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "CNY", "1", at(-100), at(1000)),
                price("*", Item.VCPU, "CNY", "1", at(2000), null)));
    Settlement settlement = new Settlement(ends);

    assertThat(
            sum(
                settlement.settle(
                    OF,
                    Agreements.NONE,
                    List.of(vcpus("eci-a", 1, 0, 1000L), vcpus("eci-b", 1, 3000, null)),
                    List.of())))
        .isEqualByComparingTo("1600");
    assertThatThrownBy(
            () ->
                settlement.settle(
                    OF, Agreements.NONE, List.of(vcpus("eci-a", 1, 0, 1001L)), List.of()))
        .isInstanceOf(MissingPriceException.class);
  }

  @Test
  void whatCannotBeOfTheAccountAndHourIsRefused() {
    AccountHour other = new AccountHour(new AccountId("2"), HOUR);
    List<UsageInterval> usage = List.of(vcpus("eci-a", 1, 0, 1000L));
    List<SettledLine> lines = settle(usage, List.of());

    assertThatThrownBy(() -> SETTLEMENT.settle(other, Agreements.NONE, usage, List.of()))
        .hasMessageContaining("not of account 2");
    assertThatThrownBy(() -> SETTLEMENT.settle(other, Agreements.NONE, List.of(), lines))
        .hasMessageContaining("not of AccountHour");
    assertThatThrownBy(
            () -> settle(List.of(vcpus("eci-a", 1, 0, 10L), vcpus("eci-a", 1, 9, 20L)), List.of()))
        .hasMessageContaining("overlaps");
    Iterable<UsageInterval> disorder =
        List.of(vcpus("eci-b", 1, 0, 10L), vcpus("eci-a", 1, 9, 20L));
    assertThatThrownBy(
            () ->
                SETTLEMENT.settle(
                    OF, Agreements.NONE, disorder, List.<SettledLine>of(), line -> {}))
        .hasMessageContaining("comes after");
  }

  @Test
  void theExampleOfTheContractComesOutExactly() {
    List<SettledLine> lines =
        settle(List.of(used("eci-a", Metered.of(TWO_FOUR), 0, 1L)), List.of());

    assertThat(sum(lines)).isEqualByComparingTo("0.00012252");
  }

  @Test
  void anHourIsSettledAtTheDiscountedRatesOfItsSeconds() {
    Agreements agreements =
        Agreements.of(List.of(discount("ten", "*", "0.9"), discount("half", "memory", "0.5")));
    Metered metered = Metered.of(TWO_FOUR);
    List<SettledLine> lines =
        SETTLEMENT.settle(OF, agreements, List.of(used("eci-a", metered, 0, null)), List.of());

    BigDecimal second =
        Rating.sum(agreements.discounted(Rating.rates(metered, HANGZHOU, T0, BOOK), HOUR)).amount();
    assertThat(second).isEqualByComparingTo("0.00010046");
    assertThat(sum(lines)).isEqualByComparingTo(second.multiply(BigDecimal.valueOf(3600)));
  }
}
