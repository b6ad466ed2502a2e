package io.podyard.controlplane.door.rest;

import static io.podyard.api.ErrorCode.INVALID_PARAMETER_NOT_FOUND;

import io.podyard.api.ApiException;
import io.podyard.api.Problem;
import io.podyard.controlplane.inventory.HostListing;
import io.podyard.model.HostId;
import org.jspecify.annotations.Nullable;

/** What requests about one host have in common. */
final class HostAnswers {

  /** The path of one host. */
  static final String ONE = "/hosts/{hostId}";

  static final String HOST_ID = "HostId";

  private static final int LONGEST_REASON = 256;

  private final HostListing hosts;

  HostAnswers(HostListing hosts) {
    this.hosts = hosts;
  }

  /** The host as it is now. */
  HostsResponse.Host of(String id) {
    return hosts.find(require(id)).map(HostsResponse.Host::of).orElseThrow(() -> unknown(id));
  }

  static HostId require(@Nullable String id) {
    try {
      return new HostId(String.valueOf(id));
    } catch (IllegalArgumentException e) {
      throw unknown(id);
    }
  }

  static ApiException unknown(@Nullable String id) {
    return new ApiException(new Problem(INVALID_PARAMETER_NOT_FOUND, HOST_ID, id, "names no host"));
  }

  /** Why something is done to a host, null if nobody says. */
  static @Nullable String reason(OwnFields fields) {
    String reason = fields.text("Reason");
    if (reason != null && reason.length() > LONGEST_REASON) {
      fields.refuse("Reason", reason, "must have at most %d characters".formatted(LONGEST_REASON));
    }
    return reason;
  }
}
