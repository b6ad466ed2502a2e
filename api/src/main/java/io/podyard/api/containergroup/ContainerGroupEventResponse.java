package io.podyard.api.containergroup;

import io.podyard.api.wire.WireName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a group, as DescribeContainerGroupEvents shows it.
 *
 * @param count how often it happened
 * @param type {@code Normal} or {@code Warning}
 */
public record ContainerGroupEventResponse(
    @Nullable Integer count,
    @Nullable Instant firstTimestamp,
    @Nullable Instant lastTimestamp,
    @Nullable String message,
    @Nullable Metadata metadata,
    @Nullable String reason,
    @Nullable String reportingComponent,
    @Nullable String reportingInstance,
    @Nullable Source source,
    @Nullable String type,
    @WireName("involvedObject") @Nullable InvolvedObject involvedObject) {

  /** What it is about; the wire starts this key with a small letter. */
  public record InvolvedObject(
      @Nullable String apiVersion,
      @Nullable String kind,
      @Nullable String name,
      @Nullable String namespace,
      @Nullable String uid) {}

  /** The name of the event. */
  public record Metadata(@Nullable String name, @Nullable String namespace) {}

  /** Who reported it. */
  public record Source(@Nullable String component, @Nullable String host) {}
}
