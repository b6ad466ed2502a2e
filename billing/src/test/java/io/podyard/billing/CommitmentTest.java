package io.podyard.billing;

import static io.podyard.billing.Settled.B;
import static io.podyard.billing.Settled.BOOK;
import static io.podyard.billing.Settled.C;
import static io.podyard.billing.Settled.G7;
import static io.podyard.billing.Settled.HOUR;
import static io.podyard.billing.Settled.OF;
import static io.podyard.billing.Settled.discount;
import static io.podyard.billing.Settled.in;
import static io.podyard.billing.Settled.instance;
import static io.podyard.billing.Settled.plan;
import static io.podyard.billing.Settled.reserved;
import static io.podyard.billing.Settled.sum;
import static io.podyard.billing.Settled.vcpus;
import static io.podyard.billing.Settled.words;
import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.cny;
import static io.podyard.billing.Usage.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reserved instances, savings plans and discounts, and the order in which they apply. */
class CommitmentTest {

  private static List<SettledLine> settle(List<UsageInterval> usage, Agreement... agreements) {
    return new Settlement(BOOK).settle(OF, Agreements.of(List.of(agreements)), usage, List.of());
  }

  @Test
  void reservedInstancesCoverSecondsOfAsManyGroupsAsThereAre() {
    // One instance is paid for: 3600 seconds, of which four groups at once use up 1000 each.
    List<UsageInterval> usage =
        Stream.of("eci-a", "eci-b", "eci-c", "eci-d")
            .map(group -> instance(group, 0, 1000L))
            .toList();

    assertThat(words(settle(usage, reserved("ri", null, 1, "0.0001"))))
        .containsExactly(
            "eci-a reserved ri: 1000 instance-seconds x 0.0001 CNY = 0.1 CNY",
            "eci-b reserved ri: 1000 instance-seconds x 0.0001 CNY = 0.1 CNY",
            "eci-c reserved ri: 1000 instance-seconds x 0.0001 CNY = 0.1 CNY",
            "eci-d usage: 400 instance-seconds x 0.0002 CNY = 0.08 CNY",
            "eci-d reserved ri: 600 instance-seconds x 0.0001 CNY = 0.06 CNY");
  }

  @Test
  void whatReservedInstancesDoNotCoverIsPaidAllTheSame() {
    assertThat(words(settle(List.of(instance("eci-a", 0, 1000L)), reserved("ri", B, 2, "0.0001"))))
        .containsExactly(
            "eci-a reserved ri: 1000 instance-seconds x 0.0001 CNY = 0.1 CNY",
            "ri unused ri: 6200 instance-seconds x 0.0001 CNY = 0.62 CNY");
    assertThat(words(settle(List.of(), reserved("ri", B, 1, "0"))))
        .containsExactly("ri unused ri: 3600 instance-seconds x 0 CNY = 0 CNY");
  }

  @Test
  void thoseOfOneZoneCoverOnlyItAndBeforeThoseOfTheRegion() {
    List<UsageInterval> usage =
        List.of(instance("eci-a", 0, null), in(C, instance("eci-b", 0, null)));

    assertThat(
            words(settle(usage, reserved("any", null, 1, "0.0001"), reserved("zoned", B, 1, "0"))))
        .containsExactly(
            "eci-a reserved zoned: 3600 instance-seconds x 0 CNY = 0 CNY",
            "eci-b reserved any: 3600 instance-seconds x 0.0001 CNY = 0.36 CNY");
    assertThat(words(settle(usage, reserved("zoned", C, 2, "0"))))
        .containsExactly(
            "eci-a usage: 3600 instance-seconds x 0.0002 CNY = 0.72 CNY",
            "eci-b reserved zoned: 3600 instance-seconds x 0 CNY = 0 CNY",
            "zoned unused zoned: 3600 instance-seconds x 0 CNY = 0 CNY");
  }

  @Test
  void aSavingsPlanCoversUntilItsMoneyIsUsedUp() {
    // 0.0588 CNY pay for 2000 vCPU-seconds at 0.6 of 0.000049 CNY.
    SavingsPlan plan = plan("sp", "0.0588", Map.of("vcpu", "0.6"));

    assertThat(
            words(settle(List.of(vcpus("eci-a", 1, 0, 1500L), vcpus("eci-b", 1, 0, 1500L)), plan)))
        .containsExactly(
            "eci-a savings-plan sp: 1500 vCPU-seconds x 0.0000294 CNY = 0.0441 CNY",
            "eci-b usage: 1000 vCPU-seconds x 0.000049 CNY = 0.049 CNY",
            "eci-b savings-plan sp: 500 vCPU-seconds x 0.0000294 CNY = 0.0147 CNY");
    assertThat(words(settle(List.of(vcpus("eci-a", 1, 0, 1500L)), plan)))
        .containsExactly(
            "eci-a savings-plan sp: 1500 vCPU-seconds x 0.0000294 CNY = 0.0441 CNY",
            "sp unused sp: 0.0147 CNY not used");
  }

  @Test
  void moneyThatPaysForNoSmallPartOfAnItemIsNotUsed() {
    // A thousandth of a vCPU costs 0.0000000294 CNY for a second, so 0.0000001 CNY pay for three.
    assertThat(
            words(
                settle(
                    List.of(vcpus("eci-a", 1, 0, 1L)),
                    plan("sp", "0.0000001", Map.of("vcpu", "0.6")))))
        .containsExactly(
            "eci-a usage: 0.997 vCPU-seconds x 0.000049 CNY = 0.000048853 CNY",
            "eci-a savings-plan sp: 0.003 vCPU-seconds x 0.0000294 CNY = 0.0000000882 CNY",
            "sp unused sp: 0.0000000118 CNY not used");
  }

  @Test
  void reservedInstancesComeFirstThenPlansThenTheDiscountOnTheRest() {
    List<UsageInterval> usage =
        List.of(instance("eci-a", 0, null), instance("eci-b", 0, null), instance("eci-c", 0, null));

    assertThat(
            words(
                settle(
                    usage,
                    discount("account", "*", "0.5"),
                    plan("plan", "0.576", Map.of("ecs.*", "0.8")),
                    reserved("ri", null, 1, "0.0001"))))
        .containsExactly(
            "eci-a reserved ri: 3600 instance-seconds x 0.0001 CNY = 0.36 CNY",
            "eci-b savings-plan plan: 3600 instance-seconds x 0.00016 CNY = 0.576 CNY",
            "eci-c usage account: 3600 instance-seconds x 0.0001 CNY = 0.36 CNY");
  }

  @Test
  void plansSaveTheLargestShareFirst() {
    // Both plans are for both items; 0.1 CNY each.
    SavingsPlan one = plan("one", "0.1", Map.of("vcpu", "0.5", "ecs.*", "0.7"));
    SavingsPlan two = plan("two", "0.1", Map.of("*", "0.6", "ecs.g7.*", "0.4"));

    assertThat(
            words(
                settle(List.of(vcpus("eci-a", 4, 0, null), instance("eci-b", 0, null)), one, two)))
        .startsWith(
            "eci-a usage: 10318.368 vCPU-seconds x 0.000049 CNY = 0.505600032 CNY",
            "eci-a savings-plan one: 4081.632 vCPU-seconds x 0.0000245 CNY = 0.099999984 CNY",
            "eci-b usage: 2350 instance-seconds x 0.0002 CNY = 0.47 CNY",
            "eci-b savings-plan two: 1250 instance-seconds x 0.00008 CNY = 0.1 CNY");
  }

  @Test
  void ofEqualSavingsTheCheaperUsageComesFirstAndOfEqualPlansTheOlder() {
    SavingsPlan young =
        new SavingsPlan(
            new AgreementId("a"),
            cny("0.01"),
            Map.of(ItemPattern.ALL, new BigDecimal("0.5")),
            SavingsPlan.Term.THREE_YEARS,
            HOUR);
    SavingsPlan old =
        new SavingsPlan(
            new AgreementId("b"),
            cny("0.01"),
            Map.of(ItemPattern.ALL, new BigDecimal("0.5")),
            SavingsPlan.Term.ONE_YEAR,
            new Hour(at(-3600)));

    assertThat(
            words(
                settle(
                    List.of(vcpus("eci-a", 1, 0, 500L), instance("eci-b", 0, 500L)), young, old)))
        .containsExactly(
            "a unused a: 0.0000499935 CNY not used",
            "b unused b: 0.0000000065 CNY not used",
            "eci-a savings-plan a: 91.837 vCPU-seconds x 0.0000245 CNY = 0.0022500065 CNY",
            "eci-a savings-plan b: 408.163 vCPU-seconds x 0.0000245 CNY = 0.0099999935 CNY",
            "eci-b usage: 423 instance-seconds x 0.0002 CNY = 0.0846 CNY",
            "eci-b savings-plan a: 77 instance-seconds x 0.0001 CNY = 0.0077 CNY");
  }

  @Test
  void theClosestDiscountCounts() {
    List<UsageInterval> usage = List.of(vcpus("eci-a", 1, 0, 100L), instance("eci-b", 0, 100L));

    assertThat(
            words(
                settle(
                    usage,
                    discount("all", "*", "0.9"),
                    discount("ecs", "ecs.*", "0.8"),
                    discount("g7", "ecs.g7.large", "0.7"))))
        .containsExactly(
            "eci-a usage all: 100 vCPU-seconds x 0.0000441 CNY = 0.00441 CNY",
            "eci-b usage g7: 100 instance-seconds x 0.00014 CNY = 0.014 CNY");
  }

  @Test
  void spotGroupsAreCoveredByNothing() {
    PriceBook book =
        BOOK.withSpot(
            SpotShares.of(
                List.of(new SpotShare(RegionPattern.ALL, null, new BigDecimal("0.3"), at(-9)))));
    UsageInterval spot = instance("eci-a", 0, 100L).asSpot(new SpotTerms(at(0), at(0)));
    Agreements all =
        Agreements.of(
            List.of(
                reserved("ri", null, 1, "0.0001"),
                plan("plan", "1", Map.of("*", "0.1")),
                discount("half", "*", "0.5")));

    assertThat(words(new Settlement(book).settle(OF, all, List.of(spot), List.of())))
        .containsExactly(
            "eci-a spot: 100 instance-seconds x 0.00006 CNY = 0.006 CNY",
            "plan unused plan: 1 CNY not used",
            "ri unused ri: 3600 instance-seconds x 0.0001 CNY = 0.36 CNY");
  }

  @Test
  void anotherCurrencyCoversNothing() {
    SavingsPlan dollars =
        new SavingsPlan(
            new AgreementId("sp"),
            usd("1"),
            Map.of(ItemPattern.ALL, BigDecimal.ONE),
            SavingsPlan.Term.ONE_YEAR,
            HOUR);

    assertThat(words(settle(List.of(vcpus("eci-a", 1, 0, 100L)), dollars)))
        .containsExactly(
            "eci-a usage: 100 vCPU-seconds x 0.000049 CNY = 0.0049 CNY",
            "sp unused sp: 1 USD not used");
  }

  @Test
  void agreementsCountFromTheirFirstHourToTheirLast() {
    Hour next = HOUR.next();
    ReservedInstances later =
        new ReservedInstances(
            new AgreementId("ri"), G7, HANGZHOU, null, 1, cny("0.0001"), next, next.next());
    Agreements agreements = Agreements.of(List.of(later));
    List<UsageInterval> usage = List.of(instance("eci-a", 0, 100_000L));
    Settlement settlement = new Settlement(BOOK);

    assertThat(sum(settlement.settle(OF, agreements, usage, List.of())))
        .isEqualByComparingTo("0.72");
    assertThat(sum(settlement.settle(new AccountHour(ACCOUNT, next), agreements, usage, List.of())))
        .isEqualByComparingTo("0.36");
    assertThat(
            sum(
                settlement.settle(
                    new AccountHour(ACCOUNT, next.next()), agreements, usage, List.of())))
        .isEqualByComparingTo("0.72");
    assertThat(plan("sp", "1", Map.of("*", "1")).to().start()).isEqualTo("2027-03-01T08:00:00Z");
  }

  @Test
  void aLateCloseFreesWhatItCoveredForOthers() {
    Agreements agreements = Agreements.of(List.of(reserved("ri", null, 1, "0.0001")));
    UsageInterval other = instance("eci-b", 0, null);
    Settlement settlement = new Settlement(BOOK);
    List<SettledLine> first =
        settlement.settle(OF, agreements, List.of(instance("eci-a", 0, null), other), List.of());

    List<UsageInterval> known = List.of(instance("eci-a", 0, 600L), other);
    List<SettledLine> more = settlement.settle(OF, agreements, known, first);

    assertThat(words(more))
        .containsExactly(
            "eci-a reserved ri: -3000 instance-seconds x 0.0001 CNY = -0.3 CNY,"
                + " for it ended earlier than was known",
            "eci-b usage: -3000 instance-seconds x 0.0002 CNY = -0.6 CNY,"
                + " for discounts cover it otherwise",
            "eci-b reserved ri: 3000 instance-seconds x 0.0001 CNY = 0.3 CNY,"
                + " for discounts cover it otherwise");
    assertThat(
            settlement.settle(
                OF, agreements, known, Stream.concat(first.stream(), more.stream()).toList()))
        .isEmpty();
  }

  @Test
  void agreementsThatContradictOneAnotherAreRefusedAllAtOnce() {
    InvalidAgreementsException refused =
        catchThrowableOfType(
            InvalidAgreementsException.class,
            () ->
                Agreements.of(
                    List.of(
                        discount("a", "*", "0.9"),
                        discount("b", "*", "0.8"),
                        discount("b", "vcpu", "0.8"))));

    assertThat(refused.problems())
        .containsExactly(
            "the discounts a and b are both for * at 2026-03-01T08:00:00Z",
            "there are two agreements with the id b");
  }

  @Test
  void impossibleAgreementsAreRefused() {
    assertThatThrownBy(() -> discount("a", "*", "1.1")).hasMessageContaining("0 to 1");
    assertThatThrownBy(() -> discount("a", "disk", "1")).hasMessageContaining("'disk'");
    assertThatThrownBy(() -> discount("a b", "*", "1")).hasMessageContaining("'a b'");
    assertThatThrownBy(() -> reserved("a", null, 0, "1")).hasMessageContaining("not 0");
    assertThatThrownBy(() -> plan("a", "0", Map.of("*", "1"))).hasMessageContaining("nothing");
    assertThatThrownBy(() -> plan("a", "1", Map.of())).hasMessageContaining("some items");
    assertThatThrownBy(() -> new Hour(at(1))).hasMessageContaining("on the hour");
    assertThatThrownBy(
            () ->
                new AccountDiscount(
                    new AgreementId("a"), ItemPattern.ALL, BigDecimal.ONE, HOUR, HOUR))
        .hasMessageContaining("valid for a time");
    assertThatThrownBy(
            () ->
                new ReservedInstances(
                    new AgreementId("a"), Item.VCPU, HANGZHOU, null, 1, cny("1"), HOUR, null))
        .hasMessageContaining("not vcpu");
  }
}
