package io.podyard.controlplane.settlement;

import static io.podyard.controlplane.settlement.SettledDatabase.ACCOUNT;
import static io.podyard.controlplane.settlement.SettledDatabase.TWO_FOUR;
import static io.podyard.controlplane.settlement.SettledDatabase.settle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.billing.AgreementId;
import io.podyard.billing.Agreements;
import io.podyard.billing.BillMonth;
import io.podyard.billing.ItemPattern;
import io.podyard.billing.Metered;
import io.podyard.billing.SavingsPlan;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.CommitPoints.Side;
import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

/** Every hour of every account is charged, once, whatever is learnt when. */
class SettlementTest {

  private SettledDatabase database;

  @BeforeEach
  void open() {
    database = new SettledDatabase().start();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void nothingDiffers() {
    assertThat(Recount.differences(database.jdbc())).isEmpty();
  }

  private List<String> whys() {
    return database.texts("select distinct coalesce(why, 'first') from charge_line order by 1");
  }

  @Test
  void eachHourOfAGroupIsChargedOnceHoweverOftenItIsSettled() {
    database.ran("eci-1", database.minute(10), database.minute(150));
    database.settle();
    assertThat(database.lines()).isEqualTo(6);
    assertThat(database.text("select sum(amount)::text from charge_line"))
        // 140 minutes of 2 vCPU and 4 GiB at 0.00012252
        .isEqualTo("1.029168000000");
    assertThat(database.count("select count(*) from account_hour where due")).isZero();
    assertThat(database.count("select sum(lines) from account_hour")).isEqualTo(6);
    assertThat(database.count("select count(*) from metered_hour where listed")).isEqualTo(10);

    database.settle();
    database.jdbc().update("update account_hour set due = true");
    database.settle();
    assertThat(database.lines()).isEqualTo(6);
    assertThat(database.count("select count(*) from account_hour where due")).isZero();
    nothingDiffers();
  }

  @Test
  void aNewInstallationBeginsWithTheLastHour() {
    database.settle();
    assertThat(database.count("select count(*) from metered_hour where listed")).isEqualTo(1);
    assertThat(database.count("select count(*) from account_hour")).isZero();
    database.ran("eci-1", database.minute(10), database.minute(150));
    database.settle();
    database.settle();
    assertThat(database.count("select count(*) from account_hour where lines > 0")).isEqualTo(3);
    nothingDiffers();
  }

  @Test
  void linesAreNeverEdited() {
    database.ran("eci-1", database.minute(10), database.minute(150));
    database.settle();
    assertThatThrownBy(() -> database.jdbc().update("update charge_line set units = 1"))
        .isInstanceOf(DataAccessException.class)
        .hasMessageContaining("never edited");
    assertThat(
            database.count(
                "select count(*) from charge_line l where tableoid::regclass::text like '%default'"))
        .as("months have partitions of their own")
        .isZero();
  }

  @Test
  void whatEndsLateIsCorrectedByLinesThatSaySo() {
    database.open("eci-1", database.minute(10));
    database.open("eci-2", database.minute(10));
    database.settle();
    assertThat(database.lines()).isEqualTo(2 * 2 * 10);
    nothingDiffers();

    database.close("eci-1", database.minute(200));
    database.settle();
    assertThat(whys()).containsExactly("first", "late-close");
    assertThat(
            database.text(
                """
                select string_agg(item || ' ' || units, ', ' order by item desc) from charge_line
                where why is not null and hour = (select min(hour) from charge_line
                                                  where why is not null)
                """))
        .isEqualTo("vcpu -4800, memory -9600");
    nothingDiffers();
    assertThat(database.count("select count(*) from late_usage")).isZero();
  }

  @Test
  void whatBeganInAnHourThatNobodyLookedAtIsChargedLate() {
    AccountId other = new AccountId("acct-2");
    database.ran("eci-1", database.minute(70), database.minute(80));
    database.settle();
    database.open(other, "eci-2", TWO_FOUR, database.minute(130));
    database.close("eci-2", database.minute(140));
    // Even before the first hour there was, as when a clock was set back.
    database.ran("eci-3", database.minute(-100), database.minute(-50));
    database.settle();
    database.settle();
    assertThat(database.count("select count(distinct (account_id, hour)) from charge_line"))
        .isEqualTo(4);
    nothingDiffers();
  }

  @Test
  void aPriceThatWasReadBeforeItWasSupersededIsReadAgain() {
    assertThat(database.prices().book().prices()).isNotEmpty();
    database.ran("eci-1", database.minute(0), database.minute(60));
    database
        .usage()
        .addPrice("cn-hangzhou", "vcpu", "CNY", "0.0001", database.minute(30).toString());
    database.settle();
    assertThat(
            database.texts(
                "select unit_price || ' ' || units from charge_line where item = 'vcpu' order by 1"))
        .containsExactly("0.000049 3600", "0.0001 3600");
  }

  @Test
  void anHourWithoutAPriceIsKeptWholeUntilThereIsOne() {
    database.open(
        ACCOUNT,
        "eci-gpu",
        new Metered(Size.of(2000, 4096), 1000, TWO_FOUR.tariff()),
        database.minute(5));
    database.close("eci-gpu", database.minute(20));
    database.ran("eci-early", database.minute(0), database.minute(20));
    database.open(new AccountId("acct-2"), "eci-2", TWO_FOUR, database.minute(5));
    SettlementRounds process = database.process();
    settle(process);
    assertThat(database.count("select count(*) from charge_line where account_id = 'acct-1'"))
        .isZero();
    assertThat(database.count("select count(*) from charge_line where account_id = 'acct-2'"))
        .isEqualTo(20);
    process.count();
    assertThat(process.backlog().due()).isEqualTo(1);
    assertThat(process.backlog().failing()).isEqualTo(1);
    assertThat(process.backlog().lagSeconds()).isGreaterThan(9 * 3600);
    assertThat(database.text("select problem from account_hour where due"))
        .contains("no price for item gpu in region cn-hangzhou");
    String told =
        """
        select concat_ws(' ', account_id, reason, subject, count) from account_event order by id
        """;
    String month = BillMonth.containing(database.minute(5)).toString();
    List<String> once = List.of("acct-1 HourNotPriced gpu cn-hangzhou " + month + " 1");
    assertThat(database.texts(told)).isEqualTo(once);
    settle(database.process());
    assertThat(database.texts(told)).as("tried again").isEqualTo(once);

    database.usage().addPrice("cn-*", "gpu", "CNY", "0.002", "2020-01-01T00:00:00Z");
    settle(database.process());
    assertThat(database.count("select count(*) from charge_line where account_id = 'acct-1'"))
        .isEqualTo(5);
    assertThat(database.count("select count(problem) from account_hour")).isZero();
    process.count();
    assertThat(process.backlog().due()).isZero();
    assertThat(process.backlog().lagSeconds()).isLessThan(3700);
  }

  @Test
  void whatIsSettledOfAnAccountThatIsHeldUpIsOnItsBill() {
    BillMonth month = BillMonth.containing(database.minute(0));
    database
        .jdbc()
        .update("update open_bills set first_month = ?", month.value().plusMonths(2).atDay(1));
    database
        .jdbc()
        .update(
            "insert into held_bills values ('acct-1', ?)", month.value().minusMonths(1).atDay(1));
    database.ran("eci-1", database.minute(0), database.minute(20));
    database.open(new AccountId("acct-2"), "eci-2", TWO_FOUR, database.minute(0));
    database.settle();
    assertThat(
            database.texts(
                """
                select distinct account_id || ' ' || to_char(bill_month, 'YYYY-MM')
                from charge_line where hour = (select min(hour) from charge_line) order by 1
                """))
        .containsExactly("acct-1 " + month, "acct-2 " + month.value().plusMonths(2));
  }

  @Test
  void pricesThatContradictOneAnotherSettleNothing() {
    database.ran("eci-1", database.minute(0), database.minute(60));
    database.usage().addPrice("cn-hangzhou", "vcpu", "EUR", "1", "2020-01-01T00:00:00Z");
    database.settle();
    assertThat(database.lines()).isZero();
    assertThat(database.count("select count(*) from account_hour where due")).isEqualTo(1);
    assertThat(database.count("select count(problem) from account_hour")).isZero();
  }

  @Test
  void anHourIsListedWhenTransactionsAreOverThatBeganBefore() throws Exception {
    try (Connection slow = database.database().dataSource().getConnection();
        Statement statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      int _ =
          statement.executeUpdate(
              """
              insert into usage_interval (group_id, sequence, account_id, region, zone, milli_cpu,
                                          memory_mib, started_at, ended_at)
              values ('eci-slow', 1, 'acct-1', 'cn-hangzhou', 'a', 2000, 4096, '%s', '%s')
              """
                  .formatted(database.minute(0), database.minute(60)));
      database.ran("eci-1", database.minute(0), database.minute(60));
      database.settle();
      assertThat(database.count("select count(*) from metered_hour")).isEqualTo(10);
      assertThat(database.count("select count(*) from account_hour")).isZero();
      slow.commit();
    }
    database.settle();
    assertThat(database.lines()).isEqualTo(4);
    assertThat(whys()).containsExactly("first");
    nothingDiffers();
  }

  @Test
  void nobodyWaitsForAnHourThatIsBeingSettledAndWhatComesMeanwhileIsNotLost() {
    database.open("eci-1", database.minute(0));
    AtomicBoolean once = new AtomicBoolean();
    SettlementRounds process =
        database.process(
            SettledDatabase.NO_AGREEMENTS,
            (name, side) -> {
              if (name.equals(Settling.POINT)
                  && side == Side.BEFORE
                  && once.compareAndSet(false, true)) {
                database.close("eci-1", database.minute(10));
                // Of another process; that hour is left for later.
                database.process().list();
                assertThat(
                        database.count(
                            "select count(*) from late_usage where hour = '"
                                + database.hour(0)
                                + "'"))
                    .isEqualTo(1);
              }
            });
    settle(process);
    assertThat(once).isTrue();
    settle(process);
    assertThat(whys()).contains("first", "late-close");
    assertThat(database.count("select count(*) from late_usage")).isZero();
    nothingDiffers();
  }

  @Test
  void whoFailsBeforeTheCommitHasDoneNothing() {
    database.ran("eci-1", database.minute(0), database.minute(60));
    SettlementRounds dying =
        database.process(
            SettledDatabase.NO_AGREEMENTS,
            (name, side) -> {
              if (name.equals(Settling.POINT) && side == Side.BEFORE) {
                throw new IllegalStateException("dies");
              }
            });
    settle(dying);
    assertThat(database.lines()).isZero();
    assertThat(database.count("select count(*) from billed_resource")).isZero();
    database.settle();
    assertThat(database.lines()).isEqualTo(2);
    nothingDiffers();
  }

  @Test
  void processesThatRaceForTheSameHoursChargeEachOnce() throws Exception {
    for (int group = 0; group < 300; group++) {
      AccountId account = new AccountId("acct-" + group % 7);
      database.open(account, "eci-" + group, TWO_FOUR, database.minute(group % 500));
      if (group % 3 > 0) {
        database.close("eci-" + group, database.minute(group % 500 + group % 97));
      }
    }
    try (ExecutorService processes = Executors.newFixedThreadPool(4)) {
      List<Callable<Void>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SettlementRounds process = database.process();
        all.add(
            () -> {
              for (int round = 0; round < 5; round++) {
                settle(process);
              }
              return null;
            });
      }
      all.add(
          () -> {
            for (int group = 0; group < 300; group += 3) {
              database.close("eci-" + group, database.minute(group % 500 + 60));
            }
            return null;
          });
      for (Future<Void> done : processes.invokeAll(all)) {
        done.get();
      }
    }
    database.settle();
    database.settle();
    assertThat(database.count("select count(*) from account_hour where due")).isZero();
    assertThat(database.count("select count(problem) from account_hour")).isZero();
    nothingDiffers();
  }

  @Test
  void aPlanThatCoversNothingCostsWhatWasAgreed() {
    SavingsPlan plan =
        new SavingsPlan(
            new AgreementId("eci-plan"),
            new Money(new BigDecimal("0.1"), new CurrencyCode("CNY")),
            Map.of(new ItemPattern("*"), new BigDecimal("0.5")),
            SavingsPlan.Term.ONE_YEAR,
            database.hour(2));
    AgreementsOf agreements = SettledDatabase.agreements(Agreements.of(List.of(plan)));
    // So many that both streams are read in parts, and lines before and behind those of the plan.
    database.ran("eci-a", database.minute(120), database.minute(121));
    database.ran("eci-z", database.minute(120), database.minute(121));
    SettlementRounds process = database.process(agreements, CommitPoints.NONE);
    settle(process);
    assertThat(
            database.text(
                "select count(*) || ' ' || sum(amount) from charge_line where agreement_id is not"
                    + " null and hour >= '"
                    + database.hour(2)
                    + "'"))
        .startsWith("12 0.8");
    long lines = database.lines();
    database.jdbc().update("update account_hour set due = true");
    settle(process);
    assertThat(database.lines()).isEqualTo(lines);
  }

  @Test
  void aSpotGroupPaysTheShareOfItsTime() {
    database.jdbc().execute("alter table spot_price disable trigger spot_price_begins_later");
    database
        .jdbc()
        .update(
            "insert into spot_price (region, share, valid_from) values ('*', 0.5, ?), ('*', 0.2, ?)",
            database.minute(0).atOffset(ZoneOffset.UTC),
            database.minute(30).atOffset(ZoneOffset.UTC));
    database
        .jdbc()
        .update(
            "insert into spot_group (group_id, created_at, protected_until) values ('eci-1', ?, ?)",
            database.minute(0).atOffset(ZoneOffset.UTC),
            database.minute(40).atOffset(ZoneOffset.UTC));
    database.ran("eci-1", database.minute(0), database.minute(60));
    database.settle();
    assertThat(
            database.texts(
                "select kind || ' ' || trim_scale(unit_price / list_price) || ' ' || units"
                    + " from charge_line where item = 'vcpu' order by 1"))
        .containsExactly("spot 0.2 2400", "spot 0.5 4800");
  }

  private void record(String group, String name, String tags) {
    int _ = database.jdbc().update("delete from container_group_history where id = ?", group);
    database
        .jdbc()
        .update(
            """
            insert into container_group_history (id, account_id, region, name, status, record,
                                                 created_at, ended_at)
            values (?, 'acct-1', 'cn-hangzhou', ?, 'Succeeded',
                    jsonb_build_object('tags', ?::jsonb), now(), now())
            """,
            group,
            name,
            tags);
  }

  @Test
  void whatAGroupWasCalledIsKeptAsItWasWhenItsHourWasSettled() {
    database.ran("eci-1", database.minute(0), database.minute(10));
    record("eci-1", "web", "{\"team\": \"a\"}");
    database.settle();
    database.ran("eci-1", database.minute(70), database.minute(80));
    database.settle();
    record("eci-1", "web", "{\"team\": \"b\"}");
    database.ran("eci-1", database.minute(250), database.minute(260));
    database.settle();
    record("eci-2", "late", "{}");
    database.ran("eci-2", database.minute(20), database.minute(30));
    database.settle();
    String first = database.hour(0).toString();
    assertThat(
            database.texts(
                """
                select concat_ws(' ', name, tags ->> 'team',
                                 extract(epoch from from_hour - '%s')::int8 / 3600,
                                 case when to_hour < 'infinity'
                                      then extract(epoch from to_hour - '%s')::int8 / 3600 end)
                from billed_resource order by resource_id, from_hour
                """
                    .formatted(first, first)))
        .containsExactly("web a 0 4", "web b 4", "late 0");
    nothingDiffers();
  }

  @Test
  void cachesAreCalledWhatTheyAreOrWereAndTheirDisksLikeTheirGroups() {
    for (String kind : List.of("image", "data")) {
      for (String item : List.of("-cache-storage", "-cache-use", "-cache-disk")) {
        database.usage().addPrice("cn-*", kind + item, "CNY", "1", "2018-08-08T00:00:00Z");
      }
    }
    record("eci-1", "web", "{\"team\": \"a\"}");
    ran("eci-1.imc", Metered.imageCacheUse(40));
    ran("eci-2.imc", Metered.imageCacheUse(40));
    for (String cache : List.of("imc-1", "imc-2")) {
      int _ =
          database
              .jdbc()
              .update(
                  """
                  insert into image_cache (id, account_id, region, name, status, making, tags, created_at)
                  values (?, 'acct-1', 'cn-hangzhou', 'of-' || ?, 'Creating', 1, '{"team": "b"}', now())
                  """,
                  cache,
                  cache);
      ran(cache, Metered.imageCacheStorage(40));
    }
    ran("imc-1.2", Metered.imageCacheCreation(40));
    int _ = database.jdbc().update("delete from image_cache where id = 'imc-2'");
    ran("eci-1.edc", Metered.dataCacheUse(40));
    for (String cache : List.of("edc-1", "edc-2")) {
      int _ =
          database
              .jdbc()
              .update(
                  """
                  insert into data_cache (id, account_id, region, bucket, path, name, status, making,
                                          tags, created_at)
                  values (?, 'acct-1', 'cn-hangzhou', 'default', '/' || ?, 'of-' || ?, 'Loading', 1,
                          '{"team": "c"}', now())
                  """,
                  cache,
                  cache,
                  cache);
      ran(cache, Metered.dataCacheStorage(40));
    }
    ran("edc-1.2", Metered.dataCacheCreation(40));
    int _ = database.jdbc().update("delete from data_cache where id = 'edc-2'");
    database.settle();
    assertThat(
            database.texts(
                """
                select concat_ws(' ', resource_kind, resource_id, name, tags ->> 'team')
                from billed_resource order by resource_kind, resource_id
                """))
        .containsExactly(
            "cache-disk eci-1.edc web a",
            "cache-disk eci-1.imc web a",
            "data-cache edc-1 of-edc-1 c",
            "data-cache edc-1.2 of-edc-1 c",
            "data-cache edc-2 of-edc-2 c",
            "image-cache imc-1 of-imc-1 b",
            "image-cache imc-1.2 of-imc-1 b",
            "image-cache imc-2 of-imc-2 b");
    nothingDiffers();
  }

  @Test
  void volumesAreCalledLikeTheGroupsThatMadeThemWhoeverHasThem() {
    database.usage().addPrice("cn-*", "volume", "CNY", "1", "2018-08-08T00:00:00Z");
    String of = "0mbcdefgh";
    for (String group : List.of("a", "b", "c")) {
      String id = "eci-" + of + "0000000000" + group;
      record(id, "web-" + group, "{\"team\": \"" + group + "\"}");
      int _ =
          database
              .jdbc()
              .update(
                  """
                  update container_group_history
                  set record = record || jsonb_build_object('spec', jsonb_build_object('volumes',
                        jsonb_build_array(jsonb_build_object('kind', 'emptyDir', 'name', 'tmp'),
                          jsonb_build_object('kind', 'disk', 'id', 'd-' || ? || '9999999999' || ?))))
                  where id = ?
                  """,
                  // The last one has a disk that another group made.
                  group.equals("c") ? "0mbcdefgg" : of,
                  group,
                  id);
    }
    for (String volume : List.of(of + "9999999999a", of + "9999999999b", "0mbcdefgg9999999999c")) {
      ran("d-" + volume, Metered.volume(20));
    }
    database.settle();
    assertThat(
            database.texts(
                """
                select concat_ws(' ', resource_kind, right(resource_id, 1), name, tags ->> 'team')
                from billed_resource order by resource_id
                """))
        .containsExactly("volume a web-a a", "volume b web-b b");
  }

  private void ran(String id, Metered metered) {
    database.open(ACCOUNT, id, metered, database.minute(0));
    database.close(id, database.minute(10));
  }

  @Test
  void whatComesAfterABillIsClosedIsOnTheNextOne() {
    database.open("eci-1", database.minute(0));
    database.settle();
    database.jdbc().update("update open_bills set first_month = '2100-01-01'");
    database.close("eci-1", database.minute(10));
    database.settle();
    assertThat(
            database.texts(
                "select distinct (bill_month = '2100-01-01') || coalesce(why, '')"
                    + " from charge_line order by 1"))
        .containsExactly("false", "truelate-close");
  }

  @Test
  void anHourOfWhichUsageIsForgottenIsLeftAsItIs() {
    database.open("eci-1", database.minute(0));
    database.settle();
    long lines = database.lines();
    database
        .jdbc()
        .update(
            "update usage_start set kept_from = ?",
            database.hour(3).start().atOffset(ZoneOffset.UTC));
    database.jdbc().update("delete from usage_interval");
    database
        .jdbc()
        .update(
            "update account_hour set due = true where hour < (select kept_from from usage_start)");
    database.settle();
    assertThat(database.lines()).isEqualTo(lines);
    assertThat(database.count("select count(*) from account_hour where due")).isZero();
  }

  @Test
  void aProcessThatIsToldToStopEndsInTheMiddle() throws Exception {
    database.ran("eci-1", database.minute(0), database.minute(60));
    SettlementRounds[] process = new SettlementRounds[1];
    process[0] =
        database.process(
            SettledDatabase.NO_AGREEMENTS,
            (name, side) -> {
              if (name.equals(Settling.POINT) && side == Side.BEFORE) {
                Thread.ofPlatform().start(() -> process[0].stop());
                while (database.count(
                        "select count(*) from pg_stat_activity where datname = current_database()"
                            + " and application_name = 'podyard-settlement'")
                    > 0) {
                  Thread.onSpinWait();
                }
              }
            });
    process[0].list();
    long began = System.nanoTime();
    assertThatThrownBy(() -> process[0].settle()).isInstanceOf(RuntimeException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    assertThat(database.lines()).isZero();
    database.settle();
    nothingDiffers();
  }
}
