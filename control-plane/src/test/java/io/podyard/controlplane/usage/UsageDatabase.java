package io.podyard.controlplane.usage;

import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.controlplane.account.SteppedTime;
import io.podyard.controlplane.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.core.JdbcTemplate;

/** Prices and usage on a real database, wired as in the server, without the rest of it. */
public final class UsageDatabase implements AutoCloseable {

  private static final String PERSISTENCE = "io.podyard.controlplane.usage.persistence";

  private final TestDatabase database = TestDatabase.create();
  private final SteppedTime time;
  private final ConfigurableApplicationContext context;
  private final Prices prices;

  public UsageDatabase(Instant start) {
    this.time = new SteppedTime(start);
    this.context =
        new SpringApplicationBuilder(Wiring.class)
            .web(WebApplicationType.NONE)
            .initializers(
                fresh -> {
                  fresh.getBeanFactory().registerSingleton("testDataSource", database.dataSource());
                  fresh.getBeanFactory().registerSingleton("clock", (Clock) time);
                })
            .properties(
                "spring.main.banner-mode=off",
                "spring.jpa.hibernate.ddl-auto=none",
                "spring.jpa.open-in-view=false")
            .run();
    this.prices = newPrices();
  }

  public TestDatabase database() {
    return database;
  }

  SteppedTime time() {
    return time;
  }

  PriceStore store() {
    return context.getBean(PriceStore.class);
  }

  /** The service all of a test share; not started yet. */
  public Prices prices() {
    return prices;
  }

  /** As another process has it. */
  public Prices newPrices() {
    Ticker ticker = time.ticker();
    SpotPriceTable spot = new SpotPriceTable(database.jdbc(), database.transaction());
    return new Prices(store(), spot, new BigDecimal("0.3"), time, ticker);
  }

  Usage usage() {
    return new Usage(new StoredIntervals(database.jdbc()), prices, time);
  }

  GroupCosts costs() {
    return costs(database.jdbc());
  }

  GroupCosts costs(JdbcTemplate jdbc) {
    return new GroupCosts(new StoredIntervals(jdbc), prices, time);
  }

  public UsageIntervals meter() {
    return new UsageIntervals(database.jdbc());
  }

  /** Adds a price without an end. */
  public void addPrice(String region, String item, String currency, String perSecond, String from) {
    database
        .jdbc()
        .update(
            """
            insert into price (region, item, currency, per_second, valid_from)
            values (?, ?, ?, ?::numeric, ?::timestamptz)
            """,
            region,
            item,
            currency,
            perSecond,
            from);
  }

  public void addPrice(
      String region, String item, String currency, String perSecond, String from, String to) {
    database
        .jdbc()
        .update(
            """
            insert into price (region, item, currency, per_second, valid_from, valid_to)
            values (?, ?, ?, ?::numeric, ?::timestamptz, ?::timestamptz)
            """,
            region,
            item,
            currency,
            perSecond,
            from,
            to);
  }

  @Override
  public void close() {
    context.close();
    database.close();
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    HibernateJpaAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    DataJpaRepositoriesAutoConfiguration.class
  })
  @ComponentScan(PERSISTENCE)
  @Import(PriceChangeLog.class)
  @EnableJpaRepositories(PERSISTENCE)
  @EntityScan(PERSISTENCE)
  static class Wiring {}
}
