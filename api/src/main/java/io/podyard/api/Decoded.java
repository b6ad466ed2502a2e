package io.podyard.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the codec made of a set of parameters.
 *
 * @param value the request; null if there is any problem
 * @param problems everything wrong, in the order of the contract's fields; empty if nothing is
 * @param draft the request without the parts that could not be read, for checks that want to add
 *     their problems to these (see {@link RpcCodec#ordered}); never a request to act on
 */
public record Decoded<R>(@Nullable R value, List<Problem> problems, R draft) {

  public Decoded {
    problems = List.copyOf(problems);
  }

  /**
   * The request.
   *
   * @throws ApiException listing the problems, if there are any
   */
  public R orThrow() {
    if (value == null) {
      throw new ApiException(problems);
    }
    return value;
  }
}
