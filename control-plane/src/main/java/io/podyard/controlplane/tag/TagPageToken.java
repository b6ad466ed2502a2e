package io.podyard.controlplane.tag;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a page of tags ends, as it travels in NextToken. */
final class TagPageToken {

  private static final String PREFIX = "tag-after:";

  private TagPageToken() {}

  static String of(TagRow last) {
    // An id holds no colon, a key may.
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(
            (PREFIX + last.resource() + ":" + last.key()).getBytes(StandardCharsets.UTF_8));
  }

  /** The row it stands for, null for the first page. */
  static @Nullable TagRow read(@Nullable String token, Consumer<Problem> problems) {
    if (token == null || token.isEmpty()) {
      return null;
    }
    TagRow row = parsed(token);
    if (row == null) {
      problems.accept(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "NextToken",
              token,
              "is not a token of an earlier answer; leave it out for the first page"));
    }
    return row;
  }

  private static @Nullable TagRow parsed(String token) {
    String text;
    try {
      text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
    int colon = text.indexOf(':', PREFIX.length());
    // A made-up token must not carry what no text column takes.
    if (!text.startsWith(PREFIX) || colon < 0 || text.indexOf('\0') >= 0) {
      return null;
    }
    return new TagRow(text.substring(PREFIX.length(), colon), text.substring(colon + 1), "");
  }
}
