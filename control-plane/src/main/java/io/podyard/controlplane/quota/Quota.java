package io.podyard.controlplane.quota;

import java.math.BigDecimal;

/**
 * One quota of an account in a region.
 *
 * @param used in the kind's unit
 * @param maximum in the kind's unit
 * @param own whether the maximum was set for the account; else it is the installation's
 */
public record Quota(QuotaKind kind, BigDecimal used, long maximum, boolean own) {}
