package io.podyard.api.price;

import org.jspecify.annotations.Nullable;

/** The answer to DescribeContainerGroupPrice. */
public record DescribeContainerGroupPriceResponse(
    @Nullable PriceInfoResponse priceInfo, @Nullable String requestId) {}
