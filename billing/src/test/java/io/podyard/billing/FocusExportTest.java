package io.podyard.billing;

import static io.podyard.billing.Settled.BOOK;
import static io.podyard.billing.Settled.HOUR;
import static io.podyard.billing.Settled.OF;
import static io.podyard.billing.Settled.discount;
import static io.podyard.billing.Settled.instance;
import static io.podyard.billing.Settled.plan;
import static io.podyard.billing.Settled.reserved;
import static io.podyard.billing.Settled.sum;
import static io.podyard.billing.Settled.used;
import static io.podyard.billing.Settled.vcpus;
import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.at;
import static io.podyard.billing.Usage.cny;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.AccountId;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FocusExportTest {

  private static final BillMonth MARCH = new BillMonth(YearMonth.of(2026, 3));
  private static final ResourceFacts FACTS =
      new ResourceFacts("a \"shop\", small", Map.of("team", "blue,green", "tier", ""));

  private static FocusExport.Heading heading(BillMonth month) {
    return new FocusExport.Heading(ACCOUNT, null, month, "INV-1", "Example Ltd", "Podyard");
  }

  private static List<Map<String, @Nullable String>> export(
      BillMonth month, List<SettledLine> lines, RoundingLine... roundings) {
    StringBuilder out = new StringBuilder();
    FocusExport export = new FocusExport(heading(month), out);
    lines.forEach(line -> export.add(line, FACTS));
    export.finish(List.of(roundings));
    return FocusConformance.check(out.toString());
  }

  private static List<SettledLine> everyKind() {
    PriceBook book =
        PriceBook.of(
                Stream.concat(BOOK.prices().stream(), PriceBookFile.examples().prices().stream())
                    .toList())
            .withSpot(
                SpotShares.of(
                    List.of(
                        new SpotShare(RegionPattern.ALL, null, new BigDecimal("0.3"), at(-9)))));
    List<UsageInterval> usage =
        List.of(
            vcpus("eci-a", 2, 0, null),
            vcpus("eci-b", 2, 0, 99L).asSpot(new SpotTerms(at(0), at(0))),
            instance("eci-c", 0, 100L),
            used("imc-a", Metered.imageCacheCreation(20), 0, 100L),
            used("imc-b", Metered.imageCacheStorage(20), 0, 100L),
            used("d-a", Metered.volume(20), 0, 100L),
            used("vnd-a", Metered.virtualNode(), 0, 100L));
    Agreements agreements =
        Agreements.of(
            List.of(
                reserved("ri", null, 1, "0.0001"),
                plan("sp-small", "0.1", Map.of("vcpu", "0.6")),
                plan("sp-idle", "0.1", Map.of("gpu", "0.6")),
                discount("ten", "*", "0.9")));
    return new Settlement(book).settle(OF, agreements, usage, List.of());
  }

  @Test
  void everyKindOfLineConforms() {
    List<SettledLine> lines = everyKind();

    List<Map<String, @Nullable String>> rows =
        export(MARCH, lines, new RoundingLine.Total(cny("-0.0012")));

    assertThat(rows).hasSize(lines.size() + 1);
    assertThat(rows)
        .extracting(row -> row.get("PricingCategory"))
        .contains("Standard", "Dynamic", "Committed", null);
    assertThat(rows)
        .extracting(row -> row.get("ServiceSubcategory"))
        .contains("Containers", "Block Storage", "Other (Storage)", "Other (Other)");
    assertThat(billed(rows)).isEqualByComparingTo(sum(lines).add(new BigDecimal("-0.0012")));
  }

  @Test
  void aRowSaysWhatWasUsedAndWhatItCosts() {
    List<SettledLine> lines =
        new Settlement(BOOK)
            .settle(
                OF,
                Agreements.of(List.of(discount("ten", "*", "0.9"))),
                List.of(vcpus("eci-a", 2, 0, 100L)),
                List.of());

    assertThat(export(MARCH, lines))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("ResourceId", "eci-a")
                    .containsEntry("ResourceName", "a \"shop\", small")
                    .containsEntry("Tags", "{\"team\":\"blue,green\",\"tier\":\"\"}")
                    .containsEntry("SkuId", "vcpu")
                    .containsEntry("ConsumedQuantity", "200")
                    .containsEntry("ConsumedUnit", "vCPU-Seconds")
                    .containsEntry("ListUnitPrice", "0.000049")
                    .containsEntry("ListCost", "0.0098")
                    .containsEntry("ContractedUnitPrice", "0.0000441")
                    .containsEntry("ContractedCost", "0.00882")
                    .containsEntry("BilledCost", "0.00882")
                    .containsEntry("EffectiveCost", "0.00882")
                    .containsEntry("ChargeClass", null)
                    .containsEntry("ChargePeriodStart", "2026-03-01T08:00:00Z")
                    .containsEntry("ChargePeriodEnd", "2026-03-01T09:00:00Z")
                    .containsEntry("BillingPeriodStart", "2026-03-01T00:00:00Z")
                    .containsEntry("BillingPeriodEnd", "2026-04-01T00:00:00Z"));
  }

  @Test
  void linesThatCorrectOneAnotherWithinABillAreOneRow() {
    Settlement settlement = new Settlement(BOOK);
    List<SettledLine> all =
        new ArrayList<>(
            settlement.settle(
                OF,
                Agreements.NONE,
                List.of(vcpus("eci-a", 2, 0, null), vcpus("eci-b", 1, 0, null)),
                List.of()));
    all.addAll(settlement.settle(OF, Agreements.NONE, List.of(vcpus("eci-a", 2, 0, 100L)), all));
    all.sort(Comparator.comparing(SettledLine::slot));

    assertThat(export(MARCH, all))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("ResourceId", "eci-a")
                    .containsEntry("BilledCost", "0.0098"));
  }

  @Test
  void whatIsCorrectedAfterTheBillWasClosedIsACorrectionOnALaterOne() {
    Settlement settlement = new Settlement(BOOK);
    List<SettledLine> first =
        settlement.settle(OF, Agreements.NONE, List.of(vcpus("eci-a", 2, 0, null)), List.of());
    List<SettledLine> late =
        settlement.settle(OF, Agreements.NONE, List.of(vcpus("eci-a", 2, 0, 100L)), first);
    BillMonth april = new BillMonth(YearMonth.of(2026, 4));

    assertThat(BillMonth.of(HOUR, MARCH)).isEqualTo(MARCH);
    assertThat(BillMonth.of(HOUR, april)).isEqualTo(april);
    assertThat(export(april, late))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("ChargeClass", "Correction")
                    .containsEntry("BilledCost", "-0.343")
                    .containsEntry("ChargePeriodStart", "2026-03-01T08:00:00Z")
                    .containsEntry("BillingPeriodStart", "2026-04-01T00:00:00Z"));
  }

  @Test
  void whatIsNotOnTheBillIsRefused() {
    SettledLine line = everyKind().getFirst();
    BillMonth february = new BillMonth(YearMonth.of(2026, 2));
    FocusExport early = new FocusExport(heading(february), new StringBuilder());

    assertThatThrownBy(() -> early.add(line, FACTS)).hasMessageContaining("not on the bill");
    FocusExport other =
        new FocusExport(
            new FocusExport.Heading(new AccountId("2"), null, MARCH, null, "a", "b"),
            new StringBuilder());
    assertThatThrownBy(() -> other.add(line, FACTS)).hasMessageContaining("not on the bill");
  }

  @Test
  void aBillOpensRunsAndIsClosed() {
    assertThat(MARCH.state(at(-100_000), MARCH)).isEqualTo(BillMonth.State.OPENING);
    assertThat(MARCH.state(at(0), MARCH)).isEqualTo(BillMonth.State.RUNNING);
    assertThat(MARCH.state(at(10_000_000), MARCH)).isEqualTo(BillMonth.State.RUNNING);
    assertThat(MARCH.state(at(0), new BillMonth(YearMonth.of(2026, 4))))
        .isEqualTo(BillMonth.State.CLOSED);
  }

  private static BigDecimal billed(List<Map<String, @Nullable String>> rows) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Map<String, @Nullable String> row : rows) {
      sum = sum.add(new BigDecimal(row.get("BilledCost")));
    }
    return sum;
  }
}
