package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.Required;
import org.jspecify.annotations.Nullable;

/** What is asked about accounts and access keys. */
final class AccountRequests {

  private AccountRequests() {}

  record CreateAccount(@Required @Nullable String name) {}

  record ListAccounts(@Nullable Integer limit, @Nullable String nextToken) {}

  record OfAccount(@Nullable String accountId) {}

  record SetArrearage(@Nullable String accountId, @Required @Nullable Boolean overdue) {}

  record DeleteAccessKey(@Nullable String accessKeyId, @Nullable String accountId) {}
}
