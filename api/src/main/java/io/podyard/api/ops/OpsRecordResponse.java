package io.podyard.api.ops;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One operations task.
 *
 * @param expireTime until when its result can be had or, without one, it is ended at the latest
 * @param opsStatus {@code Ready} (under way), {@code Success}, {@code Closed} (ended by a request
 *     or with its group), {@code Failed} or {@code Expired} (the result is not kept any more)
 * @param resultContent the address that the result can be downloaded from, absent without one
 * @param resultType {@code OSS} with a result: its content is an address
 */
public record OpsRecordResponse(
    @Nullable Instant createTime,
    @Nullable Instant expireTime,
    @Nullable String opsStatus,
    @Nullable String opsType,
    @Nullable String resultContent,
    @Nullable String resultType) {

  /** Without the address, which is a secret. */
  @Override
  public String toString() {
    return "OpsRecordResponse[%s, %s, %s]".formatted(createTime, opsType, opsStatus);
  }
}
