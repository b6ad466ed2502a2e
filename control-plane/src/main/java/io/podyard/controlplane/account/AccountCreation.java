package io.podyard.controlplane.account;

/** What became of the wish for an account. */
public sealed interface AccountCreation {

  /** The account was made. */
  record Created(Account account) implements AccountCreation {}

  /** The name belongs to this other account; nothing was made. */
  record NameTaken(Account holder) implements AccountCreation {}
}
