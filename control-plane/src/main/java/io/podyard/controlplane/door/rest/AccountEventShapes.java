package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.accountevent.AccountEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about events of accounts. */
final class AccountEventShapes {

  private AccountEventShapes() {}

  record ListAccountEventsRequest(
      @Nullable String accountId, @Nullable Integer limit, @Nullable String nextToken) {}

  /** Events of an account. */
  record ListAccountEventsResponse(
      String accountId, List<AccountEventResponse> accountEvents, @Nullable String nextToken) {}

  /** Something that an account should know of. */
  record AccountEventResponse(
      String accountEventId,
      String type,
      String reason,
      String subject,
      String message,
      int count,
      Instant firstTime,
      Instant lastTime) {

    static AccountEventResponse of(AccountEvent event) {
      return new AccountEventResponse(
          String.valueOf(event.id()),
          event.type(),
          event.reason(),
          event.subject(),
          event.message(),
          event.count(),
          event.firstAt(),
          event.lastAt());
    }
  }
}
