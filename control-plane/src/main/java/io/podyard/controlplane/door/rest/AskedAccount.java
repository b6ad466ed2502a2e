package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;

import io.podyard.api.Problem;
import io.podyard.controlplane.account.Accounts;
import io.podyard.controlplane.account.Caller;
import io.podyard.model.AccountId;
import org.springframework.stereotype.Component;

/** Whose money a request is about. */
@Component
final class AskedAccount {

  private final Accounts accounts;

  AskedAccount(Accounts accounts) {
    this.accounts = accounts;
  }

  /** The caller's own account; an operator may ask for any. Of no use if there are problems. */
  AccountId of(Caller caller, OwnFields fields) {
    AccountId asked = fields.id("AccountId", AccountId::new);
    if (asked == null || asked.equals(caller.account())) {
      return caller.account();
    }
    OperatorOnly.check(caller);
    if (accounts.find(asked).isEmpty()) {
      fields.add(
          new Problem(INVALID_PARAMETER_NOT_FOUND, "AccountId", asked.value(), "names no account"));
    }
    return asked;
  }
}
