package io.podyard.controlplane.settlement;

import io.podyard.billing.Agreements;
import io.podyard.billing.Hour;
import io.podyard.billing.Metered;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.usage.Prices;
import io.podyard.controlplane.usage.UsageDatabase;
import io.podyard.controlplane.usage.UsageIntervals;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** A database with prices, a meter, and processes that settle what it says. */
final class SettledDatabase implements AutoCloseable {

  static final AccountId ACCOUNT = new AccountId("acct-1");
  static final RegionId HANGZHOU = new RegionId("cn-hangzhou");
  static final ZoneId A = new ZoneId("cn-hangzhou-a");
  static final Metered TWO_FOUR = Metered.of(Size.of(2000, 4096));

  /** Nobody agreed on anything. */
  static final AgreementsOf NO_AGREEMENTS =
      new AgreementsOf() {
        @Override
        public Agreements of(AccountId account) {
          return Agreements.NONE;
        }

        @Override
        public List<AccountId> validIn(Hour hour) {
          return List.of();
        }
      };

  /** The last full hour is nine after this one; the database has a clock of its own. */
  private final Hour first =
      new Hour(Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(10)));

  private final UsageDatabase usage = new UsageDatabase(Instant.now());
  private final Prices prices = usage.newPrices();

  SettledDatabase start() {
    prices.start();
    return this;
  }

  TestDatabase database() {
    return usage.database();
  }

  JdbcTemplate jdbc() {
    return usage.database().jdbc();
  }

  UsageDatabase usage() {
    return usage;
  }

  Prices prices() {
    return prices;
  }

  /** The hour that is so many after the first. */
  Hour hour(int number) {
    return new Hour(first.start().plus(Duration.ofHours(number)));
  }

  /** So many minutes after the begin of the first hour. */
  Instant minute(long minutes) {
    return first.start().plus(Duration.ofMinutes(minutes));
  }

  void open(AccountId account, String group, Metered metered, Instant at) {
    usage
        .meter()
        .open(
            List.of(
                new UsageIntervals.Opening(
                    new ContainerGroupId(group), account, HANGZHOU, A, metered, at)));
  }

  void open(String group, Instant at) {
    open(ACCOUNT, group, TWO_FOUR, at);
  }

  void close(String group, Instant at) {
    usage.meter().close(List.of(new UsageIntervals.Closing(new ContainerGroupId(group), at)));
  }

  void ran(String group, Instant from, Instant to) {
    open(group, from);
    close(group, to);
  }

  /** As a server does it. */
  SettlementRounds process() {
    return process(NO_AGREEMENTS, CommitPoints.NONE);
  }

  SettlementRounds process(AgreementsOf agreements, CommitPoints points) {
    return new SettlementRounds(
        new SessionSource(
            usage.database().url(), usage.database().userName(), usage.database().password()),
        jdbc(),
        new ListedHours(agreements, Duration.ZERO, points),
        new Settling(agreements, points),
        prices::fresh,
        Duration.ZERO);
  }

  /** Everything that can be. */
  void settle() {
    settle(process());
  }

  static void settle(SettlementRounds process) {
    process.list();
    process.settle();
  }

  /** What accounts agreed on, from the first hour on. */
  static AgreementsOf agreements(Agreements agreements) {
    return new AgreementsOf() {
      @Override
      public Agreements of(AccountId account) {
        return account.equals(ACCOUNT) ? agreements : Agreements.NONE;
      }

      @Override
      public List<AccountId> validIn(Hour hour) {
        return agreements.all().isEmpty() ? List.of() : List.of(ACCOUNT);
      }
    };
  }

  long lines() {
    return count("select count(*) from charge_line");
  }

  long count(String sql) {
    Long count = jdbc().queryForObject(sql, Long.class);
    return count == null ? 0 : count;
  }

  @Nullable String text(String sql) {
    return texts(sql).stream().findFirst().orElse(null);
  }

  List<String> texts(String sql) {
    return jdbc().query(sql, (row, n) -> row.getString(1));
  }

  @Override
  public void close() {
    usage.close();
  }
}
