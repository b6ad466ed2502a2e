package io.podyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ErrorCodeTest {

  /** Not in the contract's list: a body too large never reaches an action there. */
  private static final Set<ErrorCode> OURS = Set.of(ErrorCode.REQUEST_ENTITY_TOO_LARGE);

  @ParameterizedTest
  @EnumSource
  void theStatusIsOneTheContractGivesTheCode(ErrorCode code) {
    Map<String, Set<Integer>> known = new HashMap<>();
    for (JsonNode entry : Contract.errorCodes()) {
      known
          .computeIfAbsent(entry.get("code").asString(), name -> new HashSet<>())
          .add(entry.get("httpStatus").asInt());
    }
    if (OURS.contains(code)) {
      assertThat(known).doesNotContainKey(code.code());
    } else {
      assertThat(known.get(code.code())).as(code.code()).isNotNull().contains(code.httpStatus());
    }
  }

  @ParameterizedTest
  @EnumSource
  void kindAndStatusAgree(ErrorCode code) {
    boolean ourFault = code.kind() == ErrorKind.INTERNAL;
    assertThat(code.httpStatus() >= 500 || code.httpStatus() == 408).isEqualTo(ourFault);
    if (code.kind() == ErrorKind.CALLER) {
      assertThat(code.retryable()).isFalse();
    }
  }

  @Test
  void codesAreFoundByTheirWireName() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(ErrorCode.named(code.code())).contains(code);
    }
    assertThat(ErrorCode.named("invalidparameter")).isEmpty();
  }
}
