package io.podyard.billing;

import static io.podyard.billing.Usage.GROUP;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.SINGAPORE;
import static io.podyard.billing.Usage.T0;
import static io.podyard.billing.Usage.TWO_FOUR;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.between;
import static io.podyard.billing.Usage.closed;
import static io.podyard.billing.Usage.cny;
import static io.podyard.billing.Usage.interval;
import static io.podyard.billing.Usage.open;
import static io.podyard.billing.Usage.price;
import static io.podyard.billing.Usage.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatingTest {

  private static final PriceBook SHIPPED = PriceBookFile.shipped();

  @Test
  void thePublishedExampleCostsExactlyWhatWasPublished() {
    assertThat(Rating.pricePerSecond(Metered.of(TWO_FOUR), HANGZHOU, T0, SHIPPED))
        .isEqualTo(cny("0.00012252"));
  }

  @Test
  void theInternationalExampleIsInUsd() {
    assertThat(Rating.pricePerSecond(Metered.of(TWO_FOUR), SINGAPORE, T0, SHIPPED))
        .isEqualTo(usd("0.00001924"));
  }

  @Test
  void anHourCostsThePublishedHourlyPrices() {
    List<ChargeLine> lines =
        Rating.rate(closed(open(GROUP, Size.of(1000, 1024), 0), 3600), at(3600), SHIPPED);

    assertThat(lines)
        .extracting(ChargeLine::amount)
        .containsExactly(cny("0.176400000000"), cny("0.022068000000"));
  }

  @Test
  void theRatesOfASizeNameEachItem() {
    assertThat(Rating.rates(Metered.of(Size.of(500, 1024)), HANGZHOU, T0, SHIPPED))
        .extracting(ItemRate::item, ItemRate::quantity, ItemRate::perSecond)
        .containsExactly(
            tuple(Item.VCPU, new BigDecimal("0.5"), cny("0.0000245")),
            tuple(Item.MEMORY, new BigDecimal("1"), cny("0.00000613")));
  }

  @Test
  void aLineShowsItsSum() {
    List<ChargeLine> lines = Rating.rate(interval(0, 34), at(1000), SHIPPED);

    assertThat(lines)
        .extracting(ChargeLine::sentence)
        .containsExactly(
            "2 vCPU x 34 s x 0.000049 CNY = 0.003332 CNY",
            "4 GiB x 34 s x 0.00000613 CNY = 0.00083368 CNY");
    assertThat(lines)
        .extracting(ChargeLine::amount)
        .containsExactly(cny("0.003332000000"), cny("0.000833680000"));
  }

  @Test
  void fractionsOfAUnitAreWrittenPlainly() {
    assertThat(Rating.rate(open(GROUP, Size.of(250, 512), 0), at(1), SHIPPED))
        .extracting(ChargeLine::sentence)
        .containsExactly(
            "0.25 vCPU x 1 s x 0.000049 CNY = 0.00001225 CNY",
            "0.5 GiB x 1 s x 0.00000613 CNY = 0.000003065 CNY");
  }

  @Test
  void roundNumbersOfUnitsHaveNoExponent() {
    assertThat(Item.VCPU.quantity(Metered.of(Size.of(10_000, 0)))).hasToString("10");
    assertThat(Item.MEMORY.quantity(Metered.of(Size.of(0, 100 * 1024)))).hasToString("100");
  }

  @Test
  void aChangeOfPriceCutsTheLine() {
    PriceBook book =
        PriceBook.of(
            List.of(
                price("cn-*", Item.VCPU, "CNY", "0.000049", T0, at(10)),
                price("cn-*", Item.VCPU, "CNY", "0.00005", at(10), null),
                price("cn-*", Item.MEMORY, "CNY", "0.00000613", T0, null)));

    assertThat(Rating.rate(interval(4, 34), at(100), book))
        .extracting(ChargeLine::period, ChargeLine::sentence)
        .containsExactly(
            tuple(between(4, 10), "2 vCPU x 6 s x 0.000049 CNY = 0.000588 CNY"),
            tuple(between(4, 34), "4 GiB x 30 s x 0.00000613 CNY = 0.0007356 CNY"),
            tuple(between(10, 34), "2 vCPU x 24 s x 0.00005 CNY = 0.0024 CNY"));
  }

  @Test
  void aCloserPriceThatBeginsOrEndsCutsTheLineToo() {
    PriceBook book =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "CNY", "2", T0, null),
                price("cn-hangzhou", Item.VCPU, "CNY", "1", at(10), at(20)),
                price("*", Item.MEMORY, "CNY", "0", T0, null)));

    assertThat(Rating.rate(interval(0, 30), at(100), book))
        .filteredOn(line -> line.item().equals(Item.VCPU))
        .extracting(ChargeLine::period)
        .containsExactly(between(0, 10), between(10, 20), between(20, 30));
  }

  @Test
  void aChangeOfAPriceThatDoesNotCountCutsNothing() {
    PriceBook book =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "CNY", "2", T0, at(10)),
                price("*", Item.VCPU, "CNY", "3", at(10), null),
                price("cn-hangzhou", Item.VCPU, "CNY", "1", T0, null),
                price("ap-*", Item.VCPU, "CNY", "1", at(12), null),
                price("*", Item.MEMORY, "CNY", "0", T0, null)));

    assertThat(Rating.rate(interval(0, 30), at(100), book))
        .extracting(ChargeLine::period)
        .containsExactly(between(0, 30), between(0, 30));
  }

  @Test
  void anOpenIntervalRunsToTheEndOfTheWindow() {
    assertThat(Rating.rate(open(10), between(0, 20), SHIPPED))
        .extracting(ChargeLine::period)
        .containsExactly(between(10, 20), between(10, 20));
    assertThat(Rating.rate(open(10), between(15, 20), SHIPPED))
        .extracting(ChargeLine::period)
        .containsExactly(between(15, 20), between(15, 20));
  }

  @Test
  void outsideTheIntervalNothingIsCharged() {
    assertThat(Rating.rate(interval(10, 20), between(0, 10), SHIPPED)).isEmpty();
    assertThat(Rating.rate(interval(10, 20), between(20, 30), SHIPPED)).isEmpty();
    assertThat(Rating.rate(interval(10, 10), between(0, 30), SHIPPED)).isEmpty();
    assertThat(Rating.rate(open(10), at(10).plusMillis(999), SHIPPED)).isEmpty();
    assertThat(Rating.rate(open(10), at(5), SHIPPED)).isEmpty();
  }

  @Test
  void anItemThatIsNotUsedNeedsNoPrice() {
    PriceBook book = PriceBook.of(List.of(price("*", Item.VCPU, "CNY", "1", T0, null)));

    assertThat(Rating.rate(open(GROUP, Size.of(1000, 0), 0), at(2), book))
        .extracting(ChargeLine::amount)
        .containsExactly(cny("2.000000000000"));
  }

  @Test
  void timeWithoutAPriceIsNotFreeButRefused() {
    PriceBook book =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "CNY", "1", T0, null),
                price("*", Item.MEMORY, "CNY", "1", T0, at(10))));

    assertThat(Rating.rate(interval(0, 10), at(10), book)).hasSize(2);
    assertThatThrownBy(() -> Rating.rate(interval(0, 11), at(11), book))
        .isInstanceOfSatisfying(
            MissingPriceException.class,
            e -> {
              assertThat(e.item()).isEqualTo(Item.MEMORY);
              assertThat(e.at()).isEqualTo(at(10));
            });
  }

  @Test
  void theCostSoFarIsTheExactSumOfAllIntervals() {
    List<UsageInterval> intervals = List.of(interval(0, 10), open(20));

    assertThat(Rating.costSoFar(intervals, at(24).plusMillis(500), SHIPPED))
        .singleElement()
        .satisfies(
            cost -> {
              assertThat(cost.currency()).isEqualTo(new CurrencyCode("CNY"));
              assertThat(cost.amount())
                  .isEqualByComparingTo(new BigDecimal("0.00012252").multiply(new BigDecimal(14)));
            });
    assertThat(Rating.costSoFar(intervals, T0, SHIPPED)).isEmpty();
    assertThat(Rating.costSoFar(List.of(), at(100), SHIPPED)).isEmpty();
  }

  @Test
  void aChangeOfCurrencyGivesOneSumForEach() {
    PriceBook book =
        PriceBook.of(
            List.of(
                price("*", Item.VCPU, "USD", "1", T0, at(10)),
                price("*", Item.MEMORY, "USD", "0", T0, at(10)),
                price("*", Item.VCPU, "CNY", "7", at(10), null),
                price("*", Item.MEMORY, "CNY", "0", at(10), null)));

    assertThat(Rating.costSoFar(List.of(interval(0, 15)), at(100), book))
        .containsExactly(cny("70.000000000000"), usd("20.000000000000"));
  }

  /** ECI's smallest, largest and finest sizes, for a year: twelve decimals hold them exactly. */
  @ParameterizedTest
  @CsvSource({"250, 512", "500, 1024", "2000, 4096", "64000, 524288", "52000, 393216", "1, 64"})
  void productsOfPublishedPricesAndSizesHaveTwelveDecimals(int milliCpu, int mib) {
    int year = 365 * 24 * 3600;

    assertThat(Rating.rate(open(GROUP, Size.of(milliCpu, mib), 0), at(year), SHIPPED))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line.amount().amount().scale()).isEqualTo(12));
  }

  @Test
  void anOddSizeKeepsAllItsDecimals() {
    Money memory = Rating.rate(open(GROUP, Size.of(1, 1), 0), at(1), SHIPPED).get(1).amount();

    // 1/1024 GiB x 0.00000613
    assertThat(memory).isEqualTo(cny("0.000000005986328125"));
  }

  @Test
  void aLineThatDoesNotAddUpCannotBeMade() {
    ChargeLine line = Rating.rate(interval(0, 34), at(34), SHIPPED).getFirst();

    assertThatThrownBy(() -> with(line, line.seconds(), line.quantity(), cny("0.0034")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> with(line, 33, line.quantity(), line.amount()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> with(line, 34, line.quantity().negate(), cny("-0.003332")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(with(line, 34, new BigDecimal("2.000"), cny("0.003332"))).isEqualTo(line);
  }

  private static ChargeLine with(ChargeLine line, long seconds, BigDecimal quantity, Money amount) {
    return new ChargeLine(
        line.group(),
        line.item(),
        line.period(),
        seconds,
        quantity,
        line.unitPricePerSecond(),
        amount);
  }

  @Test
  void anEconomyGroupPaysLessForItsVcpuAndTheSameForItsMemory() {
    assertThat(
            Rating.pricePerSecond(new Metered(TWO_FOUR, 0, Tariff.ECONOMY), HANGZHOU, T0, SHIPPED))
        .isEqualTo(cny("0.00007852"));
    assertThat(Rating.rate(closed(open(0).by(Tariff.ECONOMY), 10), at(10), SHIPPED))
        .extracting(ChargeLine::item)
        .containsExactly(Item.ECONOMY_VCPU, Item.MEMORY);
    assertThatThrownBy(
            () ->
                Rating.pricePerSecond(
                    new Metered(TWO_FOUR, 0, Tariff.ECONOMY), SINGAPORE, T0, SHIPPED))
        .isInstanceOf(MissingPriceException.class);
  }

  @Test
  void gpusOfAModelWithAPriceOfItsOwnAreALineBesideVcpuAndMemory() {
    Item model = Item.gpuOf("A10").orElseThrow();
    Tariff tariff = new Tariff(model.code());
    List<Price> prices = new ArrayList<>(SHIPPED.prices());
    prices.add(price("cn-*", Item.GPU, "CNY", "0.5", T0, null));
    prices.add(price("cn-*", model, "CNY", "0.002", T0, null));
    PriceBook book = PriceBook.of(prices);

    assertThat(Rating.pricePerSecond(new Metered(TWO_FOUR, 1500, tariff), HANGZHOU, T0, book))
        .isEqualTo(cny("0.00312252"));
    assertThat(model.unit()).isEqualTo("GPU");
    assertThat(Item.gpuOf("a b")).isEmpty();
    assertThat(Item.gpuOf("")).isEmpty();
    assertThat(Rating.rate(closed(open(0).by(tariff), 10), at(10), book))
        .as("none of a group that has none")
        .extracting(ChargeLine::item)
        .containsExactly(Item.VCPU, Item.MEMORY);
  }

  @Test
  void anInstanceTypeWithAPriceIsOneLine() {
    Tariff type = Tariff.ofInstanceType("ecs.gn6i-c4g1.xlarge");
    PriceBook book =
        PriceBook.of(
            List.of(price("*", new Item("ecs.gn6i-c4g1.xlarge"), "CNY", "0.002", T0, null)));

    assertThat(Rating.pricePerSecond(new Metered(TWO_FOUR, 1000, type), HANGZHOU, T0, book))
        .isEqualTo(cny("0.002"));
    assertThat(Rating.rate(closed(open(0).by(type), 10), at(10), book))
        .singleElement()
        .extracting(ChargeLine::sentence)
        .isEqualTo("1 instance x 10 s x 0.002 CNY = 0.02 CNY");
  }
}
