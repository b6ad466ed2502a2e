package io.podyard.billing;

import static io.podyard.billing.Usage.GROUP;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.TWO_FOUR;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.between;
import static io.podyard.billing.Usage.closed;
import static io.podyard.billing.Usage.open;
import static io.podyard.billing.Usage.price;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.Money;
import io.podyard.model.Period;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What spot groups cost, also against a count of every second that knows nothing of stretches. */
class SpotRatingTest {

  private static final ZoneId B = new ZoneId("cn-hangzhou-b");
  private static final ZoneId C = new ZoneId("cn-hangzhou-c");
  private static final int LONGEST = 300;

  static LongStream seeds() {
    Long one = Long.getLong("podyard.seed");
    return one == null ? LongStream.range(0, 20) : LongStream.of(one);
  }

  private static SpotShare share(String region, @Nullable ZoneId zone, String share, long from) {
    return new SpotShare(new RegionPattern(region), zone, new BigDecimal(share), at(from));
  }

  private static SpotShare of(
      String region, @Nullable ZoneId zone, String items, String share, long from) {
    return new SpotShare(
        new RegionPattern(region), zone, new ItemPattern(items), new BigDecimal(share), at(from));
  }

  private static SpotShare everywhere(String share, long from) {
    return new SpotShare(RegionPattern.ALL, null, new BigDecimal(share), at(from));
  }

  private static PriceBook published(SpotShare... shares) {
    return PriceBookFile.shipped().withSpot(SpotShares.of(List.of(shares)));
  }

  @Test
  void theFirstHourCostsWhatItCostAtTheCreationAndThenEachMomentItsOwn() {
    PriceBook book =
        published(
            everywhere("0.3", -10), share("cn-hangzhou", B, "0.5", 60), everywhere("0.9", 70));
    UsageInterval interval =
        closed(open(GROUP, TWO_FOUR, 0), 3700).asSpot(new SpotTerms(at(-5), at(3595)));

    List<ChargeLine> lines = Rating.rate(interval, at(4000), book);

    assertThat(lines)
        .extracting(line -> line.seconds() + " " + line.unitPricePerSecond().toPlainString())
        .containsExactly("3595 0.0000147", "3595 0.000001839", "105 0.0000245", "105 0.000003065");
    // (2 x 0.000049 + 4 x 0.00000613) x (3595 x 0.3 + 105 x 0.5)
    assertThat(Rating.costSoFar(List.of(interval), at(4000), book))
        .extracting(Money::amount)
        .singleElement()
        .satisfies(sum -> assertThat(sum).isEqualByComparingTo("0.1385701200"));
  }

  @Test
  void aZonesOwnShareCountsBeforeThatOfItsRegionAndThatBeforeAll() {
    SpotShares shares =
        SpotShares.of(
            List.of(
                everywhere("0.9", 0),
                share("cn-hangzhou", null, "0.5", 0),
                share("cn-hangzhou", B, "0.2", 10)));

    assertThat(shares.find(HANGZHOU, B, Item.VCPU, at(9))).hasValue(new BigDecimal("0.5"));
    assertThat(shares.find(HANGZHOU, B, Item.VCPU, at(10))).hasValue(new BigDecimal("0.2"));
    assertThat(shares.find(HANGZHOU, C, Item.VCPU, at(10))).hasValue(new BigDecimal("0.5"));
    assertThat(shares.find(HANGZHOU, null, Item.VCPU, at(10))).hasValue(new BigDecimal("0.5"));
    assertThat(shares.find(Usage.SINGAPORE, B, Item.VCPU, at(10))).hasValue(new BigDecimal("0.9"));
    assertThat(shares.find(HANGZHOU, B, Item.VCPU, at(-1))).isEmpty();
  }

  @Test
  void anInstanceTypesOwnShareCountsBeforeThatOfAnyPlace() {
    Item type = new Item("ecs.gn7i.large");
    SpotShares shares =
        SpotShares.of(
            List.of(
                everywhere("0.9", 0),
                share("cn-hangzhou", B, "0.2", 0),
                of("*", null, "ecs.gn7i.*", "0.6", 0),
                of("cn-hangzhou", B, "ecs.gn7i.*", "0.5", 10),
                of("*", null, "ecs.gn7i.large", "0.4", 20)));

    assertThat(shares.find(HANGZHOU, B, Item.VCPU, at(20))).hasValue(new BigDecimal("0.2"));
    assertThat(shares.find(HANGZHOU, B, type, at(9))).hasValue(new BigDecimal("0.6"));
    assertThat(shares.find(HANGZHOU, B, type, at(10))).hasValue(new BigDecimal("0.5"));
    assertThat(shares.find(HANGZHOU, C, type, at(10))).hasValue(new BigDecimal("0.6"));
    assertThat(shares.find(HANGZHOU, B, type, at(20))).hasValue(new BigDecimal("0.4"));

    PriceBook book =
        PriceBook.of(
                List.of(
                    price("*", Item.VCPU, "CNY", "0.00005", at(-10), null),
                    price("*", Item.MEMORY, "CNY", "0.000006", at(-10), null),
                    price("*", type, "CNY", "0.002", at(-10), null)))
            .withSpot(shares);
    UsageInterval interval =
        open(GROUP, TWO_FOUR, 0)
            .by(Tariff.ofInstanceType(type.code()))
            .asSpot(new SpotTerms(at(0), at(5)));
    assertThat(interval.zone()).isEqualTo(B);
    // 0.002 x 10 x (0.6 + 0.5 + 0.4), protected or not
    assertThat(sum(Rating.rate(interval, between(0, 30), book))).isEqualByComparingTo("0.03");
  }

  @Test
  void whatHasAShareOnlyOfSomeOfItsItemsHasNone() {
    PriceBook book = published(of("*", null, "vcpu", "0.3", -10));
    assertThat(Rating.spotPricePerSecond(Metered.of(TWO_FOUR), HANGZHOU, B, T0, book)).isEmpty();
    book = published(of("*", null, "vcpu", "0.3", -10), everywhere("0.5", -10));
    // 2 x 0.000049 x 0.3 + 4 x 0.00000613 x 0.5
    assertThat(
            Rating.spotPricePerSecond(Metered.of(TWO_FOUR), HANGZHOU, B, T0, book)
                .map(Money::amount))
        .hasValue(new BigDecimal("0.00004166"));
  }

  @Test
  void gpusAndInstanceTypesCostTheSameShareOfTheirPrice() {
    PriceBook book =
        PriceBook.of(
                List.of(
                    price("*", Item.VCPU, "CNY", "0.00005", at(-10), null),
                    price("*", Item.MEMORY, "CNY", "0.000006", at(-10), null),
                    price("*", Item.GPU, "CNY", "0.001", at(-10), null),
                    price("*", new Item("ecs.gn7i.large"), "CNY", "0.002", at(-10), null)))
            .withSpot(SpotShares.of(List.of(everywhere("0.5", -10))));
    UsageInterval plain = open(GROUP, TWO_FOUR, 0);
    UsageInterval gpus =
        new UsageInterval(
                GROUP,
                0,
                plain.account(),
                HANGZHOU,
                B,
                TWO_FOUR,
                1500,
                Tariff.STANDARD,
                at(0),
                at(10))
            .asSpot(new SpotTerms(at(0), at(5)));

    // (2 x 0.00005 + 4 x 0.000006 + 1.5 x 0.001) x 0.5 x 10
    assertThat(sum(Rating.rate(gpus, between(0, 10), book))).isEqualByComparingTo("0.00812");
    UsageInterval whole = gpus.by(Tariff.ofInstanceType("ecs.gn7i.large"));
    assertThat(sum(Rating.rate(whole, between(0, 10), book))).isEqualByComparingTo("0.01");
  }

  @Test
  void whatHasNoSpotPriceIsNotChargedByChance() {
    UsageInterval interval = open(GROUP, TWO_FOUR, 0).asSpot(new SpotTerms(at(0), at(0)));

    assertThatThrownBy(() -> Rating.rate(interval, at(20), published(everywhere("0.3", 10))))
        .isInstanceOf(MissingPriceException.class);
    assertThat(Rating.spotPricePerSecond(Metered.of(TWO_FOUR), HANGZHOU, B, T0, published()))
        .isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void ratingEqualsCountingEverySecond(long seed) {
    Random random = new Random(seed);
    int stretches = 0;
    for (int i = 0; i < 50; i++) {
      long changes = 1 + random.nextInt(LONGEST);
      List<Price> prices =
          List.of(
              price("*", Item.VCPU, "CNY", "0.000049", at(-1000), at(changes)),
              price("*", Item.VCPU, "CNY", "0.000031", at(changes), null),
              price("*", Item.MEMORY, "CNY", "0.00000613", at(-1000), null));
      List<SpotShare> shares = new ArrayList<>();
      shares.add(everywhere("0.3", -1000));
      for (int n = random.nextInt(8); n > 0; n--) {
        shares.add(
            share(
                random.nextBoolean() ? "cn-*" : "cn-hangzhou",
                List.of(B, C).get(random.nextInt(2)),
                "0." + (1 + random.nextInt(9_999)),
                random.nextInt(2 * LONGEST) - LONGEST / 2));
      }
      PriceBook book = PriceBook.of(prices).withSpot(SpotShares.of(shares));
      long created = -random.nextInt(100);
      UsageInterval interval =
          closed(open(GROUP, TWO_FOUR, 0), random.nextInt(LONGEST))
              .asSpot(new SpotTerms(at(created), at(created + random.nextInt(LONGEST))));
      Period window = between(random.nextInt(50) - 25, random.nextInt(LONGEST) + 30);

      List<ChargeLine> lines = Rating.rate(interval, window, book);

      assertThat(sum(lines)).isEqualByComparingTo(counted(interval, window, prices, shares));
      Instant cut = window.start().plusSeconds(random.nextLong(window.length().toSeconds() + 1));
      assertThat(
              sum(Rating.rate(interval, new Period(window.start(), cut), book))
                  .add(sum(Rating.rate(interval, new Period(cut, window.end()), book))))
          .isEqualByComparingTo(sum(lines));
      stretches += lines.size();
    }
    assertThat(stretches).as("else nothing was cut").isGreaterThan(100);
  }

  private static BigDecimal sum(List<ChargeLine> lines) {
    return lines.stream()
        .map(line -> line.amount().amount())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal counted(
      UsageInterval interval, Period window, List<Price> prices, List<SpotShare> shares) {
    SpotTerms terms = Objects.requireNonNull(interval.spot());
    BigDecimal sum = BigDecimal.ZERO;
    for (Instant second = T0.minusSeconds(LONGEST);
        second.isBefore(at(3L * LONGEST));
        second = second.plusSeconds(1)) {
      if (!interval.until(window.end()).contains(second) || !window.contains(second)) {
        continue;
      }
      Instant then = second.isBefore(terms.protectedUntil()) ? terms.createdAt() : second;
      BigDecimal share = counted(shares, then);
      for (Price price : prices) {
        if (price.isValidAt(then)) {
          int units = price.item() == Item.VCPU ? 2 : 4;
          sum = sum.add(price.perSecond().multiply(share).multiply(BigDecimal.valueOf(units)));
        }
      }
    }
    return sum;
  }

  /** The last of those that begin at one instant counts, as in the series. */
  private static BigDecimal counted(List<SpotShare> shares, Instant then) {
    BigDecimal best = BigDecimal.ZERO;
    int closest = -1;
    Instant latest = Instant.MIN;
    for (SpotShare share : shares) {
      if (share.validFrom().isAfter(then) || C.equals(share.zone())) {
        continue;
      }
      int close = share.region().value().length();
      if (close > closest || (close == closest && !share.validFrom().isBefore(latest))) {
        best = share.share();
        closest = close;
        latest = share.validFrom();
      }
    }
    return best;
  }
}
