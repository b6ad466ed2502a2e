package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
import io.podyard.api.wire.WireName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a pod; the wire starts some of its keys with a small letter (contract section
 * 2.2).
 */
public record PodConditionResponse(
    @Answered @Nullable String message,
    @Answered @Nullable String reason,
    @WireName("lastTransitionTime") @Nullable Instant lastTransitionTime,
    @Answered @WireName("status") @Nullable String status,
    @Answered @WireName("type") @Nullable String type) {}
