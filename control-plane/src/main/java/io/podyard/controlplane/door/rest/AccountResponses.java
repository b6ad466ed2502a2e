package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.account.Account;
import io.podyard.controlplane.account.KnownKey;
import io.podyard.controlplane.account.NewAccessKey;
import io.podyard.model.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Answers about accounts and access keys. */
final class AccountResponses {

  private AccountResponses() {}

  /** An account. */
  record AccountResponse(
      String accountId,
      String name,
      String role,
      Instant creationTime,
      @Nullable Instant overdueSince) {

    static AccountResponse of(Account account) {
      return new AccountResponse(
          account.id().value(),
          account.name(),
          words(account.role().name()),
          account.createdAt(),
          account.overdueSince());
    }
  }

  /** An account that was just made. */
  record CreateAccountResponse(String accountId, String name, String role, Instant creationTime) {

    static CreateAccountResponse of(Account account) {
      AccountResponse made = AccountResponse.of(account);
      return new CreateAccountResponse(
          made.accountId(), made.name(), made.role(), made.creationTime());
    }
  }

  /** A page of accounts. */
  record ListAccountsResponse(List<AccountResponse> accounts, @Nullable String nextToken) {}

  /** A key that was just made. */
  record CreateAccessKeyResponse(String accountId, String accessKeyId, String accessKeySecret) {

    static CreateAccessKeyResponse of(AccountId account, NewAccessKey key) {
      return new CreateAccessKeyResponse(account.value(), key.id().value(), key.secret());
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
      return "CreateAccessKeyResponse[" + accessKeyId + " of " + accountId + "]";
    }
  }

  /** A key without its secret. */
  record AccessKeyResponse(String accessKeyId, String status, Instant creationTime) {

    static AccessKeyResponse of(KnownKey key) {
      return new AccessKeyResponse(key.id().value(), words(key.status().name()), key.createdAt());
    }
  }

  /** All keys of an account. */
  record ListAccessKeysResponse(List<AccessKeyResponse> accessKeys) {}

  /** There is nothing to say but that it is done. */
  record DeleteAccessKeyResponse() {}

  private static String words(String constant) {
    return constant.charAt(0) + constant.substring(1).toLowerCase(Locale.ROOT);
  }
}
