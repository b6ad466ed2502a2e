package io.podyard.billing;

import static io.podyard.billing.Settled.B;
import static io.podyard.billing.Settled.C;
import static io.podyard.billing.Settled.G7;
import static io.podyard.billing.Settled.HOUR;
import static io.podyard.billing.Settled.OF;
import static io.podyard.billing.Settled.discount;
import static io.podyard.billing.Settled.plan;
import static io.podyard.billing.Settled.reserved;
import static io.podyard.billing.Settled.sum;
import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.price;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random hours of random groups under random agreements. The seed is the name of the run; {@code
 * -Dpodyard.seed=N} runs one alone.
 */
class SettlementPropertyTest {

  private static final int CASES = 60;

  static LongStream seeds() {
    Long one = Long.getLong("podyard.seed");
    return one == null ? LongStream.range(0, 10) : LongStream.of(one);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsSettledIsWhatWasUsed(long seed) {
    Random random = new Random(seed);
    int covered = 0;
    for (int i = 0; i < CASES; i++) {
      PriceBook book = randomBook(random);
      List<UsageInterval> usage = randomUsage(random);
      Agreements agreements = randomAgreements(random);

      List<SettledLine> lines = settle(book, agreements, usage, List.of());

      Map<String, BigDecimal> rated = unitsRated(book, usage);
      assertThat(unitsSettled(lines)).isEqualTo(rated);
      BigDecimal list = sumOf(Rating.rate(usage, HOUR.period(), book));
      assertThat(sum(settle(book, Agreements.NONE, usage, List.of()))).isEqualByComparingTo(list);
      assertThat(sum(lines)).isLessThanOrEqualTo(list.add(commitments(agreements)));
      checkCommitments(agreements, lines);
      covered += (int) lines.stream().filter(SettlementPropertyTest::isCovered).count();

      Collections.shuffle(usage, random);
      assertThat(settle(book, agreements, usage, List.of())).isEqualTo(lines);
      assertThat(sum(settle(book, agreements, split(random, usage), List.of())))
          .as("split into smaller groups")
          .isEqualByComparingTo(sum(lines));
    }
    assertThat(covered).as("else the agreements did nothing").isGreaterThan(CASES);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void howeverOftenTheHourWasSettledTheSumIsThatOfTheLastTruth(long seed) {
    Random random = new Random(seed);
    int adjustments = 0;
    for (int i = 0; i < CASES; i++) {
      PriceBook book = randomBook(random);
      List<UsageInterval> usage = randomUsage(random);
      Agreements agreements = randomAgreements(random);
      List<SettledLine> all = new ArrayList<>();
      for (int round = 0; round < 5; round++) {
        List<SettledLine> added = settle(book, agreements, usage, all);
        boolean first = all.isEmpty();
        assertThat(added).allMatch(line -> line.isAdjustment() != first);
        all.addAll(added);
        adjustments += first ? 0 : added.size();
        assertThat(slots(all)).isEqualTo(slots(settle(book, agreements, usage, List.of())));
        assertThat(settle(book, agreements, usage, all)).as("nothing changed").isEmpty();
        usage = changed(random, usage);
        agreements = random.nextInt(4) == 0 ? randomAgreements(random) : agreements;
        book = random.nextInt(4) == 0 ? randomBook(random) : book;
      }
      assertThat(all).extracting(SettledLine::key).doesNotHaveDuplicates();
    }
    assertThat(adjustments).isGreaterThan(CASES);
  }

  private static List<SettledLine> settle(
      PriceBook book, Agreements agreements, List<UsageInterval> usage, List<SettledLine> stored) {
    return new Settlement(book).settle(OF, agreements, usage, stored);
  }

  private static boolean isCovered(SettledLine line) {
    return line.slot().kind() == ChargeKind.RESERVED
        || line.slot().kind() == ChargeKind.SAVINGS_PLAN;
  }

  /** Group and item to unit-seconds. */
  private static Map<String, BigDecimal> unitsRated(PriceBook book, List<UsageInterval> usage) {
    Map<String, BigDecimal> units = new TreeMap<>();
    for (ChargeLine line : Rating.rate(usage, HOUR.period(), book)) {
      add(
          units,
          line.group() + " " + line.item(),
          line.quantity().multiply(BigDecimal.valueOf(line.seconds())));
    }
    return units;
  }

  private static Map<String, BigDecimal> unitsSettled(List<SettledLine> lines) {
    Map<String, BigDecimal> units = new TreeMap<>();
    for (SettledLine line : lines) {
      if (line.slot().kind() != ChargeKind.UNUSED) {
        add(units, line.slot().resource().id() + " " + line.slot().item(), line.units());
      }
    }
    return units;
  }

  private static Map<LineSlot, BigDecimal> slots(List<SettledLine> lines) {
    Map<LineSlot, BigDecimal> units = new TreeMap<>();
    lines.forEach(line -> add(units, line.slot(), line.units()));
    units.values().removeIf(sum -> sum.signum() == 0);
    return units;
  }

  private static <K> void add(Map<K, BigDecimal> sums, K key, BigDecimal units) {
    sums.merge(key, Decimals.shortest(units), (a, b) -> Decimals.shortest(a.add(b)));
  }

  private static BigDecimal sumOf(List<ChargeLine> lines) {
    return lines.stream()
        .map(line -> line.amount().amount())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal commitments(Agreements agreements) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Agreement agreement : agreements.all()) {
      sum = sum.add(commitment(agreement));
    }
    return sum;
  }

  private static BigDecimal commitment(Agreement agreement) {
    return switch (agreement) {
      case AccountDiscount discount -> BigDecimal.ZERO;
      case ReservedInstances reserved ->
          reserved.perSecond().amount().multiply(BigDecimal.valueOf(3600L * reserved.count()));
      case SavingsPlan plan -> plan.perHour().amount();
    };
  }

  /** A commitment is paid to the last digit, used or not. */
  private static void checkCommitments(Agreements agreements, List<SettledLine> lines) {
    for (Agreement agreement : agreements.all()) {
      if (!(agreement instanceof AccountDiscount)) {
        assertThat(
                sum(
                    lines.stream()
                        .filter(line -> agreement.id().equals(line.slot().agreement()))
                        .toList()))
            .isEqualByComparingTo(commitment(agreement));
      }
    }
  }

  private static PriceBook randomBook(Random random) {
    List<Price> prices = new ArrayList<>();
    for (Item item : List.of(Item.VCPU, Item.MEMORY, Item.EPHEMERAL_STORAGE, G7)) {
      long change = random.nextInt(1, 3600);
      prices.add(price("*", item, "CNY", randomPrice(random), at(-9000), at(change)));
      prices.add(price("*", item, "CNY", randomPrice(random), at(change), null));
    }
    SpotShare share =
        new SpotShare(
            RegionPattern.ALL, null, BigDecimal.valueOf(random.nextInt(10_001), 4), at(-9000));
    return PriceBook.of(prices).withSpot(SpotShares.of(List.of(share)));
  }

  private static String randomPrice(Random random) {
    return BigDecimal.valueOf(1 + random.nextInt(99_999), 6 + random.nextInt(7)).toPlainString();
  }

  private static Agreements randomAgreements(Random random) {
    List<Agreement> agreements = new ArrayList<>();
    for (int n = random.nextInt(3); n > 0; n--) {
      agreements.add(
          reserved(
              "ri-" + n,
              random.nextBoolean() ? null : random.nextBoolean() ? B : C,
              1 + random.nextInt(3),
              randomPrice(random)));
    }
    for (int n = random.nextInt(3); n > 0; n--) {
      Map<String, String> rates = new TreeMap<>();
      for (String items : List.of("*", "vcpu", "memory", "ecs.*")) {
        if (random.nextBoolean() || items.equals("vcpu")) {
          rates.put(items, share(random));
        }
      }
      agreements.add(plan("sp-" + n, randomPrice(random), rates));
    }
    if (random.nextBoolean()) {
      agreements.add(discount("all", "*", share(random)));
      agreements.add(discount("vcpu", "vcpu", share(random)));
    }
    Collections.shuffle(agreements, random);
    return Agreements.of(agreements);
  }

  private static String share(Random random) {
    return BigDecimal.valueOf(random.nextInt(10_001), 4).toPlainString();
  }

  private static List<UsageInterval> randomUsage(Random random) {
    List<UsageInterval> usage = new ArrayList<>();
    for (int group = random.nextInt(8); group >= 0; group--) {
      long from = random.nextInt(-500, 3000);
      for (int sequence = random.nextInt(3); sequence >= 0; sequence--) {
        long to = from + random.nextInt(2000);
        Long end = sequence == 0 && random.nextBoolean() ? null : to;
        usage.add(interval(random, "eci-" + group, from, end));
        from = to;
      }
    }
    return usage;
  }

  private static UsageInterval interval(Random random, String group, long from, @Nullable Long to) {
    Metered metered =
        new Metered(
            Size.of(250 * (1 + random.nextInt(64)), 64 * (1 + random.nextInt(512))),
            0,
            random.nextInt(3) == 0 ? Tariff.ofInstanceType(G7.code()) : Tariff.STANDARD,
            random.nextInt(20));
    UsageInterval interval =
        new UsageInterval(
            new ContainerGroupId(group),
            0,
            ACCOUNT,
            HANGZHOU,
            random.nextBoolean() ? B : C,
            metered,
            at(from),
            to == null ? null : at(to),
            null);
    return random.nextInt(5) == 0
        ? interval.asSpot(new SpotTerms(at(-600), at(-600 + random.nextInt(3600))))
        : interval;
  }

  /** Some intervals end earlier, some vanish, some come. */
  private static List<UsageInterval> changed(Random random, List<UsageInterval> usage) {
    List<UsageInterval> changed = new ArrayList<>();
    for (UsageInterval interval : usage) {
      int choice = random.nextInt(10);
      if (choice == 0) {
        continue;
      }
      changed.add(
          interval.isOpen() && choice < 5
              ? PlainMeter.close(interval, interval.start().plusSeconds(random.nextInt(3600)))
              : interval);
    }
    if (random.nextBoolean()) {
      changed.add(interval(random, "eci-late" + random.nextInt(1_000_000_000), 0, 100L));
    }
    return changed;
  }

  /** Half of each group becomes a group of its own; instances and spot groups stay whole. */
  private static List<UsageInterval> split(Random random, List<UsageInterval> usage) {
    List<UsageInterval> pieces = new ArrayList<>();
    for (UsageInterval interval : usage) {
      Metered whole = interval.metered();
      if (!whole.tariff().equals(Tariff.STANDARD)) {
        pieces.add(interval);
        continue;
      }
      int cpu = random.nextInt(whole.size().cpu().value());
      int memory = random.nextInt(whole.size().memory().value());
      int storage = random.nextInt(1 + whole.storageGib());
      pieces.add(interval.of(new Metered(Size.of(cpu, memory), 0, Tariff.STANDARD, storage)));
      UsageInterval rest =
          interval.of(
              new Metered(
                  Size.of(whole.size().cpu().value() - cpu, whole.size().memory().value() - memory),
                  0,
                  Tariff.STANDARD,
                  whole.storageGib() - storage));
      pieces.add(
          new UsageInterval(
              new ContainerGroupId(interval.group() + "-half"),
              0,
              rest.account(),
              rest.region(),
              rest.zone(),
              rest.metered(),
              rest.start(),
              rest.end(),
              rest.spot()));
    }
    return pieces;
  }
}
