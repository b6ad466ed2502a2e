package io.podyard.controlplane.account;

import io.podyard.model.AccessKeyId;
import java.time.Instant;

/** An access key as it may be shown: without its secret. */
public record KnownKey(AccessKeyId id, KeyStatus status, Instant createdAt) {}
