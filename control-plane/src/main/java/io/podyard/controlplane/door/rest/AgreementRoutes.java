package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER;
import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;
import static io.podyard.api.ErrorCode.NO_PERMISSION;

import io.podyard.api.ApiException;
import io.podyard.billing.AgreementChange;
import io.podyard.billing.Agreements;
import io.podyard.billing.AgreementsFile;
import io.podyard.billing.InvalidAgreementsException;
import io.podyard.controlplane.account.Author;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.agreement.AgreementsOfAccounts;
import io.podyard.model.AccountId;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Agreements: an account's own to read, any account's for the operator to read and to put. */
@Configuration(proxyBeanMethods = false)
class AgreementRoutes {

  private static final String OF_ACCOUNT = "/accounts/{accountId}/agreements";
  private static final String EXAMPLE =
      """
      {
        "format": "podyard-agreements/1",
        "discounts": [
          {"id": "ten", "items": "*", "share": "0.9", "from": "2027-01-01T00:00:00Z"}
        ]
      }
      """;
  private static final int CHANGES_BY_DEFAULT = 20;
  private static final int MOST_CHANGES = 100;

  private final AgreementsOfAccounts agreements;
  private final AccountOfPath accounts;
  private final SignedOnce once;

  AgreementRoutes(AgreementsOfAccounts agreements, AccountOfPath accounts, SignedOnce once) {
    this.agreements = agreements;
    this.accounts = accounts;
    this.once = once;
  }

  @Bean
  Route listAgreementsRoute() {
    return Route.own(
        "ListAgreements",
        "GET",
        "/agreements",
        AgreementShapes.OwnAgreements.class,
        AgreementShapes.AgreementsResponse.class,
        (caller, fields) ->
            () -> AgreementShapes.AgreementsResponse.of(agreements.of(caller.account())),
        RouteText.of(
            RouteText.USAGE,
            "List your agreements",
            """
            What you pay otherwise than the price book says: discounts, reserved instances and \
            savings plans, also those that are over or still to come.\
            """));
  }

  @Bean
  Route listAccountAgreementsRoute() {
    return Route.own(
        "ListAccountAgreements",
        "GET",
        OF_ACCOUNT,
        AgreementShapes.OfAccount.class,
        AgreementShapes.AgreementsResponse.class,
        OperatorOnly.of(
            (caller, fields) -> {
              String id = fields.required(AccountOfPath.FIELD);
              return () ->
                  AgreementShapes.AgreementsResponse.of(agreements.of(accounts.require(id)));
            }),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Export the agreements of an account",
                "All of them as a file that can be edited and put back, also those that are over.")
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND));
  }

  @Bean
  Route putAccountAgreementsRoute() {
    return Route.own(
        "PutAccountAgreements",
        "PUT",
        OF_ACCOUNT,
        AgreementShapes.PutAgreementsRequest.class,
        AgreementShapes.PutAgreementsResponse.class,
        OperatorOnly.of(this::put),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "Put the agreements of an account",
                """
                The file holds all of them. Hours that have begun are paid for as they were agreed: \
                what begins, begins with the next hour or later, and what has begun stays in the \
                file as it is, but for an end with the next hour or later. A savings plan that has \
                begun lasts its years. All of the file is taken, or nothing.\
                """)
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND)
            .example(EXAMPLE));
  }

  @Bean
  Route listAgreementChangesRoute() {
    return Route.own(
        "ListAgreementChanges",
        "GET",
        "/accounts/{accountId}/agreement-changes",
        AgreementShapes.ListAgreementChangesRequest.class,
        AgreementShapes.ListAgreementChangesResponse.class,
        OperatorOnly.of(this::listChanges),
        RouteText.of(
                RouteText.ADMINISTRATION,
                "List changes of the agreements of an account",
                "Who changed them, when, by which request, and what that changed, newest first.")
            .errors(NO_PERMISSION, INVALID_PARAMETER_NOT_FOUND));
  }

  private Route.OwnCall put(Caller caller, OwnFields fields) {
    String id = fields.required(AccountOfPath.FIELD);
    boolean dryRun = fields.flag("DryRun");
    EditedFile file =
        EditedFile.read(
            AgreementShapes.PutAgreementsRequest.class,
            fields,
            Set.of("accountId", "dryRun", "requestId"));
    Agreements next = read(file, fields);
    return () -> {
      AccountId account = accounts.require(id);
      once.burn(caller);
      try {
        AgreementChange change = agreements.put(account, next, dryRun, Author.of(caller));
        return new AgreementShapes.PutAgreementsResponse(
            dryRun,
            AgreementShapes.AgreementsResponse.of(change.gone()),
            AgreementShapes.AgreementsResponse.of(change.added()));
      } catch (InvalidAgreementsException e) {
        throw new ApiException(INVALID_PARAMETER, String.join("; ", e.problems()));
      }
    };
  }

  /** None after its problems are noted. */
  private static Agreements read(EditedFile file, OwnFields fields) {
    try {
      return AgreementsFile.parse(file.text());
    } catch (InvalidAgreementsException e) {
      file.problems(e.problems(), "Discounts").forEach(fields::add);
      return Agreements.NONE;
    }
  }

  private Route.OwnCall listChanges(Caller caller, OwnFields fields) {
    String id = fields.required(AccountOfPath.FIELD);
    int limit = fields.limit("Limit", CHANGES_BY_DEFAULT, MOST_CHANGES);
    Long before = fields.id("NextToken", Long::valueOf);
    return () -> {
      PageOfRows<AgreementsOfAccounts.Entry> page =
          PageOfRows.of(agreements.changes(accounts.require(id), before, limit + 1), limit);
      return new AgreementShapes.ListAgreementChangesResponse(
          page.map(AgreementShapes.AgreementChangeResponse::of),
          page.nextToken(entry -> String.valueOf(entry.id())));
    };
  }
}
