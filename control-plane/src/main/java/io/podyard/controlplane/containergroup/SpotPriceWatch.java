package io.podyard.controlplane.containergroup;

import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.usage.Prices;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Compares prices with the limits of spot groups every now and then (contract section 17). Every
 * process does; a group gets one notice all the same.
 */
@Component
class SpotPriceWatch {

  /** The name of its commit, for tests that kill the process. */
  static final String POINT = "spotPrice";

  private static final Logger log = LoggerFactory.getLogger(SpotPriceWatch.class);

  private record Limited(
      ContainerGroupId id,
      RegionId region,
      @Nullable ZoneId zone,
      Metered metered,
      BigDecimal limit) {}

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final SpotNotices notices;
  private final Prices prices;
  private final CommitPoints points;
  private final Duration between;
  private long lookedAt;

  SpotPriceWatch(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      SpotNotices notices,
      Prices prices,
      PodyardSettings settings,
      CommitPoints points) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.notices = notices;
    this.prices = prices;
    this.points = points;
    this.between = settings.spot().priceCheck();
    this.lookedAt = System.nanoTime();
  }

  @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  void run() {
    if (System.nanoTime() - lookedAt < between.toNanos()) {
      return;
    }
    lookedAt = System.nanoTime();
    try {
      look();
    } catch (DataAccessException | TransactionException e) {
      log.warn("the prices of spot groups are looked at later: {}", e.getMessage());
    }
  }

  void look() {
    for (Limited group : limited()) {
      Optional<Money> price =
          prices.spotPricePerHour(group.region(), group.zone(), group.metered());
      if (price.isPresent() && price.get().amount().compareTo(group.limit()) > 0) {
        points.reached(POINT, CommitPoints.Side.BEFORE);
        transaction.executeWithoutResult(
            status -> notices.tooDear(group.id(), why(price.get(), group.limit())));
        points.reached(POINT, CommitPoints.Side.AFTER);
      }
    }
  }

  private static String why(Money price, BigDecimal limit) {
    return "an hour costs %s %s now, and its limit is %s"
        .formatted(
            price.amount().stripTrailingZeros().toPlainString(),
            price.currency(),
            limit.stripTrailingZeros().toPlainString());
  }

  /** Those whose meter runs: others cost nothing. */
  private List<Limited> limited() {
    return jdbc.query(
        """
        select g.id, g.region, g.zone, u.milli_cpu, u.memory_mib, u.gpu_milli, u.tariff,
               u.storage_gib, s.price_limit
        from container_group g
             join spot_group s on s.group_id = g.id
             join usage_interval u on u.group_id = g.id and u.ended_at is null
        where g.spot and g.final_at is null and g.host_id is not null and g.goal = 'RUN'
          and s.price_limit is not null and s.noticed_at is null and s.protected_until <= now()
        """,
        (row, n) ->
            new Limited(
                new ContainerGroupId(row.getString(1)),
                new RegionId(row.getString(2)),
                Optional.ofNullable(row.getString(3)).map(ZoneId::new).orElse(null),
                new Metered(
                    Size.of(row.getInt(4), row.getInt(5)),
                    row.getInt(6),
                    new Tariff(row.getString(7)),
                    row.getInt(8)),
                row.getBigDecimal(9)));
  }
}
