package io.podyard.controlplane.account;

/** What an account may do. */
public enum AccountRole {
  /** Everything, for all accounts: whoever runs the installation. */
  OPERATOR,
  /** Its own container groups. */
  USER
}
