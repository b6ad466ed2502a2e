package io.podyard.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.podyard.billing.ChargeLine;
import io.podyard.billing.Metered;
import io.podyard.billing.UsageInterval;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final AccountId ACCOUNT = new AccountId("acct-1");
  private static final AccountId OTHER = new AccountId("acct-2");
  private static final RegionId HANGZHOU = new RegionId("cn-hangzhou");
  private static final Size TWO_FOUR = Size.of(2000, 4096);

  private UsageDatabase database;
  private Usage usage;

  @BeforeEach
  void open() {
    database = new UsageDatabase(START);
    database.prices().start();
    usage = database.usage();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static ContainerGroupId group(int number) {
    return new ContainerGroupId("eci-%04d".formatted(number));
  }

  private void meterStarts(AccountId account, ContainerGroupId group, Size size, Instant at) {
    database
        .meter()
        .open(
            List.of(
                new UsageIntervals.Opening(
                    group, account, HANGZHOU, new ZoneId("cn-hangzhou-a"), Metered.of(size), at)));
  }

  private void meterStops(ContainerGroupId group, Instant at) {
    database.meter().close(List.of(new UsageIntervals.Closing(group, at)));
  }

  private static Money cny(String amount) {
    return new Money(new BigDecimal(amount), new CurrencyCode("CNY"));
  }

  private static GroupCosts.Asked asked(ContainerGroupId group) {
    return new GroupCosts.Asked(group, HANGZHOU, null, Metered.of(TWO_FOUR));
  }

  private CostSoFar.Priced priced(ContainerGroupId group) {
    CostSoFar cost = database.costs().soFar(ACCOUNT, List.of(asked(group))).getFirst();
    assertThat(cost).isInstanceOf(CostSoFar.Priced.class);
    return (CostSoFar.Priced) cost;
  }

  @Test
  void twoVcpuAndFourGibCostExactlyThePublishedPriceEachSecond() {
    meterStarts(ACCOUNT, group(1), TWO_FOUR, START.plusMillis(300));
    database.time().advance(Duration.ofMillis(34_900));
    CostSoFar.Priced cost = priced(group(1));
    assertThat(cost.perSecond()).isEqualTo(cny("0.00012252"));
    assertThat(cost.seconds()).isEqualTo(34);
    assertThat(cost.metering()).isTrue();
    assertThat(cost.amounts()).containsExactly(cny("0.004165680000"));
    meterStops(group(1), START.plusMillis(36_999));
    database.time().advance(Duration.ofDays(400));
    assertThat(priced(group(1)).amounts()).containsExactly(cny("0.004410720000"));
    assertThat(priced(group(1)).seconds()).isEqualTo(36);
    assertThat(priced(group(1)).metering()).isFalse();
  }

  @Test
  void theDisksThatAGroupGotFromCachesAreInWhatTheGroupCost() {
    database.addPrice("cn-*", "image-cache-use", "CNY", "0.00000003", "2018-08-08T00:00:00Z");
    database.addPrice("cn-*", "data-cache-use", "CNY", "0.00000001", "2018-08-08T00:00:00Z");
    UsageIntervals.Opening opening =
        new UsageIntervals.Opening(
            group(1),
            ACCOUNT,
            HANGZHOU,
            new ZoneId("cn-hangzhou-a"),
            Metered.of(TWO_FOUR),
            10,
            40,
            START);
    database.meter().open(List.of(opening));
    database.time().advance(Duration.ofMinutes(10));
    CostSoFar.Priced cost = priced(group(1));
    assertThat(cost.seconds()).isEqualTo(600);
    assertThat(cost.perSecond().amount()).isEqualByComparingTo("0.00012322");
    assertThat(cost.amounts()).singleElement().satisfies(all -> costs(all, "0.073932"));

    Period hour = new Period(START, START.plusSeconds(3600));
    assertThat(usage.total(ACCOUNT, hour).amounts())
        .singleElement()
        .satisfies(all -> costs(all, "0.073932"));
    assertThat(usage.ofGroup(ACCOUNT, group(1), hour).groups())
        .extracting(one -> one.group().value(), one -> one.lines().size())
        .containsExactly(tuple("eci-0001", 2), tuple("eci-0001.imc", 1), tuple("eci-0001.edc", 1));

    // It buys more than the disk of images has, so that costs nothing any more.
    database
        .meter()
        .change(List.of(new UsageIntervals.StorageChange(group(1), 12, database.time().instant())));
    assertThat(priced(group(1)).perSecond().amount()).isEqualByComparingTo("0.00012292");
    meterStops(group(1), database.time().instant());
    database.time().advance(Duration.ofDays(1));
    CostSoFar.Priced ended = priced(group(1));
    assertThat(ended.perSecond().amount()).isEqualByComparingTo("0.00012292");
    assertThat(ended.amounts()).singleElement().satisfies(all -> costs(all, "0.073932"));
  }

  @Test
  void whatAHundredCostIsAskedForAtOnce() {
    database.addPrice("cn-*", "image-cache-use", "CNY", "0.00000003", "2018-08-08T00:00:00Z");
    List<GroupCosts.Asked> asked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asked.add(asked(group(i)));
      if (i % 10 > 0) {
        AccountId account = i % 10 == 1 ? OTHER : ACCOUNT;
        UsageIntervals.Opening opening =
            new UsageIntervals.Opening(
                group(i),
                account,
                HANGZHOU,
                new ZoneId("cn-hangzhou-a"),
                Metered.of(TWO_FOUR),
                i % 10 == 2 ? 10 : 0,
                0,
                START.plusSeconds(i));
        database.meter().open(List.of(opening));
      }
      if (i % 10 == 3) {
        database
            .database()
            .jdbc()
            .update(
                "insert into spot_group (group_id, created_at, protected_until) values (?, ?, ?)",
                group(i).value(),
                START.atOffset(ZoneOffset.UTC),
                START.plusSeconds(9).atOffset(ZoneOffset.UTC));
      }
      if (i % 10 > 5) {
        meterStops(group(i), START.plusSeconds(200));
      }
    }
    database.time().advance(Duration.ofMinutes(10));
    CountedQueries counted = new CountedQueries(database.database().dataSource());
    List<CostSoFar> costs = database.costs(counted).soFar(ACCOUNT, asked);
    assertThat(counted.queries()).isEqualTo(2);
    assertThat(costs)
        .isEqualTo(
            asked.stream()
                .map(one -> database.costs().soFar(ACCOUNT, List.of(one)).getFirst())
                .toList());
    assertThat(Set.copyOf(costs)).hasSizeGreaterThan(70);
    assertThat(database.costs().soFar(ACCOUNT, List.of())).isEmpty();
  }

  private static void costs(Money money, String amount) {
    assertThat(money.amount()).isEqualByComparingTo(amount);
  }

  @Test
  void aGroupWhoseMeterNeverRanCostsNothingAndHasAPrice() {
    CostSoFar.Priced cost = priced(group(1));
    assertThat(cost.amounts()).containsExactly(cny("0"));
    assertThat(cost.perSecond()).isEqualTo(cny("0.00012252"));
    assertThat(cost.seconds()).isZero();
    assertThat(cost.metering()).isFalse();
  }

  @Test
  void nobodySeesWhatAnotherAccountUsed() {
    meterStarts(OTHER, group(1), TWO_FOUR, START);
    database.time().advance(Duration.ofMinutes(1));
    assertThat(usage.intervals(ACCOUNT, group(1))).isEmpty();
    assertThat(priced(group(1)).seconds()).isZero();
    Period minute = new Period(START, START.plusSeconds(60));
    assertThat(usage.page(ACCOUNT, minute, null, 10).groups()).isEmpty();
    assertThat(usage.total(ACCOUNT, minute).amounts()).isEmpty();
    assertThat(usage.total(OTHER, minute).amounts()).hasSize(1);
  }

  @Test
  void aPageShowsIntervalsLinesAndSentencesCutToThePeriod() {
    meterStarts(ACCOUNT, group(1), TWO_FOUR, START.plusSeconds(10));
    meterStops(group(1), START.plusSeconds(100));
    database.time().advance(Duration.ofHours(1));
    UsagePage page =
        usage.page(ACCOUNT, new Period(START.plusSeconds(50), START.plusSeconds(84)), null, 10);
    assertThat(page.more()).isFalse();
    assertThat(page.groups())
        .singleElement()
        .satisfies(
            group -> {
              assertThat(group.group()).isEqualTo(group(1));
              assertThat(group.seconds()).isEqualTo(34);
              assertThat(group.intervals())
                  .extracting(UsageInterval::start, UsageInterval::end)
                  .containsExactly(tuple(START.plusSeconds(10), START.plusSeconds(100)));
              assertThat(group.lines())
                  .extracting(ChargeLine::sentence)
                  .containsExactly(
                      "2 vCPU x 34 s x 0.000049 CNY = 0.003332 CNY",
                      "4 GiB x 34 s x 0.00000613 CNY = 0.00083368 CNY");
              assertThat(group.amounts()).containsExactly(cny("0.004165680000"));
            });
  }

  @Test
  void anOpenIntervalIsChargedUntilNowAndNotBeyond() {
    meterStarts(ACCOUNT, group(1), TWO_FOUR, START);
    database.time().advance(Duration.ofSeconds(20));
    Period month = new Period(START, START.plus(Duration.ofDays(31)));
    UsagePage page = usage.page(ACCOUNT, month, null, 10);
    assertThat(page.period()).isEqualTo(new Period(START, START.plusSeconds(20)));
    assertThat(page.groups().getFirst().seconds()).isEqualTo(20);
    assertThat(usage.total(ACCOUNT, month).amounts()).hasSize(1);
    assertThat(usage.total(ACCOUNT, month).amounts().getFirst().amount())
        .isEqualByComparingTo("0.0024504");
    Period tomorrow = new Period(START.plus(Duration.ofDays(1)), START.plus(Duration.ofDays(2)));
    assertThat(usage.page(ACCOUNT, tomorrow, null, 10).groups()).isEmpty();
    assertThat(usage.total(ACCOUNT, tomorrow).amounts()).isEmpty();
  }

  @Test
  void pagesGoFromTheNewestGroupToTheOldestWithoutLosingOne() {
    for (int i = 1; i <= 7; i++) {
      meterStarts(ACCOUNT, group(i), TWO_FOUR, START.plusSeconds(i));
    }
    database.time().advance(Duration.ofMinutes(1));
    Period minute = new Period(START, START.plusSeconds(60));
    List<ContainerGroupId> seen = new ArrayList<>();
    ContainerGroupId after = null;
    UsagePage page;
    do {
      page = usage.page(ACCOUNT, minute, after, 3);
      page.groups().forEach(group -> seen.add(group.group()));
      after = page.groups().getLast().group();
    } while (page.more());
    assertThat(seen)
        .containsExactly(group(7), group(6), group(5), group(4), group(3), group(2), group(1));
  }

  @Test
  void whatHasNoPriceAnyMoreIsSaidAndNotGuessed() {
    meterStarts(ACCOUNT, group(1), TWO_FOUR, START);
    Instant end = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.DAYS);
    database.database().jdbc().update("update price set valid_to = ?::timestamptz", end.toString());
    database.time().advance(Duration.between(START, end.plusSeconds(10)));
    CostSoFar cost = database.costs().soFar(ACCOUNT, List.of(asked(group(1)))).getFirst();
    assertThat(cost)
        .isInstanceOfSatisfying(
            CostSoFar.Unpriced.class,
            unpriced -> {
              assertThat(unpriced.message()).contains("vcpu", "cn-hangzhou");
              assertThat(unpriced.metering()).isTrue();
            });
    GroupUsage group =
        usage.page(ACCOUNT, new Period(START, end.plusSeconds(10)), null, 1).groups().getFirst();
    assertThat(group.unpriced()).contains("vcpu", "cn-hangzhou", end.toString());
    assertThat(group.lines()).isEmpty();
    assertThat(usage.total(ACCOUNT, new Period(START, end.plusSeconds(10))).unpriced())
        .contains("vcpu", "cn-hangzhou");
  }

  @Test
  void whatEndedInTheSecondInWhichItBeganIsInNoTotalAndNeedsNoPrice() {
    RegionId unpriced = new RegionId("eu-1");
    Instant at = START.plusSeconds(10);
    database
        .meter()
        .open(
            List.of(
                new UsageIntervals.Opening(
                    group(1),
                    ACCOUNT,
                    unpriced,
                    new ZoneId("eu-1-a"),
                    Metered.of(TWO_FOUR),
                    at.plusMillis(100))));
    meterStops(group(1), at.plusMillis(900));
    database.time().advance(Duration.ofHours(1));
    Period hour = new Period(START, START.plusSeconds(3600));
    assertThat(usage.page(ACCOUNT, hour, null, 10).groups())
        .singleElement()
        .satisfies(group -> assertThat(group.unpriced()).isNull());
    assertThat(usage.total(ACCOUNT, hour)).isEqualTo(new Usage.Total(List.of(), null));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theTotalIsTheSumOfAllLinesAlsoAcrossChangesOfPrice(long seed) {
    Random random = new Random(seed);
    Instant change = Instant.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.DAYS);
    database
        .database()
        .jdbc()
        .update("update price set valid_to = ?::timestamptz where region = 'cn-*'", change + "");
    database.addPrice("cn-*", "vcpu", "USD", "0.000012345678", change.toString());
    database.addPrice("cn-*", "memory", "USD", "0.000001234567", change.toString());
    Instant first = change.minusSeconds(5000);
    for (int i = 1; i <= 40; i++) {
      Size size = Size.of(250 * (1 + random.nextInt(16)), 512 * (1 + random.nextInt(16)));
      Instant from = first.plusSeconds(random.nextInt(9000));
      meterStarts(ACCOUNT, group(i), size, from);
      if (random.nextInt(4) > 0) {
        meterStops(group(i), from.plusSeconds(random.nextInt(4000)));
      }
    }
    database.time().advance(Duration.between(START, change.plusSeconds(4000)));
    Period asked =
        new Period(
            change.minusSeconds(500 + random.nextInt(3000)),
            change.plusSeconds(500 + random.nextInt(6000)));
    Map<String, BigDecimal> lines = new TreeMap<>();
    for (GroupUsage group : usage.page(ACCOUNT, asked, null, 100).groups()) {
      for (ChargeLine line : group.lines()) {
        lines.merge(line.amount().currency().value(), line.amount().amount(), BigDecimal::add);
      }
    }
    Map<String, BigDecimal> total = new TreeMap<>();
    usage
        .total(ACCOUNT, asked)
        .amounts()
        .forEach(money -> total.put(money.currency().value(), money.amount()));
    assertThat(total).as("seed " + seed).hasSize(2);
    assertThat(total.keySet()).isEqualTo(lines.keySet());
    total.forEach(
        (currency, amount) ->
            assertThat(amount)
                .as(currency + ", seed " + seed)
                .isEqualByComparingTo(lines.get(currency)));
  }
}
