package io.podyard.api.datacache;

import io.podyard.api.wire.WireName;
import org.jspecify.annotations.Nullable;

/** A public address to make; refused: hosts reach sources by their own network. */
public record EipCreateParamRequest(
    @Nullable Integer bandwidth,
    @Nullable String commonBandwidthPackage,
    @WireName("ISP") @Nullable String isp,
    @Nullable String internetChargeType,
    @Nullable String publicIpAddressPoolId) {}
