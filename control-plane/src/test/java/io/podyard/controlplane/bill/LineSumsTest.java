package io.podyard.controlplane.bill;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.billing.AccountBill;
import io.podyard.billing.AgreementId;
import io.podyard.billing.BillMonth;
import io.podyard.billing.BillRounding;
import io.podyard.billing.BillSums;
import io.podyard.billing.ChargeKind;
import io.podyard.billing.Grouping;
import io.podyard.billing.Hour;
import io.podyard.billing.Item;
import io.podyard.billing.LineSlot;
import io.podyard.billing.Resource;
import io.podyard.billing.ResourceFacts;
import io.podyard.billing.ResourceKind;
import io.podyard.billing.SettledLine;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Period;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Two ways of adding up: the database, and the core that goes from line to line. */
class LineSumsTest {

  private static final BillMonth APRIL = new BillMonth(YearMonth.of(2026, 4));
  private static final AccountId ACCOUNT = new AccountId("acct-one");
  private static final int LINES = 1_500;

  private static final List<Grouping> GROUPINGS =
      List.of(
          new Grouping.ByItem(),
          new Grouping.ByResource(ResourceKind.CONTAINER_GROUP),
          new Grouping.ByResource(ResourceKind.IMAGE_CACHE),
          new Grouping.ByResource(ResourceKind.DATA_CACHE),
          new Grouping.ByTag("team"),
          new Grouping.ByTag("it's \"odd\" ?"),
          new Grouping.ByTag("nobody has this"),
          new Grouping.ByZone(),
          new Grouping.ByDay());

  private final TestDatabase database = TestDatabase.create();
  private final LineSums sums = new LineSums(database.jdbc());
  private final PlantedLines planted = new PlantedLines(database.jdbc(), ACCOUNT);

  @AfterEach
  void close() {
    database.close();
  }

  /** What resources were called and tagged, and from when to when. */
  private record Known(Instant from, @Nullable Instant to, ResourceFacts facts) {
    boolean holds(Instant hour) {
      return !hour.isBefore(from) && (to == null || hour.isBefore(to));
    }
  }

  private static final class Drawn {
    private final SplittableRandom random;
    private final Map<Resource, List<Known>> facts = new HashMap<>();
    private final List<SettledLine> lines = new ArrayList<>();

    Drawn(long seed, PlantedLines planted) {
      this.random = new SplittableRandom(seed);
      List<Resource> resources = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        resources.add(new Resource(ResourceKind.CONTAINER_GROUP, "r-" + i));
        resources.add(new Resource(ResourceKind.values()[random.nextInt(8)], "x-" + i));
      }
      // One id of several kinds.
      resources.add(new Resource(ResourceKind.IMAGE_CACHE, "r-0"));
      resources.add(new Resource(ResourceKind.DATA_CACHE, "r-0"));
      resources.stream().distinct().forEach(resource -> facts.put(resource, known()));
      Map<String, Integer> revisions = new HashMap<>();
      for (int i = 0; i < LINES; i++) {
        Resource resource = resources.get(random.nextInt(resources.size()));
        // Some of them are late: of an hour in March.
        Hour hour =
            Hour.containing(
                APRIL.period().start().plus(Duration.ofHours(random.nextInt(-40, 720))));
        int revision = revisions.merge(resource + "@" + hour, 1, Integer::sum) - 1;
        BigDecimal units = decimal(9, 5).subtract(decimal(9, 4));
        if (units.signum() != 0) {
          lines.add(planted.line(hour, slot(resource), revision, units, null));
        }
      }
    }

    private BigDecimal decimal(int digits, int decimals) {
      long most = (long) Math.pow(10, random.nextInt(1, digits));
      return BigDecimal.valueOf(random.nextLong(most), random.nextInt(decimals + 1));
    }

    private List<Known> known() {
      List<Known> known = new ArrayList<>();
      Instant from = Instant.parse("2026-03-30T00:00:00Z");
      for (int i = random.nextInt(4); i > 0; i--) {
        Instant to = i == 1 ? null : from.plus(Duration.ofHours(random.nextInt(1, 300)));
        Map<String, String> tags = new TreeMap<>();
        if (random.nextInt(3) > 0) {
          tags.put("team", List.of("blue", "red", "", "gr\u00fcn").get(random.nextInt(4)));
        }
        if (random.nextBoolean()) {
          tags.put("it's \"odd\" ?", "<script>" + random.nextInt(3));
        }
        known.add(new Known(from, to, new ResourceFacts(random.nextBoolean() ? "n" : null, tags)));
        from = to == null ? from : to.plus(Duration.ofHours(random.nextInt(2)));
      }
      return known;
    }

    private LineSlot slot(Resource resource) {
      List<Item> items = List.of(Item.VCPU, Item.MEMORY, Item.GPU, new Item("ecs.g7.large"));
      BigDecimal price = decimal(6, 9).add(new BigDecimal("0.000001"));
      return new LineSlot(
          resource,
          PlantedLines.HANGZHOU,
          random.nextInt(4) == 0
              ? null
              : new ZoneId("cn-hangzhou-" + "bgh".charAt(random.nextInt(3))),
          random.nextInt(6) == 0 ? null : items.get(random.nextInt(items.size())),
          ChargeKind.values()[random.nextInt(5)],
          random.nextBoolean() ? null : new AgreementId("a-" + random.nextInt(2)),
          price,
          price.multiply(new BigDecimal("0.7")),
          new CurrencyCode(random.nextInt(5) == 0 ? "JPY" : "CNY"));
    }

    ResourceFacts factsOf(SettledLine line) {
      return Objects.requireNonNull(facts.get(line.slot().resource())).stream()
          .filter(known -> known.holds(line.of().hour().start()))
          .map(Known::facts)
          .findFirst()
          .orElse(ResourceFacts.NONE);
    }
  }

  private Drawn draw(long seed) {
    Drawn drawn = new Drawn(seed, planted);
    planted.add(APRIL, drawn.lines);
    drawn.facts.forEach(
        (resource, all) ->
            all.forEach(known -> planted.facts(resource, known.from(), known.to(), known.facts())));
    // What is not on this bill, or nobody's business.
    planted.add(new BillMonth(YearMonth.of(2026, 5)), lateOfMay());
    new PlantedLines(database.jdbc(), new AccountId("acct-other"))
        .vcpu("r-0", "2026-04-01T00:00:00Z", "7200");
    return drawn;
  }

  private SettledLine lateOfMay() {
    return planted.line("r-0", "2026-04-01T00:00:00Z", 9_999, "7200", null);
  }

  @RepeatedTest(6)
  void theDatabaseAddsUpWhatTheCoreAddsUp() {
    long seed = Long.getLong("podyard.seed", new SplittableRandom().nextLong());
    Drawn drawn = draw(seed);
    BillSums core = new BillSums(ACCOUNT, APRIL, BillRounding.TOTAL_ONLY, GROUPINGS);
    drawn.lines.forEach(line -> core.add(line, drawn.factsOf(line)));

    for (Grouping grouping : GROUPINGS) {
      Map<String, BigDecimal> expected = new TreeMap<>();
      for (AccountBill bill : core.bills()) {
        Objects.requireNonNull(bill.sums().get(grouping))
            .forEach(
                (value, amount) ->
                    expected.put(bill.currency() + " " + value, plain(amount.amount())));
      }
      assertThat(map(sums.by(grouping, LineSums.Of.bill(ACCOUNT, APRIL), 1_000)))
          .as("%s, seed %d", grouping, seed)
          .isEqualTo(expected);
    }
  }

  @RepeatedTest(3)
  void theWholeOfABillIsWhatItsPartsAddUpTo() {
    long seed = Long.getLong("podyard.seed", new SplittableRandom().nextLong());
    Drawn _ = draw(seed);
    LineSums.Of april = LineSums.Of.bill(ACCOUNT, APRIL);
    PodyardSettings settings =
        new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("podyard", PodyardSettings.class);
    List<BillTables.Sum> whole =
        new BillTables(database.jdbc(), settings).sums(ACCOUNT, APRIL, APRIL);
    assertThat(whole).isNotEmpty();

    for (Grouping grouping : GROUPINGS) {
      assertThat(Bills.whole(ACCOUNT, APRIL, sums.by(grouping, april, 2)))
          .as("%s, seed %d", grouping, seed)
          .isEqualTo(whole);
      assertThat(Bills.whole(ACCOUNT, APRIL, sums.byAndDay(grouping, april, 2)))
          .as("%s by day, seed %d", grouping, seed)
          .isEqualTo(whole);
    }
  }

  @RepeatedTest(3)
  void sumsByDayAndThoseThatAreNotToldAddUpToTheSame() {
    long seed = Long.getLong("podyard.seed", new SplittableRandom().nextLong());
    Drawn _ = draw(seed);
    LineSums.Of april = LineSums.Of.bill(ACCOUNT, APRIL);

    for (Grouping grouping : GROUPINGS) {
      List<GroupedSum> all = sums.by(grouping, april, 1_000);
      List<GroupedSum> byDay = sums.byAndDay(grouping, april, 1_000);
      assertThat(map(byDay)).as("%s, seed %d", grouping, seed).isEqualTo(map(all));
      if (!(grouping instanceof Grouping.ByDay)) {
        assertThat(byDay).extracting(GroupedSum::value).isEqualTo(values(all));
      }
      List<GroupedSum> two = sums.byAndDay(grouping, april, 2);
      for (CurrencyCode currency : List.of(new CurrencyCode("CNY"), new CurrencyCode("JPY"))) {
        List<GroupedSum> whole = of(all, currency);
        List<GroupedSum> some = of(two, currency);
        assertThat(some.size()).isEqualTo(Math.min(3, whole.size()));
        assertThat(total(some)).isEqualByComparingTo(total(whole));
        assertThat(some.stream().mapToLong(GroupedSum::values).sum()).isEqualTo(whole.size());
        if (whole.size() > 2) {
          assertThat(some.getLast().value()).isNull();
        }
        if (!(grouping instanceof Grouping.ByDay)) {
          List<GroupedSum> plainTwo = of(sums.by(grouping, april, 2), currency);
          assertThat(values(plainTwo)).isEqualTo(values(some));
          assertThat(plainTwo.stream().map(GroupedSum::values).toList())
              .isEqualTo(some.stream().map(GroupedSum::values).toList());
          assertThat(total(plainTwo)).isEqualByComparingTo(total(some));
        }
      }
    }
  }

  @RepeatedTest(1)
  void hoursAreOfAnyBill() {
    Drawn drawn = draw(1);
    Period week =
        new Period(Instant.parse("2026-04-01T00:00:00Z"), Instant.parse("2026-04-08T05:00:00Z"));
    BigDecimal expected = lateOfMay().amount().amount();
    for (SettledLine line : drawn.lines) {
      if (week.contains(line.of().hour().start())
          && line.slot().currency().equals(PlantedLines.CNY)) {
        expected = expected.add(line.amount().amount());
      }
    }
    List<GroupedSum> days = sums.by(new Grouping.ByDay(), LineSums.Of.hours(ACCOUNT, week), 1);
    assertThat(total(of(days, PlantedLines.CNY))).isEqualByComparingTo(expected);
    assertThat(values(of(days, PlantedLines.CNY)))
        .isSorted()
        .startsWith("2026-04-01")
        .endsWith("2026-04-08");
  }

  private static List<GroupedSum> of(List<GroupedSum> sums, CurrencyCode currency) {
    return sums.stream().filter(sum -> sum.currency().equals(currency)).toList();
  }

  private static List<@Nullable String> values(List<GroupedSum> sums) {
    List<@Nullable String> values = new ArrayList<>();
    sums.forEach(sum -> values.add(sum.value()));
    return values;
  }

  private static BigDecimal total(List<GroupedSum> sums) {
    return sums.stream().map(GroupedSum::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Map<String, BigDecimal> map(List<GroupedSum> sums) {
    Map<String, BigDecimal> map = new TreeMap<>();
    sums.forEach(sum -> map.put(sum.currency() + " " + sum.value(), plain(sum.amount())));
    return map;
  }

  private static BigDecimal plain(BigDecimal amount) {
    return new BigDecimal(ExactText.of(amount));
  }
}
