package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.Accounts;
import io.podyard.model.AccountId;
import org.springframework.stereotype.Component;

/** The account that a path names. */
@Component
class AccountOfPath {

  static final String FIELD = "AccountId";

  private final Accounts accounts;

  AccountOfPath(Accounts accounts) {
    this.accounts = accounts;
  }

  /**
   * @throws ApiException if there is none
   */
  AccountId require(String id) {
    try {
      AccountId account = new AccountId(id);
      if (accounts.find(account).isPresent()) {
        return account;
      }
    } catch (IllegalArgumentException e) {
      // no account can have it
    }
    throw unknown(id);
  }

  static ApiException unknown(String id) {
    return new ApiException(
        new Problem(INVALID_PARAMETER_NOT_FOUND, FIELD, id, "names no account"));
  }
}
