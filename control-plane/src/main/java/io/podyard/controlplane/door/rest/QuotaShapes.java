package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.quota.Quota;
import io.podyard.model.AccountId;
import io.podyard.model.RegionId;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about quotas. */
final class QuotaShapes {

  private QuotaShapes() {}

  record QuotasRequest(@Nullable String regionId) {}

  record AccountQuotasRequest(@Nullable String accountId, @Nullable String regionId) {}

  /** Maxima of an account's own; those left out become the installation's. */
  record SetAccountQuotasRequest(
      @Nullable String accountId,
      @Nullable String regionId,
      @Nullable Long maxCpu,
      @Nullable Long maxContainerGroup,
      @Nullable Long maxImageCacheCount,
      @Nullable Long maxAutoImageCacheCount,
      @Nullable Long maxDataCacheCount) {}

  /** The quotas of an account in a region. */
  record QuotasResponse(String accountId, String regionId, List<QuotaResponse> quotas) {

    static QuotasResponse of(AccountId account, RegionId region, List<Quota> quotas) {
      return new QuotasResponse(
          account.value(), region.value(), quotas.stream().map(QuotaResponse::of).toList());
    }
  }

  /** One quota. */
  record QuotaResponse(String quota, BigDecimal used, long maximum, boolean own) {

    static QuotaResponse of(Quota quota) {
      return new QuotaResponse(
          quota.kind().maximumName(), quota.used(), quota.maximum(), quota.own());
    }
  }
}
