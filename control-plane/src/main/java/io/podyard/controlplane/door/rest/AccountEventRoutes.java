package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.accountevent.AccountEvent;
import io.podyard.controlplane.accountevent.AccountEvents;
import io.podyard.model.AccountId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What an account should know of. */
@Configuration(proxyBeanMethods = false)
class AccountEventRoutes {

  private static final int EVENTS_BY_DEFAULT = 20;
  private static final int MOST_EVENTS = 100;

  private final AccountEvents events;
  private final AskedAccount accounts;

  AccountEventRoutes(AccountEvents events, AskedAccount accounts) {
    this.events = events;
    this.accounts = accounts;
  }

  @Bean
  Route listAccountEventsRoute() {
    return Route.own(
        "ListAccountEvents",
        "GET",
        "/events",
        AccountEventShapes.ListAccountEventsRequest.class,
        AccountEventShapes.ListAccountEventsResponse.class,
        this::list,
        RouteText.of(
                RouteText.USAGE,
                "List events of an account",
                """
                What the account should know of that is not about one group: thresholds of budgets \
                that were reached, bills that were closed or are held up, usage that has no price, \
                whether it is overdue. The newest come first; what is told again of the same \
                subject is counted. docs/events.md has the reasons.\
                """)
            .errors(INVALID_PARAMETER_NOT_FOUND, NO_PERMISSION));
  }

  private Route.OwnCall list(Caller caller, OwnFields fields) {
    AccountId account = accounts.of(caller, fields);
    int limit = fields.limit("Limit", EVENTS_BY_DEFAULT, MOST_EVENTS);
    Long before = fields.id("NextToken", Long::valueOf);
    return () -> {
      PageOfRows<AccountEvent> page = PageOfRows.of(events.page(account, before, limit + 1), limit);
      return new AccountEventShapes.ListAccountEventsResponse(
          account.value(),
          page.map(AccountEventShapes.AccountEventResponse::of),
          page.nextToken(event -> String.valueOf(event.id())));
    };
  }
}
