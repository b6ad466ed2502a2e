package io.podyard.controlplane.quota;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.model.RegionId;
import java.math.BigDecimal;

/**
 * Why something cannot be had: there would be more of it than the account may have.
 *
 * @param used when it was asked for
 * @param asked how much more
 */
public record BeyondQuota(
    QuotaKind kind, RegionId region, BigDecimal used, BigDecimal asked, long maximum) {

  /** What the caller is told: the quota, what is used, what was asked for and the maximum. */
  public ApiException refusal() {
    return new ApiException(
        ErrorCode.QUOTA_EXCEEDED,
        "The quota %s of this account in %s is %d %s; %s are used and %s more were asked for."
            .formatted(
                kind.maximumName(),
                region,
                maximum,
                kind.unit(),
                used.stripTrailingZeros().toPlainString(),
                asked.stripTrailingZeros().toPlainString()));
  }
}
