package io.podyard.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.billing.Item;
import io.podyard.billing.Metered;
import io.podyard.billing.PriceBook;
import io.podyard.billing.PriceBookFile;
import io.podyard.billing.Tariff;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

class PricesTest {

  private static final RegionId HANGZHOU = new RegionId("cn-hangzhou");
  private static final Size TWO_FOUR = Size.of(2000, 4096);
  private static final String LONG_AGO = "2018-08-08T00:00:00Z";

  private UsageDatabase database;
  private JdbcTemplate jdbc;

  @BeforeEach
  void open() {
    // The database has a clock of its own, and guards prices by it.
    database = new UsageDatabase(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    jdbc = database.database().jdbc();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static BigDecimal vcpu(PriceBook book, Instant at) {
    return book.price(HANGZHOU, Item.VCPU, at).perSecond();
  }

  @Test
  void theFirstStartFillsTheTableWithThePublishedPricesToTheLastDigit() {
    Prices prices = database.prices();
    prices.start();
    assertThat(prices.book()).isEqualTo(PriceBookFile.shipped());
    assertThat(
            jdbc.queryForList(
                "select per_second::text from price where region = 'cn-*' order by item",
                String.class))
        .containsExactly("0.000027", "0.00000613", "0.000049");
  }

  @Test
  void aLaterStartLeavesTheTableAlone() {
    database.addPrice("*", "vcpu", "EUR", "0.000000000001", LONG_AGO);
    database.prices().start();
    assertThat(jdbc.queryForObject("select count(*) from price", Integer.class)).isEqualTo(1);
    assertThat(vcpu(database.prices().book(), database.time().instant()))
        .isEqualTo("0.000000000001");
  }

  private List<String> items() {
    return jdbc.query(
        "select region || ' ' || item || ' ' || per_second from price order by 1",
        (row, n) -> row.getString(1));
  }

  @Test
  void aTableOfAnEarlierReleaseGetsThePublishedPriceOfEconomyOnce() {
    // As an installation has it that began before there was economy, and changed a price.
    database.addPrice("cn-*", "vcpu", "CNY", "0.00004", LONG_AGO);
    database.addPrice("cn-*", "memory", "CNY", "0.00000613", LONG_AGO);
    Prices prices = database.prices();
    prices.start();
    List<String> then = items();
    assertThat(then)
        .containsExactly(
            "cn-* economy-vcpu 0.000027", "cn-* memory 0.00000613", "cn-* vcpu 0.00004");
    assertThat(prices.book().unpriced(HANGZHOU, Set.of(Item.ECONOMY_VCPU), Instant.now()))
        .isEmpty();
    database.prices().start();
    assertThat(items()).isEqualTo(then);
  }

  @Test
  void aPriceOfEconomyThatSomebodyMadeIsTheOnlyOne() {
    database.addPrice("cn-*", "vcpu", "CNY", "0.00004", LONG_AGO);
    database.addPrice("cn-*", "memory", "CNY", "0.00000613", LONG_AGO);
    database.addPrice("cn-shanghai", "economy-vcpu", "CNY", "0.00001", LONG_AGO);
    database.prices().start();
    assertThat(items()).hasSize(3).contains("cn-shanghai economy-vcpu 0.00001");
  }

  @Test
  void publishedPricesThatDoNotGoWithTheOthersAreLeftOut() {
    database.addPrice("cn-*", "vcpu", "EUR", "0.00001", LONG_AGO);
    database.addPrice("cn-*", "memory", "EUR", "0.000001", LONG_AGO);
    Prices prices = database.prices();
    prices.start();
    assertThat(items()).hasSize(2);
    assertThat(prices.book().unpriced(HANGZHOU, Set.of(Item.ECONOMY_VCPU), Instant.now()))
        .containsExactly(Item.ECONOMY_VCPU);
  }

  @Test
  void gpusOfATypeAreChargedByTheirModelWhereThatHasAPrice() {
    Prices prices = database.prices();
    prices.start();
    database.addPrice("cn-hangzhou", "gpu-A10", "CNY", "0.003", LONG_AGO);
    database.time().advance(Prices.TRUSTED.plusMillis(1));
    String type = "ecs.gn7i-c8g1.2xlarge";
    assertThat(prices.ofInstanceType(HANGZHOU, type, "A10").code()).isEqualTo("gpu-A10");
    assertThat(prices.ofInstanceType(HANGZHOU, type, "T4")).isEqualTo(Tariff.STANDARD);
    assertThat(prices.ofInstanceType(new RegionId("cn-beijing"), type, "A10"))
        .isEqualTo(Tariff.STANDARD);
    assertThat(prices.ofInstanceType(HANGZHOU, "ecs.g6.large", "")).isEqualTo(Tariff.STANDARD);
    database.addPrice("cn-*", type, "CNY", "0.01", LONG_AGO);
    database.time().advance(Prices.TRUSTED.plusMillis(1));
    assertThat(prices.ofInstanceType(HANGZHOU, type, "A10").code()).isEqualTo(type);
  }

  @Test
  void inventedPricesAreAddedOnceAndOnlyForWhatHasNone() {
    int all = PriceBookFile.shipped().prices().size() + PriceBookFile.examples().prices().size();
    Prices prices = database.prices();
    prices.start();
    assertThat(prices.book().unpriced(HANGZHOU, Set.of(Item.GPU), database.time().instant()))
        .containsExactly(Item.GPU);
    prices.addExamples();
    prices.addExamples();
    assertThat(prices.book().price(HANGZHOU, Item.GPU, database.time().instant()).perSecond())
        .isEqualTo("0.002");
    assertThat(jdbc.queryForObject("select count(*) from price", Integer.class)).isEqualTo(all);

    database.prices().addExamples();
    assertThat(jdbc.queryForObject("select count(*) from price", Integer.class)).isEqualTo(all);
  }

  @Test
  void manyFirstStartsAtOnceFillTheTableOnce() throws Exception {
    try (ExecutorService starts = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> fillings = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        fillings.add(() -> database.store().fillIfEmpty(PriceBookFile.shipped().prices()));
      }
      int filled = 0;
      for (Future<Boolean> done : starts.invokeAll(fillings)) {
        filled += done.get() ? 1 : 0;
      }
      assertThat(filled).isEqualTo(1);
    }
    assertThat(PriceBook.of(database.store().all())).isEqualTo(PriceBookFile.shipped());
  }

  @Test
  void aNewPriceIsSeenAfterTheTrustedTimeAndNotBefore() {
    Prices prices = database.prices();
    prices.start();
    Instant change = database.time().instant().plusSeconds(3600);
    jdbc.update("update price set valid_to = ?::timestamptz where region = 'cn-*'", change + "");
    database.addPrice("cn-*", "vcpu", "CNY", "0.00005", change.toString());
    database.addPrice("cn-*", "memory", "CNY", "0.000007", change.toString());
    assertThat(prices.book()).isEqualTo(PriceBookFile.shipped());
    database.time().advance(Prices.TRUSTED.plusMillis(1));
    assertThat(vcpu(prices.book(), change.minusSeconds(1))).isEqualTo("0.000049");
    assertThat(vcpu(prices.book(), change)).isEqualTo("0.00005");
  }

  @Test
  void theLastPricesStayWhileTheDatabaseDoesNotAnswer() {
    Prices prices = database.prices();
    prices.start();
    database.database().dataSource().close();
    database.time().advance(Prices.TRUSTED.plusMillis(1));
    assertThat(prices.book()).isEqualTo(PriceBookFile.shipped());
  }

  @Test
  void twoPricesOfOneItemAndPatternNeverOverlap() {
    database.prices().start();
    assertThatThrownBy(() -> database.addPrice("cn-*", "vcpu", "CNY", "1", "2030-01-01T00:00:00Z"))
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("price_never_overlaps");
    assertThatCode(
            () -> database.addPrice("cn-hangzhou", "vcpu", "CNY", "1", "2030-01-01T00:00:00Z"))
        .doesNotThrowAnyException();
  }

  @Test
  void aPriceInUseIsNeverEdited() {
    database.prices().start();
    List<String> edits =
        List.of(
            "update price set per_second = 1 where item = 'vcpu'",
            "update price set currency = 'EUR'",
            "update price set region = 'eu-*' where region = '*'",
            "update price set item = 'disk' where item = 'vcpu'",
            "update price set valid_from = valid_from - interval '1 year'",
            "update price set valid_from = now() + interval '1 year'",
            "update price set valid_to = '2020-01-01T00:00:00Z'",
            "delete from price");
    for (String edit : edits) {
      assertThatThrownBy(() -> jdbc.update(edit))
          .as(edit)
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("end it now or later and add another");
    }
    jdbc.update("update price set valid_to = date_trunc('second', now(), 'UTC')");
    assertThatThrownBy(() -> jdbc.update("update price set valid_to = null"))
        .as("what has ended stays ended")
        .isInstanceOf(DataAccessException.class);
  }

  @Test
  void aPriceThatHasNotBegunMayBeChangedAndTakenBack() {
    database.addPrice("*", "vcpu", "EUR", "1", "2100-01-01T00:00:00Z");
    assertThat(jdbc.update("update price set per_second = 2, region = 'eu-*'")).isEqualTo(1);
    assertThat(jdbc.update("delete from price")).isEqualTo(1);
  }

  @Test
  void pricesThatContradictOneAnotherStopTheStartAndNotARunningServer() {
    Prices running = database.prices();
    running.start();
    database.addPrice("cn-hangzhou", "vcpu", "EUR", "1", LONG_AGO);
    database.time().advance(Duration.ofMinutes(1));
    assertThat(running.book()).isEqualTo(PriceBookFile.shipped());
    assertThatThrownBy(() -> database.newPrices().start())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the table price cannot be used")
        .hasMessageContaining("CNY and EUR");
  }

  @Test
  void pricesOfItemsOfANewerReleaseAreLeftAlone() {
    database.addPrice("*", "vcpu", "EUR", "1", LONG_AGO);
    database.addPrice("*", "unheard-of", "EUR", "1", LONG_AGO);
    database.prices().start();
    assertThat(database.prices().book().prices()).hasSize(1);
  }

  @Test
  void anItemWithoutAPriceIsRefusedByNameTogetherWithItsRegion() {
    database.addPrice("cn-*", "vcpu", "CNY", "0.000049", LONG_AGO);
    database.addPrice("*", "memory", "CNY", "0.1", LONG_AGO, "2019-01-01T00:00:00Z");
    database.prices().start();
    assertThatThrownBy(() -> database.prices().require(HANGZHOU, Metered.of(TWO_FOUR)))
        .isInstanceOfSatisfying(
            ApiException.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ErrorCode.ZONE_NOT_ON_SALE);
              assertThat(refusal.getMessage())
                  .contains("item memory", "cn-hangzhou")
                  .doesNotContain("vcpu");
            });
    assertThatThrownBy(() -> database.prices().require(new RegionId("eu-1"), Metered.of(TWO_FOUR)))
        .hasMessageContaining("item vcpu, memory")
        .hasMessageContaining("eu-1");
    assertThatCode(() -> database.prices().require(HANGZHOU, Metered.of(Size.of(2000, 0))))
        .doesNotThrowAnyException();
  }
}
