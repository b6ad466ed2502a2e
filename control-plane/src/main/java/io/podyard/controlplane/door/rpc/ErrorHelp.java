package io.podyard.controlplane.door.rpc;

import io.podyard.api.ErrorCode;
import io.podyard.api.ErrorKind;
import io.podyard.controlplane.door.ErrorStatus;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.HttpRequestHandler;

/** The page that errors recommend: what a code means and who can do something about it. */
final class ErrorHelp implements HttpRequestHandler {

  private static final Pattern REQUEST_ID = Pattern.compile("[0-9A-F-]{36}");

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<ErrorCode> code =
        Optional.ofNullable(request.getParameter("q")).flatMap(ErrorCode::named);
    byte[] page = page(code, request.getParameter("requestId")).getBytes(StandardCharsets.UTF_8);
    response.setStatus(code.isPresent() ? 200 : 404);
    response.setContentType("text/plain;charset=UTF-8");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setContentLength(page.length);
    response.getOutputStream().write(page);
  }

  static String page(Optional<ErrorCode> code, @Nullable String requestId) {
    if (code.isEmpty()) {
      return Arrays.stream(ErrorCode.values())
          .sorted(Comparator.comparing(ErrorCode::code))
          .map(known -> "%s (%s)".formatted(known.code(), ErrorStatus.words(known)))
          .collect(Collectors.joining("\n", "No such error code. There are:\n", "\n"));
    }
    String text =
        """
        %s (%s)

        %s
        %s
        """
            .formatted(
                code.get().code(),
                ErrorStatus.words(code.get()),
                advice(code.get().kind()),
                code.get().retryable()
                    ? "The same request may succeed later, with a new nonce and the same"
                        + " ClientToken."
                    : "The same request will not succeed unchanged.");
    return requestId != null && REQUEST_ID.matcher(requestId).matches()
        ? text + "\nThe server's log has this request under " + requestId + ".\n"
        : text;
  }

  private static String advice(ErrorKind kind) {
    return switch (kind) {
      case CALLER -> "Something in the request is wrong; the message of the answer says what.";
      case CAPACITY -> "There is not enough of something right now, or here.";
      case CONFLICT -> "The request does not fit the present state; look at it again.";
      case INTERNAL -> "The server could not do its work; whoever runs it should look.";
    };
  }
}
