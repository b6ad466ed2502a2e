package io.podyard.billing;

import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.GROUP;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.SINGAPORE;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.between;
import static io.podyard.billing.Usage.price;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.Period;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random usage under random prices, rated and also counted second by second. The seed is the name
 * of the run; {@code -Dpodyard.seed=N} runs one alone.
 */
class RatingPropertyTest {

  private static final int CASES = 100;
  private static final int LONGEST = 400;

  private static final List<Tariff> TARIFFS =
      List.of(
          Tariff.STANDARD,
          Tariff.ECONOMY,
          Tariff.ofInstanceType("ecs.gn7i-c8g1.2xlarge"),
          Tariff.IMAGE_CACHE_CREATION,
          Tariff.VOLUME,
          Tariff.VIRTUAL_NODE);

  private static final List<Item> ALL_ITEMS =
      TARIFFS.stream().flatMap(tariff -> tariff.items().stream()).distinct().toList();

  static LongStream seeds() {
    Long one = Long.getLong("podyard.seed");
    return one == null ? LongStream.range(0, 20) : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void ratingEqualsCountingEverySecond(long seed) {
    Random random = new Random(seed);
    int cuts = 0;
    for (int i = 0; i < CASES; i++) {
      List<Price> prices = randomPrices(random);
      PriceBook book = PriceBook.of(shuffled(random, prices));
      UsageInterval interval = randomInterval(random);
      Period window = randomWindow(random);

      List<ChargeLine> lines = Rating.rate(interval, window, book);

      for (Item item : interval.tariff().items()) {
        checkItem(interval, window, prices, item, lines);
      }
      checkPieces(random, interval, window, book, lines);
      checkBills(window, lines, BillRounding.TOTAL_ONLY);
      checkBills(window, lines, BillRounding.SMALL_FEES_TOO);
      cuts += Math.max(0, lines.size() - interval.tariff().items().size());
    }
    // Otherwise the run said nothing about changes of price.
    assertThat(cuts).isGreaterThan(CASES);
  }

  private static void checkItem(
      UsageInterval interval,
      Period window,
      List<Price> prices,
      Item item,
      List<ChargeLine> allLines) {
    List<ChargeLine> lines = allLines.stream().filter(line -> line.item().equals(item)).toList();
    BigDecimal expected = BigDecimal.ZERO;
    long seconds = 0;
    int stretches = 0;
    @Nullable Price before = null;
    for (Instant second = T0.minusSeconds(LONGEST);
        second.isBefore(at(3L * LONGEST));
        second = second.plusSeconds(1)) {
      if (second.isBefore(interval.start())
          || (interval.end() != null && !second.isBefore(interval.end()))
          || second.isBefore(window.start())
          || !second.isBefore(window.end())) {
        continue;
      }
      Price price = plainPrice(prices, interval.region(), item, second);
      expected = expected.add(plainQuantity(interval.metered(), item).multiply(price.perSecond()));
      seconds++;
      stretches += price.equals(before) ? 0 : 1;
      before = price;
      Instant now = second;
      assertThat(lines)
          .filteredOn(line -> line.period().contains(now))
          .singleElement()
          .satisfies(
              line ->
                  assertThat(line.unitPricePerSecond()).isEqualByComparingTo(price.perSecond()));
    }
    assertThat(sum(lines)).isEqualByComparingTo(expected);
    assertThat(lines.stream().mapToLong(ChargeLine::seconds).sum()).isEqualTo(seconds);
    assertThat(lines).hasSize(stretches);
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.amount().amount()).isNotNegative();
              assertThat(line.seconds()).isPositive();
            });
  }

  /** Cutting the window anywhere changes no sum. */
  private static void checkPieces(
      Random random,
      UsageInterval interval,
      Period window,
      PriceBook book,
      List<ChargeLine> whole) {
    long length = window.length().toSeconds();
    Instant cut = window.start().plusSeconds(random.nextLong(length + 1));
    List<ChargeLine> pieces = new ArrayList<>();
    pieces.addAll(Rating.rate(interval, new Period(window.start(), cut), book));
    pieces.addAll(Rating.rate(interval, new Period(cut, window.end()), book));

    assertThat(sum(pieces)).isEqualByComparingTo(sum(whole));
  }

  private static void checkBills(Period window, List<ChargeLine> lines, BillRounding rounding) {
    for (Bill bill : rounding.bills(ACCOUNT, window, lines)) {
      BigDecimal sum = sum(bill.lines());
      for (RoundingLine line : bill.roundings()) {
        sum = sum.add(line.amount().amount());
        assertThat(line.amount().amount().abs()).isLessThanOrEqualTo(new BigDecimal("0.005"));
      }
      assertThat(bill.total().amount()).isEqualByComparingTo(sum);
      assertThat(bill.total().amount().scale()).isEqualTo(2);
      assertThat(bill.lines()).hasSameSizeAs(lines);
    }
  }

  private static BigDecimal sum(List<ChargeLine> lines) {
    BigDecimal sum = BigDecimal.ZERO;
    for (ChargeLine line : lines) {
      sum = sum.add(line.amount().amount());
    }
    return sum;
  }

  private static BigDecimal plainQuantity(Metered metered, Item item) {
    return switch (item.code()) {
      case "vcpu", "economy-vcpu" ->
          new BigDecimal(metered.size().cpu().value()).divide(new BigDecimal(1000));
      case "memory" -> new BigDecimal(metered.size().memory().value()).divide(new BigDecimal(1024));
      case "gpu" -> new BigDecimal(metered.gpuMilli()).divide(new BigDecimal(1000));
      default -> item.isInstanceType() ? BigDecimal.ONE : BigDecimal.valueOf(metered.storageGib());
    };
  }

  /** The exact name first, then the stars from the longest to the shortest. */
  private static Price plainPrice(List<Price> prices, RegionId region, Item item, Instant second) {
    List<String> patterns = new ArrayList<>();
    patterns.add(region.value());
    for (int end = region.value().length(); end >= 0; end--) {
      patterns.add(region.value().substring(0, end) + "*");
    }
    for (String pattern : patterns) {
      for (Price price : prices) {
        if (price.region().value().equals(pattern)
            && price.item().equals(item)
            && !second.isBefore(price.validFrom())
            && (price.validTo() == null || second.isBefore(price.validTo()))) {
          return price;
        }
      }
    }
    throw new AssertionError("no price for " + item + " in " + region + " at " + second);
  }

  /** Prices without gaps for all regions, and prices with gaps for some. */
  private static List<Price> randomPrices(Random random) {
    List<Price> prices = new ArrayList<>();
    for (Item item : ALL_ITEMS) {
      addSequence(random, prices, "*", item, false);
      addSequence(random, prices, "cn-*", item, true);
      addSequence(random, prices, "cn-h*", item, true);
      addSequence(random, prices, "cn-hangzhou", item, true);
    }
    return prices;
  }

  private static void addSequence(
      Random random, List<Price> prices, String region, Item item, boolean gaps) {
    long from = gaps ? random.nextInt(-LONGEST, 2 * LONGEST) : -LONGEST;
    while (from < 2L * LONGEST) {
      long length = 1 + random.nextInt(150);
      boolean last = random.nextInt(8) == 0;
      @Nullable Instant to = last ? null : at(from + length);
      prices.add(price(region, item, "CNY", randomUnitPrice(random), at(from), to));
      if (last) {
        return;
      }
      from += length + (gaps ? random.nextInt(100) : 0);
    }
    if (!gaps) {
      prices.add(price(region, item, "CNY", randomUnitPrice(random), at(from), null));
    }
  }

  private static String randomUnitPrice(Random random) {
    return BigDecimal.valueOf(random.nextInt(2_000), 1 + random.nextInt(Price.MOST_DECIMALS))
        .toPlainString();
  }

  private static UsageInterval randomInterval(Random random) {
    long start = random.nextInt(LONGEST);
    UsageInterval open =
        new UsageInterval(
            GROUP,
            random.nextInt(5),
            ACCOUNT,
            random.nextInt(4) > 0 ? HANGZHOU : SINGAPORE,
            new ZoneId("zone"),
            new Metered(
                Size.of(1 + random.nextInt(64_000), 1 + random.nextInt(512 * 1024)),
                1 + random.nextInt(8_000),
                TARIFFS.get(random.nextInt(TARIFFS.size())),
                1 + random.nextInt(5_000)),
            at(start),
            null,
            null);
    return random.nextInt(3) == 0
        ? open
        : PlainMeter.close(
            open,
            at(start + random.nextInt(-20, LONGEST)).plusNanos(random.nextInt(1_000_000_000)));
  }

  private static Period randomWindow(Random random) {
    long start = random.nextInt(-LONGEST, LONGEST / 2);
    return between(start, start + random.nextInt(2 * LONGEST));
  }

  private static List<Price> shuffled(Random random, List<Price> prices) {
    List<Price> copy = new ArrayList<>(prices);
    Collections.shuffle(copy, random);
    return copy;
  }
}
