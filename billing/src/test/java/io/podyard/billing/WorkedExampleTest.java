package io.podyard.billing;

import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.HANGZHOU;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.MemoryMib;
import io.podyard.model.MilliCpu;
import io.podyard.model.Money;
import io.podyard.model.Period;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The README's example: prices and usage are read from the page, and so is what must come out. */
class WorkedExampleTest {

  private static final Period MARCH =
      new Period(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-04-01T00:00:00Z"));

  private String page = "";

  @BeforeEach
  void readThePage() throws IOException {
    page = Files.readString(Path.of("README.md"));
  }

  @Test
  void theBillIsWhatThePageSays() {
    Bill bill = bill(BillRounding.TOTAL_ONLY);

    List<String> text = new ArrayList<>();
    bill.lines().forEach(line -> text.add(line.group() + ": " + line.sentence()));
    text.add("exact: " + words(bill.exact()));
    bill.roundings().forEach(line -> text.add(line.sentence()));
    text.add("total: " + words(bill.total()));
    assertThat(text).containsExactlyElementsOf(blocks("text").get(2).lines().toList());
  }

  @Test
  void theBillByTheVendorsRuleIsWhatThePageSays() {
    Bill bill = bill(BillRounding.SMALL_FEES_TOO);

    List<String> text = new ArrayList<>();
    bill.roundings().forEach(line -> text.add(line.sentence()));
    text.add("total: " + words(bill.total()));
    assertThat(text).containsExactlyElementsOf(blocks("text").get(3).lines().toList());
  }

  @Test
  void theSettledHourIsWhatThePageSays() {
    Settlement settlement = new Settlement(PriceBookFile.shipped());
    Agreements agreements =
        Agreements.of(
            List.of(
                Settled.plan("sp", "0.1", Map.of("vcpu", "0.6")),
                Settled.discount("ten", "*", "0.9")));
    List<SettledLine> lines = settlement.settle(Settled.OF, agreements, hour(), List.of());
    assertThat(Settled.words(lines)).isEqualTo(blocks("text").get(0).lines().toList());

    List<UsageInterval> known =
        List.of(
            hour().getFirst(),
            PlainMeter.close(hour().getLast(), Instant.parse("2026-03-01T08:31:00Z")));
    assertThat(Settled.words(settlement.settle(Settled.OF, agreements, known, lines)))
        .isEqualTo(blocks("text").get(1).lines().toList());
  }

  private List<UsageInterval> hour() {
    return page.lines()
        .filter(line -> line.startsWith("| eci-early") || line.startsWith("| eci-late"))
        .map(
            row -> {
              String[] cells = row.split("\\|", -1);
              UsageInterval open =
                  Settled.vcpus(cells[1].strip(), Integer.parseInt(cells[2].strip()), 0, null);
              return new UsageInterval(
                  open.group(),
                  0,
                  open.account(),
                  open.region(),
                  open.zone(),
                  open.metered(),
                  Instant.parse(cells[3].strip()),
                  cells[4].isBlank() ? null : Instant.parse(cells[4].strip()),
                  null);
            })
        .toList();
  }

  private Bill bill(BillRounding rounding) {
    PriceBook book = PriceBookFile.parse(blocks("json").getFirst());
    List<Bill> bills = rounding.bills(ACCOUNT, MARCH, intervals(), book);
    assertThat(bills).hasSize(1);
    return bills.getFirst();
  }

  private List<String> blocks(String kind) {
    Matcher matcher = Pattern.compile("```" + kind + "\n(.*?)```", Pattern.DOTALL).matcher(page);
    return matcher.results().map(result -> result.group(1)).toList();
  }

  private List<UsageInterval> intervals() {
    List<UsageInterval> intervals =
        page.lines()
            .filter(line -> line.startsWith("| eci-short") || line.startsWith("| eci-night"))
            .map(WorkedExampleTest::interval)
            .toList();
    assertThat(intervals).hasSize(2);
    return intervals;
  }

  private static UsageInterval interval(String row) {
    String[] cells = row.split("\\|", -1);
    UsageInterval open =
        PlainMeter.open(
            new ContainerGroupId(cells[1].strip()),
            ACCOUNT,
            HANGZHOU,
            new ZoneId("cn-hangzhou-b"),
            new Size(
                MilliCpu.ofVcpu(new BigDecimal(cells[2].strip())),
                MemoryMib.ofGib(new BigDecimal(cells[3].strip()))),
            Instant.parse(cells[4].strip()));
    return PlainMeter.close(open, Instant.parse(cells[5].strip()));
  }

  private static String words(Money money) {
    return Decimals.words(money.amount()) + " " + money.currency();
  }
}
