package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.docker.web.Busy;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What answers of web servers mean, in words.
 *
 * @param what is asked for, without anything secret
 */
record HttpWords(String what) {

  private static final int LARGEST_REASON = 16 * 1024;
  private static final int MOST_SHOWN = 200;

  /** How the S3 protocol tells of errors. */
  private static final Pattern XML_ERROR =
      Pattern.compile(
          "<Error>.*?<Code>([^<]{1,100})</Code>(?:\\s*<Message>([^<]{0,1000})</Message>)?",
          Pattern.DOTALL);

  /** An address without its query, which may hold a signature. */
  static HttpWords of(URI address) {
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    return new HttpWords(address.getScheme() + "://" + address.getHost() + port + path);
  }

  String failed() {
    return what + " cannot be read";
  }

  /**
   * An answer that is not what was asked for.
   *
   * @return why it is of no use to ask again
   * @throws Busy if it is worth another try
   */
  DataNotFetchedException refused(Answer answer) throws IOException {
    String reason = reason(answer);
    int status = answer.status();
    if (Busy.is(answer)) {
      throw new Busy("the server answered " + status + reason, answer);
    }
    String word =
        switch (status) {
          case 401 -> "401 unauthorized";
          case 403 -> "403 forbidden";
          case 404 -> "404 not found";
          default -> String.valueOf(status);
        };
    return new DataNotFetchedException(
        Reason.REFUSED, failed() + ": the server answered " + word + reason);
  }

  /** The server's own words where it has a form for them. */
  private static String reason(Answer answer) throws IOException {
    String body = new String(answer.body().readNBytes(LARGEST_REASON), StandardCharsets.UTF_8);
    Matcher error = XML_ERROR.matcher(body);
    if (!error.find()) {
      return "";
    }
    String message = error.group(2) == null ? "" : ": " + error.group(2);
    String all = (error.group(1) + message).replaceAll("\\p{Cntrl}", " ");
    return " (" + (all.length() > MOST_SHOWN ? all.substring(0, MOST_SHOWN) + "..." : all) + ")";
  }
}
