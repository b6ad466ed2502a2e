package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Downloads one file by HTTP, from where it broke off if the server says that it is still the same
 * file.
 */
final class RangedDownload {

  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  /** Asks for the file. */
  interface Asking {
    Answer ask(Map<String, String> headers)
        throws DataNotFetchedException, IOException, InterruptedException;
  }

  /** Takes the bytes. */
  interface Sink {

    /**
     * @throws OwnTrouble if our own disk is to blame
     */
    void write(byte[] bytes, int length) throws IOException;

    /** Forgets what it took; false if it cannot. */
    boolean restart() throws IOException;
  }

  /** Our own disk is to blame; asking the source again would not help. */
  static final class OwnTrouble extends IOException {

    private static final long serialVersionUID = 1L;

    OwnTrouble(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private final Reading reading;
  private final HttpWords words;
  private final Asking asking;
  private final Sink sink;

  /** Whether what is to come was known before the first answer. */
  private final boolean known;

  private long size;
  private String validator;
  private long have;

  /**
   * @param size if it is known already, else -1
   * @param validator a strong one if it is known already, else empty
   */
  RangedDownload(
      Reading reading, HttpWords words, Asking asking, Sink sink, long size, String validator) {
    this.reading = reading;
    this.words = words;
    this.asking = asking;
    this.sink = sink;
    this.known = size >= 0;
    this.size = size;
    this.validator = validator;
  }

  /**
   * @return the bytes of the file
   */
  long run() throws DataNotFetchedException, IOException, InterruptedException {
    int failures = 0;
    while (true) {
      reading.check();
      long before = have;
      try {
        attempt();
        return have;
      } catch (OwnTrouble e) {
        throw e;
      } catch (IOException e) {
        failures = have > before ? 1 : failures + 1;
        reading.pauseAfter(failures, words.failed(), e);
      }
    }
  }

  private void attempt() throws DataNotFetchedException, IOException, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>();
    // Sizes and ranges are of the file itself, not of what it is packed into on the way.
    headers.put("Accept-Encoding", "identity");
    if (have > 0 && validator.isEmpty() && !known) {
      restart();
    }
    if (have > 0) {
      headers.put("Range", "bytes=" + have + "-");
      if (!known) {
        headers.put("If-Range", validator);
      }
    }
    try (Answer answer = asking.ask(headers)) {
      switch (answer.status()) {
        case 200 -> whole(answer);
        case 206 -> checkRange(answer);
        case 412 -> throw changed();
        case 416 -> {
          restart();
          throw new IOException("the server does not know the range asked for");
        }
        default -> throw words.refused(answer);
      }
      copy(answer);
    }
    if (size >= 0 && have < size) {
      throw new IOException("the server hung up after %d of %d bytes".formatted(have, size));
    }
  }

  private void whole(Answer answer)
      throws DataNotFetchedException, IOException, InterruptedException {
    if (have > 0) {
      restart();
    }
    long length = length(answer);
    if (!known) {
      size = length;
      validator = HttpWords.validator(answer);
      if (size >= 0) {
        reading.expect(size);
      }
    } else if (length >= 0 && length != size) {
      throw changed();
    }
  }

  private static long length(Answer answer) {
    try {
      return Long.parseLong(answer.first("Content-Length"));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void checkRange(Answer answer)
      throws DataNotFetchedException, IOException, InterruptedException {
    Matcher range = CONTENT_RANGE.matcher(answer.first("Content-Range"));
    boolean fits =
        range.matches()
            && range.group(1).equals(Long.toString(have))
            && (size < 0
                || range.group(2).equals("*")
                || range.group(2).equals(Long.toString(size)));
    String now = HttpWords.validator(answer);
    if (!fits || (!now.isEmpty() && !validator.isEmpty() && !now.equals(validator))) {
      restart();
      throw new IOException("the server sent another part than asked for");
    }
  }

  private void copy(Answer answer)
      throws DataNotFetchedException, IOException, InterruptedException {
    byte[] buffer = new byte[1 << 16];
    for (int n = answer.body().read(buffer); n >= 0; n = answer.body().read(buffer)) {
      if (size >= 0 && have + n > size) {
        throw changed();
      }
      reading.add(n);
      sink.write(buffer, n);
      have += n;
    }
  }

  private void restart() throws DataNotFetchedException, IOException, InterruptedException {
    if (!sink.restart()) {
      throw changed();
    }
    reading.add(-have);
    have = 0;
  }

  private DataNotFetchedException changed() {
    return new DataNotFetchedException(
        Reason.UNAVAILABLE, words.what() + " changed while it was read", null, 0);
  }
}
