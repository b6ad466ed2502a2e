package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.ApiException;
import java.util.regex.Pattern;

/** Says how requests are refused. */
final class Refusals {

  /** In a change, {@code {65}} stands for a text of 65 characters. */
  private static final Pattern LONG = Pattern.compile("\\{(\\d+)}");

  private Refusals() {}

  static ApiException refusal(String changes) {
    String spelledOut =
        LONG.matcher(changes).replaceAll(found -> "a".repeat(Integer.parseInt(found.group(1))));
    return CreateRequests.refusal(spelledOut.split(";"));
  }

  static void assertSingleProblem(String changes, String code, String parameter) {
    ApiException refused = refusal(changes);
    assertThat(refused.problems())
        .as(refused.getMessage())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.parameter()).isEqualTo(parameter);
              assertThat(problem.code().code()).isEqualTo(code);
            });
  }
}
