package io.podyard.controlplane.bill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.podyard.billing.BillMonth;
import io.podyard.billing.RoundingLine;
import io.podyard.billing.SettledLine;
import io.podyard.billing.Why;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;

/** When bills are closed, to what, and that they stay so. */
class BillClosingTest {

  private static final AccountId ONE = new AccountId("acct-one");
  private static final AccountId TWO = new AccountId("acct-two");
  private static final BillMonth MARCH = new BillMonth(YearMonth.of(2026, 3));
  private static final BillMonth APRIL = new BillMonth(YearMonth.of(2026, 4));
  private static final Instant IN_MARCH = Instant.parse("2026-03-20T10:30:00Z");
  private static final Instant BEFORE_TIME = Instant.parse("2026-04-03T23:59:59Z");
  private static final Instant IN_TIME = Instant.parse("2026-04-04T00:00:00Z");

  private final TestDatabase database = TestDatabase.create();
  private final JdbcTemplate jdbc = database.jdbc();
  private final PlantedLines one = new PlantedLines(jdbc, ONE);
  private final PlantedLines two = new PlantedLines(jdbc, TWO);

  /** Of the last process. */
  private SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  private Map<String, String> settings = Map.of();

  @AfterEach
  void close() {
    database.close();
  }

  private PodyardSettings settings() {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("podyard", PodyardSettings.class);
  }

  private BillTables tables() {
    return new BillTables(jdbc, settings());
  }

  private BillClosing closing(Instant now, CommitPoints points) {
    metrics = new SimpleMeterRegistry();
    return new BillClosing(
        tables(),
        jdbc,
        database.dataSource(),
        new HeldBills(jdbc),
        Clock.fixed(now, ZoneOffset.UTC),
        points,
        metrics);
  }

  private void roundAt(Instant now) {
    closing(now, CommitPoints.NONE).round();
  }

  private Bills bills(Instant now) {
    return new Bills(
        tables(),
        new HeldBills(jdbc),
        new LineSums(jdbc),
        new LongReading(database.dataSource()),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  /** From the tenth of March on, two accounts. */
  private void marchIsSettled() {
    one.vcpu("eci-a", "2026-03-10T08:00:00Z", "7200");
    one.vcpu("eci-a", "2026-03-31T23:00:00Z", "100");
    one.vcpu("eci-b", "2026-03-31T23:00:00Z", "110");
    two.vcpu("eci-c", "2026-03-12T00:00:00Z", "50");
    PlantedLines.listed(jdbc, "2026-03-10T08:00:00Z", "2026-04-01T00:00:00Z");
  }

  @Test
  void aMonthIsClosedOnceItsTimeIsOver() {
    marchIsSettled();
    roundAt(BEFORE_TIME);
    assertThat(bills(BEFORE_TIME).of(ONE, MARCH).state()).isEqualTo(BillMonth.State.RUNNING);
    assertThat(bills(BEFORE_TIME).of(ONE, MARCH).closedAt()).isNull();
    MonthBill running = bills(BEFORE_TIME).of(ONE, MARCH);

    roundAt(IN_TIME);

    MonthBill closed = bills(IN_TIME).of(ONE, MARCH);
    assertThat(closed.state()).isEqualTo(BillMonth.State.CLOSED);
    assertThat(closed.closedAt()).isNotNull();
    assertThat(closed.amounts()).hasSize(1);
    MonthBill.Amount amount = closed.amounts().getFirst();
    assertThat(amount.lines()).isEqualTo(3);
    assertThat(amount.exact().amount()).isEqualByComparingTo("0.36309");
    assertThat(amount.total().amount()).isEqualTo(new BigDecimal("0.36"));
    assertThat(amount.roundings().stream().map(RoundingLine::sentence))
        .containsExactly("total rounded: -0.00309 CNY");
    assertThat(running.amounts().getFirst().total()).isEqualTo(amount.total());
    assertThat(bills(IN_TIME).of(TWO, MARCH).amounts().getFirst().exact().amount())
        .isEqualByComparingTo("0.00245");
    assertThat(bills(IN_TIME).of(ONE, APRIL).state()).isEqualTo(BillMonth.State.RUNNING);
    assertThat(bills(IN_TIME).of(ONE, new BillMonth(YearMonth.of(2026, 5))).state())
        .isEqualTo(BillMonth.State.OPENING);
    // Before anything was metered there was nothing to pay.
    MonthBill february = bills(IN_TIME).of(ONE, new BillMonth(YearMonth.of(2026, 2)));
    assertThat(february.state()).isEqualTo(BillMonth.State.CLOSED);
    assertThat(february.amounts()).isEmpty();
  }

  @Test
  void nothingIsClosedBeforeAnythingIsMetered() {
    roundAt(IN_TIME);
    assertThat(tables().firstOpen()).isEqualTo(new BillMonth(YearMonth.of(2000, 1)));
    marchIsSettled();
    roundAt(IN_MARCH);
    assertThat(tables().firstOpen()).isEqualTo(MARCH);
  }

  @Test
  void aMonthStaysOpenAsLongAsItIsNotKnownWhoUsedAnHourOfIt() {
    marchIsSettled();
    jdbc.update("update metered_hour set listed = false where hour = '2026-03-20T00:00Z'");
    roundAt(IN_TIME);
    assertThat(tables().firstOpen()).isEqualTo(MARCH);
    jdbc.update("delete from metered_hour where hour = '2026-03-20T00:00Z'");
    roundAt(IN_TIME);
    assertThat(tables().firstOpen()).isEqualTo(MARCH);
    assertThat(jdbc.queryForObject("select count(*) from closed_bill", Integer.class)).isZero();
    assertThat(bills(IN_TIME).of(ONE, MARCH).heldUp())
        .isEqualTo("what was used in 2026-03-20T00:00:00Z is not known yet");
    assertThat(bills(BEFORE_TIME).of(ONE, MARCH).heldUp()).isNull();

    PlantedLines.listed(jdbc, "2026-03-20T00:00:00Z", "2026-03-20T01:00:00Z");
    roundAt(IN_TIME);
    assertThat(tables().firstOpen()).isEqualTo(APRIL);
  }

  private void notSettled(AccountId account, String hour) {
    jdbc.update(
        """
        insert into account_hour (account_id, hour, problem, unpriced)
        values (?, ?::timestamptz, 'no price', 'item gpu in region cn-hangzhou')
        """,
        account.value(),
        hour);
  }

  private void settled() {
    jdbc.update("update account_hour set due = false, problem = null, unpriced = null");
  }

  private List<String> events(AccountId account) {
    return jdbc.query(
        """
        select concat_ws(' ', reason, subject, count) from account_event
        where account_id = ? order by id
        """,
        (row, n) -> row.getString(1),
        account.value());
  }

  @Test
  void anHourThatIsNotSettledHoldsUpItsAccountAndNobodyElse() {
    marchIsSettled();
    notSettled(TWO, "2026-03-20T10:00:00Z");
    roundAt(IN_TIME);
    roundAt(IN_TIME);

    assertThat(bills(IN_TIME).of(ONE, MARCH).state()).isEqualTo(BillMonth.State.CLOSED);
    MonthBill held = bills(IN_TIME).of(TWO, MARCH);
    assertThat(held.state()).isEqualTo(BillMonth.State.RUNNING);
    assertThat(held.heldUp())
        .isEqualTo(
            "the hour of 2026-03-20T10:00:00Z is not settled:"
                + " there is no price for item gpu in region cn-hangzhou");
    assertThat(bills(IN_TIME).page(TWO, null, 10))
        .contains(held)
        .allSatisfy(
            bill -> assertThat(bill.heldUp() == null).isEqualTo(!bill.month().equals(MARCH)));
    assertThat(bills(IN_TIME).of(ONE, MARCH).heldUp()).isNull();
    assertThat(metrics.get("podyard.bills.held").gauge().value()).isOne();
    assertThat(events(ONE)).containsExactly("BillClosed 2026-03 1");
    assertThat(events(TWO)).containsExactly("BillHeldUp 2026-03 1");

    settled();
    two.vcpu("eci-late", "2026-03-20T10:00:00Z", "50");
    roundAt(IN_TIME);
    MonthBill closed = bills(IN_TIME).of(TWO, MARCH);
    assertThat(closed.state()).isEqualTo(BillMonth.State.CLOSED);
    assertThat(closed.heldUp()).isNull();
    assertThat(closed.amounts().getFirst().lines()).isEqualTo(2);
    assertThat(metrics.get("podyard.bills.held").gauge().value()).isZero();
    assertThat(events(TWO)).containsExactly("BillHeldUp 2026-03 1", "BillClosed 2026-03 1");
    assertThat(jdbc.queryForObject("select count(*) from held_bills", Integer.class)).isZero();
  }

  @Test
  void whatIsLearntOfAnHourHoldsUpTheBillUntilItIsSettled() {
    marchIsSettled();
    jdbc.update(
        "insert into late_usage (account_id, hour) values (?, '2026-03-20T00:00Z')", TWO.value());
    roundAt(IN_TIME);
    assertThat(bills(IN_TIME).of(ONE, MARCH).state()).isEqualTo(BillMonth.State.CLOSED);
    assertThat(bills(IN_TIME).of(TWO, MARCH).heldUp())
        .isEqualTo("the hour of 2026-03-20T00:00:00Z is not settled");
    jdbc.update("delete from late_usage");
    roundAt(IN_TIME);
    assertThat(bills(IN_TIME).of(TWO, MARCH).state()).isEqualTo(BillMonth.State.CLOSED);
  }

  @Test
  void theBillsOfAnAccountAreClosedInTheirOrder() {
    Instant inJune = Instant.parse("2026-06-04T00:00:00Z");
    marchIsSettled();
    notSettled(TWO, "2026-03-20T10:00:00Z");
    notSettled(TWO, "2026-05-01T00:00:00Z");
    two.vcpu("eci-c", "2026-04-12T00:00:00Z", "50");
    one.vcpu("eci-a", "2026-05-12T00:00:00Z", "50");
    PlantedLines.listed(jdbc, "2026-04-01T00:00:00Z", "2026-06-01T00:00:00Z");
    roundAt(inJune);
    assertThat(tables().firstOpen()).isEqualTo(new BillMonth(YearMonth.of(2026, 6)));
    assertThat(bills(inJune).of(ONE, new BillMonth(YearMonth.of(2026, 5))).state())
        .isEqualTo(BillMonth.State.CLOSED);
    assertThat(tables().firstOpen(TWO)).isEqualTo(MARCH);
    assertThat(bills(inJune).of(TWO, APRIL).heldUp())
        .isEqualTo("the bill of 2026-03 is still open");
    // As an earlier release would.
    assertThatThrownBy(() -> tables().close(APRIL, tables().sums(TWO, APRIL, APRIL)))
        .hasMessageContaining("an earlier bill of account acct-two is not closed yet");

    jdbc.update("update account_hour set due = false where hour < '2026-05-01Z'");
    roundAt(inJune);
    assertThat(tables().firstOpen(TWO)).isEqualTo(new BillMonth(YearMonth.of(2026, 5)));
    assertThat(bills(inJune).of(TWO, APRIL).amounts()).hasSize(1);
    settled();
    roundAt(inJune);
    assertThat(tables().firstOpen(TWO)).isEqualTo(new BillMonth(YearMonth.of(2026, 6)));
    assertThat(events(TWO))
        .containsExactly("BillHeldUp 2026-03 1", "BillClosed 2026-03 1", "BillClosed 2026-04 1");
  }

  @Test
  void aHeldBillThatFailsBeforeItsCommitStaysOpen() {
    marchIsSettled();
    notSettled(TWO, "2026-03-20T10:00:00Z");
    roundAt(IN_TIME);
    settled();
    CommitPoints failing =
        (name, side) -> {
          if (name.equals("closeBillsWritten")) {
            throw new IllegalStateException("it ends here");
          }
        };
    assertThatThrownBy(() -> closing(IN_TIME, failing).round()).hasMessage("it ends here");
    assertThat(bills(IN_TIME).of(TWO, MARCH).state()).isEqualTo(BillMonth.State.RUNNING);
    assertThat(events(TWO)).containsExactly("BillHeldUp 2026-03 1");
    roundAt(IN_TIME);
    assertThat(bills(IN_TIME).of(TWO, MARCH).state()).isEqualTo(BillMonth.State.CLOSED);
  }

  @Test
  void monthsThatWereMissedAreClosedOneAfterTheOther() {
    marchIsSettled();
    one.vcpu("eci-a", "2026-05-10T08:00:00Z", "100");
    PlantedLines.listed(jdbc, "2026-04-01T00:00:00Z", "2026-06-01T00:00:00Z");
    roundAt(Instant.parse("2026-06-20T00:00:00Z"));
    assertThat(tables().firstOpen()).isEqualTo(new BillMonth(YearMonth.of(2026, 6)));
    Instant now = Instant.parse("2026-06-20T00:00:00Z");
    assertThat(bills(now).page(ONE, null, 10).stream().map(MonthBill::month))
        .containsExactly(
            new BillMonth(YearMonth.of(2026, 6)), new BillMonth(YearMonth.of(2026, 5)), MARCH);
    assertThat(bills(now).page(ONE, new BillMonth(YearMonth.of(2026, 6)), 1))
        .singleElement()
        .satisfies(
            bill -> {
              assertThat(bill.month()).isEqualTo(new BillMonth(YearMonth.of(2026, 5)));
              assertThat(bill.state()).isEqualTo(BillMonth.State.CLOSED);
            });
  }

  @Test
  void smallFeesAreRoundedIfThatIsSetAndStayWhatTheyWere() {
    settings = Map.of("podyard.bill.rounding", "small-fees-too");
    marchIsSettled();
    List<String> expected =
        List.of("small fee of eci-b rounded: 0.00461 CNY", "total rounded: 0.0023 CNY");
    assertThat(sentences(bills(BEFORE_TIME).of(ONE, MARCH))).isEqualTo(expected);

    roundAt(IN_TIME);
    settings = Map.of();

    assertThat(sentences(bills(IN_TIME).of(ONE, MARCH))).isEqualTo(expected);
    assertThat(bills(IN_TIME).of(ONE, MARCH).amounts().getFirst().total().amount())
        .isEqualTo(new BigDecimal("0.37"));
    assertThat(sentences(bills(IN_TIME).of(TWO, MARCH)))
        .containsExactly("small fee of eci-c rounded: -0.00245 CNY", "total rounded: 0 CNY");
  }

  private static List<String> sentences(MonthBill bill) {
    return bill.amounts().getFirst().roundings().stream().map(RoundingLine::sentence).toList();
  }

  @Test
  void whatIsLearntLateIsOnTheNextBill() {
    marchIsSettled();
    roundAt(IN_TIME);
    SettledLine late = one.line("eci-a", "2026-03-31T23:00:00Z", 1, "-40", Why.LATE_CLOSE);
    one.add(APRIL, late);

    assertThat(bills(IN_TIME).of(ONE, MARCH).amounts().getFirst().exact().amount())
        .isEqualByComparingTo("0.36309");
    assertThat(bills(IN_TIME).of(ONE, APRIL).amounts().getFirst().exact().amount())
        .isEqualByComparingTo("-0.00196");
    assertThat(bills(IN_TIME).of(ONE, APRIL).amounts().getFirst().total().amount())
        .isEqualByComparingTo("0");
  }

  @Test
  void whoeverSettlesIsWaitedForAndItsLinesAreOnTheBill() throws Exception {
    marchIsSettled();
    try (Connection settling = database.dataSource().getConnection();
        Statement statement = settling.createStatement()) {
      settling.setAutoCommit(false);
      boolean _ = statement.execute("select first_month from open_bills for share");
      CompletableFuture<Void> closes = CompletableFuture.runAsync(() -> roundAt(IN_TIME));
      Waiting.until(
          "the closing waits",
          () ->
              Objects.equals(
                  jdbc.queryForObject(
                      "select count(*) from pg_locks where not granted", Integer.class),
                  1));
      boolean _ =
          statement.execute(
              """
              insert into charge_line
              select account_id, hour, resource_kind, resource_id, gen_random_uuid(), 1, bill_month,
                     region, zone, item, kind, agreement_id, list_price, unit_price, currency,
                     units, amount, 'late-usage'
              from charge_line where resource_id = 'eci-b'
              """);
      settling.commit();
      closes.get(30, TimeUnit.SECONDS);
    }
    assertThat(bills(IN_TIME).of(ONE, MARCH).amounts().getFirst().lines()).isEqualTo(4);
  }

  @Test
  void aRoundThatFailsBeforeItsCommitLeavesTheMonthOpen() {
    marchIsSettled();
    CommitPoints failing =
        (name, side) -> {
          if (name.equals("closeBillsWritten")) {
            throw new IllegalStateException("it ends here");
          }
        };
    assertThatThrownBy(() -> closing(IN_TIME, failing).round()).hasMessage("it ends here");
    assertThat(tables().firstOpen()).isEqualTo(MARCH);
    assertThat(jdbc.queryForObject("select count(*) from closed_bill", Integer.class)).isZero();
    assertThat(bills(IN_TIME).of(ONE, MARCH).state()).isEqualTo(BillMonth.State.RUNNING);
    roundAt(IN_TIME);
    assertThat(jdbc.queryForObject("select count(*) from closed_bill", Integer.class)).isEqualTo(2);
  }

  @Test
  void twoThatCloseAtOnceCloseOnce() throws Exception {
    marchIsSettled();
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> roundAt(IN_TIME));
    roundAt(IN_TIME);
    other.get(30, TimeUnit.SECONDS);
    assertThat(jdbc.queryForObject("select count(*) from closed_bill", Integer.class)).isEqualTo(2);
    assertThat(tables().firstOpen()).isEqualTo(APRIL);
  }
}
