package io.podyard.api.containergroup;

import io.podyard.api.wire.Answered;
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
    @Answered @Nullable Integer count,
    @Answered @Nullable Instant firstTimestamp,
    @Answered @Nullable Instant lastTimestamp,
    @Answered @Nullable String message,
    @Answered @Nullable Metadata metadata,
    @Answered @Nullable String reason,
    @Answered @Nullable String reportingComponent,
    @Nullable String reportingInstance,
    @Answered @Nullable Source source,
    @Answered @Nullable String type,
    @Answered @WireName("involvedObject") @Nullable InvolvedObject involvedObject) {

  /** What it is about; the wire starts this key with a small letter. */
  public record InvolvedObject(
      @Answered @Nullable String apiVersion,
      @Answered @Nullable String kind,
      @Answered @Nullable String name,
      @Answered @Nullable String namespace,
      @Answered @Nullable String uid) {}

  /** The name of the event. */
  public record Metadata(@Answered @Nullable String name, @Answered @Nullable String namespace) {}

  /** Who reported it. */
  public record Source(@Answered @Nullable String component, @Nullable String host) {}
}
