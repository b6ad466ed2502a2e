package io.podyard.billing;

import io.podyard.model.AccountId;

/** What is settled at once: commitments cover all groups of an account by the hour. */
public record AccountHour(AccountId account, Hour hour) {}
