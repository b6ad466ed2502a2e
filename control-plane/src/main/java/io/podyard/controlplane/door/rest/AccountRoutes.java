package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;
import static io.podyard.api.ErrorCode.OPERATION_CONFLICT;
import static io.podyard.api.ErrorCode.QUOTA_EXCEEDED;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.account.AccessKeys;
import io.podyard.controlplane.account.Account;
import io.podyard.controlplane.account.AccountCreation;
import io.podyard.controlplane.account.Accounts;
import io.podyard.controlplane.account.Caller;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Accounts and their access keys, for the operator. */
@Configuration(proxyBeanMethods = false)
class AccountRoutes {

  private static final String ACCOUNTS = "/accounts";
  private static final String KEYS = ACCOUNTS + "/{accountId}/access-keys";
  private static final int ACCOUNTS_BY_DEFAULT = 20;
  private static final int MOST_ACCOUNTS = 100;

  private final Accounts accounts;
  private final AccountOfPath paths;
  private final AccessKeys keys;
  private final SignedOnce once;

  AccountRoutes(Accounts accounts, AccountOfPath paths, AccessKeys keys, SignedOnce once) {
    this.accounts = accounts;
    this.paths = paths;
    this.keys = keys;
    this.once = once;
  }

  @Bean
  Route createAccountRoute() {
    return Route.own(
        "CreateAccount",
        "POST",
        ACCOUNTS,
        AccountRequests.CreateAccount.class,
        AccountResponses.CreateAccountResponse.class,
        OperatorOnly.of(this::createAccount),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Create an account",
                "Makes an account that owns groups of its own and sees nobody else's.")
            .errors(NO_PERMISSION, INVALID_PARAMETER_DUPLICATED_NAME)
            .example("{\"name\": \"team-blue\"}\n"));
  }

  @Bean
  Route listAccountsRoute() {
    return Route.own(
        "ListAccounts",
        "GET",
        ACCOUNTS,
        AccountRequests.ListAccounts.class,
        AccountResponses.ListAccountsResponse.class,
        OperatorOnly.of(this::listAccounts),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List accounts",
                "All accounts in the order of their ids.")
            .errors(NO_PERMISSION));
  }

  @Bean
  Route setArrearageRoute() {
    return Route.own(
        "SetArrearage",
        "PUT",
        ACCOUNTS + "/{accountId}/arrearage",
        AccountRequests.SetArrearage.class,
        AccountResponses.AccountResponse.class,
        OperatorOnly.of(this::setArrearage),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Say whether an account owes money",
                """
                While an account is overdue, it is refused with `Account.Arrearage` whatever would \
                cost more: new groups, also dry runs, and larger ones. What runs goes on, and can \
                be deleted. Another process may take three seconds to notice.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND)
            .example("{\"overdue\": true}\n"));
  }

  @Bean
  Route createAccessKeyRoute() {
    return Route.own(
        "CreateAccessKey",
        "POST",
        KEYS,
        AccountRequests.OfAccount.class,
        AccountResponses.CreateAccessKeyResponse.class,
        OperatorOnly.of(this::createKey),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Create an access key",
                "Makes a key for an account. Its secret is shown here and never again.")
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND, QUOTA_EXCEEDED)
            .example("{}\n"));
  }

  @Bean
  Route listAccessKeysRoute() {
    return Route.own(
        "ListAccessKeys",
        "GET",
        KEYS,
        AccountRequests.OfAccount.class,
        AccountResponses.ListAccessKeysResponse.class,
        OperatorOnly.of(this::listKeys),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List the access keys of an account",
                "All keys of an account, oldest first, without their secrets.")
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route deleteAccessKeyRoute() {
    return Route.own(
        "DeleteAccessKey",
        "DELETE",
        KEYS + "/{accessKeyId}",
        AccountRequests.DeleteAccessKey.class,
        AccountResponses.DeleteAccessKeyResponse.class,
        OperatorOnly.of(this::deleteKey),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Delete an access key",
                """
                The key is refused from now on; another process may still take it for three \
                seconds. A key cannot delete itself.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND, OPERATION_CONFLICT));
  }

  private Route.OwnCall createAccount(Caller caller, OwnFields fields) {
    String name = fields.required("Name");
    if (!name.isEmpty() && !Account.isName(name)) {
      fields.refuse("Name", name, Account.NAME_RULE);
    }
    return () -> {
      once.burn(caller);
      return switch (accounts.create(name)) {
        case AccountCreation.Created created ->
            AccountResponses.CreateAccountResponse.of(created.account());
        case AccountCreation.NameTaken taken ->
            throw new ApiException(
                new Problem(
                    INVALID_PARAMETER_DUPLICATED_NAME,
                    "Name",
                    name,
                    "is the name of account " + taken.holder().id()));
      };
    };
  }

  private Route.OwnCall listAccounts(Caller caller, OwnFields fields) {
    int limit = fields.limit("Limit", ACCOUNTS_BY_DEFAULT, MOST_ACCOUNTS);
    AccountId after = fields.id("NextToken", AccountId::new);
    return () -> {
      PageOfRows<Account> page = PageOfRows.of(accounts.page(after, limit + 1), limit);
      return new AccountResponses.ListAccountsResponse(
          page.map(AccountResponses.AccountResponse::of),
          page.nextToken(account -> account.id().value()));
    };
  }

  private Route.OwnCall setArrearage(Caller caller, OwnFields fields) {
    String id = fields.required(AccountOfPath.FIELD);
    String said = fields.required("Overdue");
    boolean overdue = !said.isEmpty() && fields.flag("Overdue");
    return () -> {
      AccountId account = paths.require(id);
      once.burn(caller);
      return AccountResponses.AccountResponse.of(
          keys.setOverdue(account, overdue).orElseThrow(() -> AccountOfPath.unknown(id)));
    };
  }

  private Route.OwnCall createKey(Caller caller, OwnFields fields) {
    String id = fields.required(AccountOfPath.FIELD);
    return () -> {
      AccountId account = paths.require(id);
      once.burn(caller);
      return keys.createAnother(account)
          .map(key -> AccountResponses.CreateAccessKeyResponse.of(account, key))
          .orElseThrow(
              () ->
                  new ApiException(
                      QUOTA_EXCEEDED,
                      "An account has at most %d access keys; delete one first."
                          .formatted(AccessKeys.MOST_OF_AN_ACCOUNT)));
    };
  }

  private Route.OwnCall listKeys(Caller caller, OwnFields fields) {
    String id = fields.required(AccountOfPath.FIELD);
    return () ->
        new AccountResponses.ListAccessKeysResponse(
            keys.of(paths.require(id)).stream()
                .map(AccountResponses.AccessKeyResponse::of)
                .toList());
  }

  private Route.OwnCall deleteKey(Caller caller, OwnFields fields) {
    String id = fields.required(AccountOfPath.FIELD);
    String asked = fields.required("AccessKeyId");
    return () -> {
      AccountId account = paths.require(id);
      if (asked.equals(caller.key().value())) {
        throw new ApiException(
            OPERATION_CONFLICT, "A key cannot delete itself: use another key of the operator.");
      }
      once.burn(caller);
      if (!removed(account, asked)) {
        throw new ApiException(
            new Problem(
                INVALID_PARAMETER_NOT_FOUND, "AccessKeyId", asked, "names no key of this account"));
      }
      return new AccountResponses.DeleteAccessKeyResponse();
    };
  }

  private boolean removed(AccountId account, String key) {
    try {
      return keys.remove(account, new AccessKeyId(key));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
