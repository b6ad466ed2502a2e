package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Grouping;
import io.podyard.billing.Hour;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.bill.Costs;
import io.podyard.model.AccountId;
import io.podyard.model.Period;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What usage costs, up to now. */
@Configuration(proxyBeanMethods = false)
class CostRoutes {

  private static final String BY_DAY = "day";
  private static final int SUMS_BY_DEFAULT = 20;
  private static final int MOST_SUMS = 100;

  /** Three years and a little: each hour is looked at. */
  private static final Duration LONGEST = Duration.ofDays(1100);

  private final Costs costs;
  private final AskedAccount accounts;
  private final Clock clock;

  CostRoutes(Costs costs, AskedAccount accounts, Clock clock) {
    this.costs = costs;
    this.accounts = accounts;
    this.clock = clock;
  }

  @Bean
  Route describeCostsRoute() {
    return Route.own(
        "DescribeCosts",
        "GET",
        "/costs",
        CostShapes.CostsRequest.class,
        CostShapes.CostsResponse.class,
        this::describe,
        RouteText.of(
                RouteText.BILLS,
                "Add up what usage costs",
                """
                What the usage of a period of full hours costs, whatever bill it is on: the settled \
                lines by day, tag, zone, container group, image cache or item, each also by day, and \
                as a number of its own what is not settled yet, at the prices of now and without \
                discounts. Every hour is in one of the two, so `total` is what is known at this \
                moment. Without `from` the period begins with the month that it ends in, UTC; \
                without `to` it ends with the present hour. `/costs/` shows it as a page.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, NO_PERMISSION));
  }

  private Route.OwnCall describe(Caller caller, OwnFields fields) {
    AccountId account = accounts.of(caller, fields);
    Instant from = hour(fields, "From");
    Instant to = hour(fields, "To");
    String asked = fields.text("GroupBy");
    String groupBy = asked == null ? BY_DAY : asked;
    Grouping grouping = BillRoutes.grouping(fields, groupBy);
    int limit = fields.limit("Limit", SUMS_BY_DEFAULT, MOST_SUMS);
    Instant end = to == null ? Hour.containing(clock.instant()).end() : to;
    Instant start = from == null ? BillMonth.containing(end.minusNanos(1)).period().start() : from;
    if (end.isBefore(start)) {
      fields.refuse(
          to == null ? "From" : "To",
          fields.text(to == null ? "From" : "To"),
          to == null ? "must not lie ahead where there is no to" : "must not be before from");
    } else if (Duration.between(start, end).compareTo(LONGEST) > 0) {
      fields.refuse(
          from == null ? "To" : "From",
          fields.text(from == null ? "To" : "From"),
          "must be at most %d days from the other end".formatted(LONGEST.toDays()));
    }
    return () -> {
      Costs.OfPeriod found =
          costs.of(account, new Period(start, end), Objects.requireNonNull(grouping), limit);
      return new CostShapes.CostsResponse(
          account.value(),
          start,
          end,
          found.settledUntil(),
          groupBy,
          found.amounts().stream().map(CostShapes.CostsOfCurrencyResponse::of).toList(),
          found.unpriced());
    };
  }

  private static @Nullable Instant hour(OwnFields fields, String name) {
    Instant time = fields.time(name);
    if (time != null && !Hour.containing(time).start().equals(time)) {
      fields.refuse(name, fields.text(name), "must be a full hour such as 2026-03-01T08:00:00Z");
      return null;
    }
    return time;
  }
}
