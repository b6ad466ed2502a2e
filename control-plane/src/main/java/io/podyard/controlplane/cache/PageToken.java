package io.podyard.controlplane.cache;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The token of the page that follows a cache.
 *
 * @param kind told apart from tokens of other lists by this
 */
public record PageToken(String kind, Predicate<String> isId) {

  public String after(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((kind + last).getBytes(StandardCharsets.UTF_8));
  }

  /** The id that a page begins after; null for the first page. */
  public @Nullable String read(@Nullable String token, Consumer<Problem> problems) {
    if (token == null || token.isEmpty()) {
      return null;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith(kind) && isId.test(text.substring(kind.length()))) {
        return text.substring(kind.length());
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    problems.accept(
        new Problem(
            ErrorCode.INVALID_PARAMETER,
            "NextToken",
            token,
            "is not a token of an earlier answer; leave it out for the first page"));
    return null;
  }
}
