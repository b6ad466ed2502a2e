package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.GroupRecord;
import io.podyard.controlplane.containergroup.KnownGroups;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.usage.Usage;
import io.podyard.controlplane.usage.UsagePage;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Period;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What was used and what it costs. */
@Configuration(proxyBeanMethods = false)
class UsageRoutes {

  private static final int GROUPS_BY_DEFAULT = 20;
  private static final int MOST_GROUPS = 100;

  private final Usage usage;
  private final KnownGroups groups;
  private final AskedAccount accounts;
  private final Clock clock;

  UsageRoutes(Usage usage, KnownGroups groups, AskedAccount accounts, Clock clock) {
    this.usage = usage;
    this.groups = groups;
    this.accounts = accounts;
    this.clock = clock;
  }

  @Bean
  Route describeUsageRoute() {
    return Route.own(
        "DescribeUsage",
        "GET",
        "/usage",
        UsageRequest.class,
        UsageResponse.class,
        this::describe,
        RouteText.of(
                RouteText.USAGE,
                "List what was used and what it costs",
                """
                The intervals during which meters ran and the exact charges for them, group by \
                group, newest first, also of groups that have ended, and after them of disks, \
                which are metered by themselves. Where one group is asked for, these are its own \
                and those of the disk that it got from an image cache. A period is half-open; \
                without `from` it begins with the present month, UTC, or where one group is asked \
                for, with that group. What is still running is charged until now.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, NO_PERMISSION));
  }

  private Route.OwnCall describe(Caller caller, OwnFields fields) {
    AccountId account = accounts.of(caller, fields);
    String group = fields.text("ContainerGroupId");
    OwnGroups.checkId(group, fields::add);
    Instant now = clock.instant();
    Instant from = fields.time("From");
    Instant to = fields.time("To");
    int limit = fields.limit("Limit", GROUPS_BY_DEFAULT, MOST_GROUPS);
    ContainerGroupId after = fields.id("NextToken", ContainerGroupId::new);
    if (from != null && to != null && to.isBefore(from)) {
      fields.refuse("To", fields.text("To"), "must not be before the period begins");
    }
    Instant end = to == null ? now : to;
    if (group != null) {
      return () -> {
        GroupRecord known = groups.require(account, group).group();
        Period period = period(from, known.createdAt(), end);
        return answer(usage.ofGroup(account, known.id(), period), null);
      };
    }
    Period period = period(from, startOfMonth(end), end);
    return () ->
        answer(
            usage.page(account, period, after, limit),
            after == null ? usage.total(account, period) : null);
  }

  /** Empty if it would end before it begins, as one does whose beginning lies ahead. */
  private static Period period(@Nullable Instant from, Instant beginning, Instant end) {
    Instant start = from == null ? beginning : from;
    return new Period(start, end.isBefore(start) ? start : end);
  }

  private static Instant startOfMonth(Instant time) {
    return YearMonth.from(time.atOffset(ZoneOffset.UTC))
        .atDay(1)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant();
  }

  private static UsageResponse answer(UsagePage page, Usage.@Nullable Total total) {
    return new UsageResponse(
        page.period().start(),
        page.period().end(),
        page.groups().stream().map(UsageResponse.Group::of).toList(),
        total == null ? null : AmountResponse.of(total.amounts()),
        total == null ? null : total.unpriced(),
        page.more() ? page.groups().getLast().group().value() : null);
  }
}
