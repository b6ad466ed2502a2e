package io.podyard.controlplane.door.rest;

import io.podyard.api.EciJson;
import io.podyard.api.wire.Required;
import io.podyard.billing.Agreement;
import io.podyard.billing.Agreements;
import io.podyard.billing.AgreementsFile;
import io.podyard.controlplane.agreement.AgreementsOfAccounts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about agreements. */
final class AgreementShapes {

  private AgreementShapes() {}

  record OwnAgreements() {}

  record OfAccount(@Nullable String accountId) {}

  /** The agreements of one account, as a file holds them. */
  record AgreementsResponse(
      String format,
      List<AccountDiscountResponse> discounts,
      List<ReservedInstancesResponse> reservedInstances,
      List<SavingsPlanResponse> savingsPlans) {

    static AgreementsResponse of(Agreements agreements) {
      return read(AgreementsFile.write(agreements));
    }

    static AgreementsResponse of(List<Agreement> agreements) {
      return of(Agreements.of(agreements));
    }

    private static AgreementsResponse read(String file) {
      return EciJson.rest().readValue(file, AgreementsResponse.class);
    }
  }

  /** A discount, as a file holds it. */
  record AccountDiscountResponse(
      String id, String items, String share, Instant from, @Nullable Instant to) {}

  /** Reserved instances, as a file holds them. */
  record ReservedInstancesResponse(
      String id,
      String instanceType,
      String region,
      @Nullable String zone,
      String count,
      String currency,
      String perSecond,
      Instant from,
      @Nullable Instant to) {}

  /** A savings plan, as a file holds it. */
  record SavingsPlanResponse(
      String id,
      String currency,
      String perHour,
      String years,
      List<SavingsPlanRateResponse> rates,
      Instant from) {}

  /** A rate of a savings plan. */
  record SavingsPlanRateResponse(String items, String share) {}

  /**
   * All agreements of an account, as a file or an answer holds them.
   *
   * @param requestId so that an answer can be sent back as it is; means nothing
   */
  record PutAgreementsRequest(
      @Nullable String about,
      @Nullable String accountId,
      List<GivenDiscount> discounts,
      @Nullable Boolean dryRun,
      @Required @Nullable String format,
      @Nullable String requestId,
      List<GivenReservedInstances> reservedInstances,
      List<GivenSavingsPlan> savingsPlans) {}

  /** A discount of the file. */
  record GivenDiscount(
      @Required @Nullable String id,
      @Required @Nullable String items,
      @Required @Nullable String share,
      @Required @Nullable Instant from,
      @Nullable Instant to) {}

  /** Reserved instances of the file. */
  record GivenReservedInstances(
      @Required @Nullable String id,
      @Required @Nullable String instanceType,
      @Required @Nullable String region,
      @Nullable String zone,
      @Required @Nullable String count,
      @Required @Nullable String currency,
      @Required @Nullable String perSecond,
      @Required @Nullable Instant from,
      @Nullable Instant to) {}

  /** A savings plan of the file. */
  record GivenSavingsPlan(
      @Required @Nullable String id,
      @Required @Nullable String currency,
      @Required @Nullable String perHour,
      @Required @Nullable String years,
      @Required List<GivenRate> rates,
      @Required @Nullable Instant from) {}

  /** A rate of a savings plan of the file. */
  record GivenRate(@Required @Nullable String items, @Required @Nullable String share) {}

  /** What changed, or would change. */
  record PutAgreementsResponse(boolean dryRun, AgreementsResponse gone, AgreementsResponse added) {}

  record ListAgreementChangesRequest(
      @Nullable String accountId, @Nullable Integer limit, @Nullable String nextToken) {}

  /** A page of changes. */
  record ListAgreementChangesResponse(
      List<AgreementChangeResponse> agreementChanges, @Nullable String nextToken) {}

  /** One change of the agreements of an account. */
  record AgreementChangeResponse(
      String agreementChangeId,
      Instant changeTime,
      String accountId,
      String accessKeyId,
      String changeRequestId,
      AgreementsResponse gone,
      AgreementsResponse added) {

    static AgreementChangeResponse of(AgreementsOfAccounts.Entry entry) {
      return new AgreementChangeResponse(
          String.valueOf(entry.id()),
          entry.at(),
          entry.by().account().value(),
          entry.by().key().value(),
          entry.by().requestId(),
          AgreementsResponse.read(entry.gone()),
          AgreementsResponse.read(entry.added()));
    }
  }
}
