package io.podyard.controlplane.door.rest;

import io.podyard.api.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which errors an operation can answer, by HTTP status. */
final class DocumentedErrors {

  private static final Set<ErrorCode> OF_ALL =
      EnumSet.of(
          ErrorCode.INVALID_PARAMETER,
          ErrorCode.MISSING_PARAMETER,
          ErrorCode.INVALID_TIMESTAMP_FORMAT,
          ErrorCode.INVALID_TIMESTAMP_EXPIRED,
          ErrorCode.SIGNATURE_NONCE_USED,
          ErrorCode.INCOMPLETE_SIGNATURE,
          ErrorCode.INVALID_SIGNATURE_METHOD,
          ErrorCode.INVALID_ACCESS_KEY_ID_NOT_FOUND,
          ErrorCode.INVALID_ACCESS_KEY_ID_INACTIVE,
          ErrorCode.SIGNATURE_DOES_NOT_MATCH,
          ErrorCode.THROTTLING,
          ErrorCode.INTERNAL_ERROR,
          ErrorCode.SERVICE_UNAVAILABLE);

  private static final Set<ErrorCode> OF_BODIES =
      EnumSet.of(ErrorCode.REQUEST_ENTITY_TOO_LARGE, ErrorCode.REQUEST_TIMEOUT);

  private DocumentedErrors() {}

  static Map<Integer, List<ErrorCode>> of(Route route) {
    Set<ErrorCode> codes = EnumSet.copyOf(OF_ALL);
    codes.addAll(route.text().errors());
    if (route.hasBody()) {
      codes.addAll(OF_BODIES);
    }
    Map<Integer, List<ErrorCode>> byStatus = new TreeMap<>();
    for (ErrorCode code : codes) {
      byStatus.computeIfAbsent(RestAnswers.status(code), s -> new ArrayList<>()).add(code);
    }
    return byStatus;
  }
}
