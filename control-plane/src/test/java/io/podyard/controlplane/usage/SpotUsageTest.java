package io.podyard.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.billing.Item;
import io.podyard.billing.ItemPattern;
import io.podyard.billing.Metered;
import io.podyard.billing.SpotShares;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Money;
import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/** Bills of spot groups, and the time series of their prices. */
class SpotUsageTest {

  /** Spot prices are not backdated, so this is to come. */
  private static final Instant START = Instant.parse("2040-03-01T00:00:00Z");

  private static final AccountId ACCOUNT = new AccountId("acct-1");
  private static final RegionId HANGZHOU = new RegionId("cn-hangzhou");
  private static final ZoneId A = new ZoneId("cn-hangzhou-a");
  private static final ZoneId B = new ZoneId("cn-hangzhou-b");
  private static final Size TWO_FOUR = Size.of(2000, 4096);

  private UsageDatabase database;
  private Usage usage;
  private SpotPriceTable prices;

  @BeforeEach
  void open() {
    database = new UsageDatabase(START);
    database.prices().start();
    usage = database.usage();
    prices = new SpotPriceTable(database.database().jdbc(), database.database().transaction());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static ContainerGroupId group(int number) {
    return new ContainerGroupId("eci-%04d".formatted(number));
  }

  private void spot(int number, Instant createdAt, Duration protection) {
    database
        .database()
        .jdbc()
        .update(
            "insert into spot_group (group_id, created_at, protected_until) values (?, ?, ?)",
            group(number).value(),
            createdAt.atOffset(ZoneOffset.UTC),
            createdAt.plus(protection).atOffset(ZoneOffset.UTC));
  }

  private void metered(int number, Instant from, @Nullable Instant to) {
    database
        .meter()
        .open(
            List.of(
                new UsageIntervals.Opening(
                    group(number), ACCOUNT, HANGZHOU, A, Metered.of(TWO_FOUR), from)));
    if (to != null) {
      database.meter().close(List.of(new UsageIntervals.Closing(group(number), to)));
    }
  }

  private void until(long second) {
    database.time().advance(Duration.between(database.time().instant(), START.plusSeconds(second)));
  }

  private void share(@Nullable ZoneId zone, String share, Instant from) {
    assertThat(prices.add(HANGZHOU, zone, ItemPattern.ALL, new BigDecimal(share), from))
        .isPresent();
    database.time().advance(Prices.TRUSTED.plusSeconds(1));
  }

  @Test
  void aPriceOfSomeItemsIsReadBesideThoseOfAll() {
    ItemPattern vcpu = new ItemPattern("vcpu");
    Instant from = START.minusSeconds(60);
    assertThat(prices.add(HANGZHOU, B, vcpu, new BigDecimal("0.7"), from)).isPresent();
    assertThat(prices.add(HANGZHOU, B, vcpu, new BigDecimal("0.8"), from)).as("twice").isEmpty();
    assertThat(prices.of(HANGZHOU, B, 10))
        .extracting(row -> row.share().items().value() + " " + row.share().share())
        .startsWith("vcpu 0.7")
        .contains("* 0.3");
    Prices others = database.newPrices();
    others.start();
    SpotShares known = others.book().spot();
    assertThat(known.find(HANGZHOU, B, Item.VCPU, from)).hasValue(new BigDecimal("0.7"));
    assertThat(known.find(HANGZHOU, B, Item.MEMORY, from)).hasValue(new BigDecimal("0.3"));
    for (String edit :
        List.of("update spot_item_price set share = 1", "delete from spot_item_price")) {
      assertThatThrownBy(() -> database.database().jdbc().update(edit))
          .hasMessageContaining("never edited");
    }
  }

  @Test
  void aGroupPaysTheShareOfItsCreationAndAfterItsProtectionThatOfEachMoment() {
    share(A, "0.5", START.plusSeconds(100));
    share(B, "0.9", START.plusSeconds(50));
    share(A, "0.2", START.plusSeconds(400));
    spot(1, START, Duration.ofSeconds(300));
    metered(1, START.plusSeconds(10), null);
    until(500);

    CostSoFar.Priced cost =
        (CostSoFar.Priced)
            database
                .costs()
                .soFar(
                    ACCOUNT,
                    List.of(new GroupCosts.Asked(group(1), HANGZHOU, A, Metered.of(TWO_FOUR))))
                .getFirst();

    // 290 s at 0.3, 100 s at 0.5 and 100 s at 0.2 of 0.00012252
    assertThat(cost.amounts().getFirst().amount()).isEqualByComparingTo("0.0192356400");
    assertThat(cost.perSecond().amount()).isEqualByComparingTo("0.000024504");
    assertThat(
            usage
                .page(ACCOUNT, new Period(START, START.plusSeconds(500)), null, 10)
                .groups()
                .getFirst()
                .lines())
        .hasSize(6);
  }

  @Test
  void nothingIsBackdatedOrEdited() {
    assertThat(
            prices.add(
                HANGZHOU,
                null,
                ItemPattern.ALL,
                new BigDecimal("0.1"),
                Instant.now().minusSeconds(60)))
        .isEmpty();
    share(null, "0.4", START);
    assertThat(prices.add(HANGZHOU, null, ItemPattern.ALL, new BigDecimal("0.1"), START)).isEmpty();
    for (String edit :
        List.of("update spot_price set share = 0.1", "delete from spot_price where id > 0")) {
      assertThatThrownBy(() -> database.database().jdbc().update(edit))
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("never edited");
    }
    assertThatThrownBy(
            () ->
                database
                    .database()
                    .jdbc()
                    .update(
                        "insert into spot_price (region, share, valid_from) values"
                            + " ('*', 1.5, '2041-01-01Z')"))
        .isInstanceOf(DataIntegrityViolationException.class);
    assertThat(prices.of(HANGZHOU, null, 10)).hasSize(2);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theTotalIsTheSumOfAllSecondsOfAllGroups(long seed) {
    Random random = new Random(seed);
    List<Instant> changes = new ArrayList<>();
    List<BigDecimal> shares = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      changes.add(START.plusSeconds(1 + 40L * i + random.nextInt(30)));
      shares.add(new BigDecimal("0." + (1 + random.nextInt(9_999))));
      share(A, shares.getLast().toPlainString(), changes.getLast());
    }
    BigDecimal expected = BigDecimal.ZERO;
    for (int number = 1; number <= 8; number++) {
      boolean spot = number % 3 != 0;
      long created = random.nextInt(100);
      long protection = random.nextInt(150);
      long from = created + random.nextInt(20);
      long to = from + random.nextInt(200);
      if (spot) {
        spot(number, START.plusSeconds(created), Duration.ofSeconds(protection));
      }
      metered(number, START.plusSeconds(from), START.plusSeconds(to));
      for (long second = from; second < to; second++) {
        long then = second < created + protection ? created : second;
        BigDecimal share =
            spot ? shareAt(START.plusSeconds(then), changes, shares) : BigDecimal.ONE;
        expected = expected.add(new BigDecimal("0.00012252").multiply(share));
      }
    }
    until(1000);
    Period all = new Period(START, START.plusSeconds(1000));

    assertThat(usage.total(ACCOUNT, all).amounts()).hasSize(1);
    assertThat(usage.total(ACCOUNT, all).amounts().getFirst().amount())
        .isEqualByComparingTo(expected);
    assertThat(
            usage.page(ACCOUNT, all, null, 100).groups().stream()
                .flatMap(one -> one.amounts().stream())
                .map(Money::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo(expected);
  }

  private static BigDecimal shareAt(Instant then, List<Instant> changes, List<BigDecimal> shares) {
    BigDecimal share = new BigDecimal("0.3");
    for (int i = 0; i < changes.size(); i++) {
      share = changes.get(i).isAfter(then) ? share : shares.get(i);
    }
    return share;
  }
}
