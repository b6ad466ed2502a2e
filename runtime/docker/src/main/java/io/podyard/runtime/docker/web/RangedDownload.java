package io.podyard.runtime.docker.web;

import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Downloads one file by HTTP, from where it broke off if the server says that it is still the same
 * file. A server that sends something each time is asked as often as that takes.
 *
 * @param <E> how a download fails for good
 */
public final class RangedDownload<E extends Exception> {

  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d*(?:/(\\d+|\\*))?");

  /** Who has the file, and how long it is asked. */
  public interface Source<E extends Exception> {

    Answer ask(Map<String, String> headers) throws E, IOException, InterruptedException;

    /**
     * @throws E if there is no time left, or nobody wants the file any more
     */
    void check() throws E, InterruptedException;

    /**
     * Waits before the next attempt.
     *
     * @param failures in a row, 1 or more
     * @throws E if there is to be none
     */
    void pauseAfter(int failures, IOException trouble) throws E, InterruptedException;

    /**
     * What an answer means that is not the file.
     *
     * @throws IOException if it is worth another try
     */
    E refused(Answer answer) throws IOException;

    /** Whether the bytes are compared in the end; then they decide, whatever is said of them. */
    default boolean knowsDigest() {
      return false;
    }

    /** The server has something else than it had, or than it should have. */
    E changed();
  }

  /** Takes the bytes. */
  public interface Sink<E extends Exception> {

    /**
     * The file has so many bytes in all.
     *
     * @throws E if that is too much
     */
    void expect(long bytes) throws E;

    /**
     * @throws OwnTrouble if our own disk is to blame
     */
    void write(byte[] bytes, int length) throws E, IOException, InterruptedException;

    /**
     * Forgets what it took; false if it cannot.
     *
     * @param taken how much that is
     */
    boolean restart(long taken) throws E, IOException, InterruptedException;
  }

  /** Our own disk is to blame; asking the server again would not help. */
  public static final class OwnTrouble extends IOException {

    private static final long serialVersionUID = 1L;

    public OwnTrouble(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private final Source<E> source;
  private final Sink<E> sink;

  /** Whether what is to come was known before the first answer. */
  private final boolean known;

  private long size;
  private String validator;
  private long have;

  /**
   * @param size if it is known already, else -1
   * @param validator a strong one if it is known already, else empty
   * @param have what the sink took from an earlier download, where the size is known
   */
  public RangedDownload(Source<E> source, Sink<E> sink, long size, String validator, long have) {
    this.source = source;
    this.sink = sink;
    this.known = size >= 0;
    this.size = size;
    this.validator = validator;
    this.have = have;
  }

  /**
   * @return the bytes of the file
   */
  public long run() throws E, IOException, InterruptedException {
    int failures = 0;
    while (true) {
      source.check();
      long before = have;
      try {
        attempt();
        return have;
      } catch (OwnTrouble e) {
        throw e;
      } catch (IOException e) {
        if (have > before && have == size) {
          return have; // it broke off after the last byte
        }
        failures = have > before ? 1 : failures + 1;
        source.pauseAfter(failures, e);
      }
    }
  }

  private void attempt() throws E, IOException, InterruptedException {
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
    try (Answer answer = source.ask(headers)) {
      switch (answer.status()) {
        case 200 -> whole(answer);
        case 206 -> checkRange(answer);
        case 412 -> throw source.changed();
        case 416 -> {
          restart();
          throw new IOException("the server does not know the range asked for");
        }
        default -> throw source.refused(answer);
      }
      copy(answer);
    }
    if (size >= 0 && have < size) {
      throw new IOException("the server hung up after %d of %d bytes".formatted(have, size));
    }
  }

  private void whole(Answer answer) throws E, IOException, InterruptedException {
    if (have > 0) {
      restart();
    }
    long length = length(answer);
    if (!known) {
      size = length;
      validator = validator(answer);
      if (size >= 0) {
        sink.expect(size);
      }
    } else if (!source.knowsDigest() && length >= 0 && length != size) {
      throw source.changed();
    }
  }

  private static long length(Answer answer) {
    try {
      return Long.parseLong(answer.first("Content-Length"));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** What names this state of a file for sure, for going on with it later; empty for nothing. */
  public static String validator(Answer answer) {
    String tag = answer.first("ETag");
    return !tag.isEmpty() && !tag.startsWith("W/") ? tag : answer.first("Last-Modified");
  }

  private void checkRange(Answer answer) throws E, IOException, InterruptedException {
    Matcher range = CONTENT_RANGE.matcher(answer.first("Content-Range"));
    boolean fits =
        range.matches()
            && range.group(1).equals(Long.toString(have))
            && (size < 0
                || range.group(2) == null
                || range.group(2).equals("*")
                || range.group(2).equals(Long.toString(size)));
    String now = validator(answer);
    if (!fits || (!now.isEmpty() && !validator.isEmpty() && !now.equals(validator))) {
      restart();
      throw new IOException("the server sent another part than asked for");
    }
  }

  private void copy(Answer answer) throws E, IOException, InterruptedException {
    byte[] buffer = new byte[1 << 16];
    for (int n = answer.body().read(buffer); n >= 0; n = answer.body().read(buffer)) {
      if (size >= 0 && have + n > size) {
        throw source.changed();
      }
      sink.write(buffer, n);
      have += n;
    }
  }

  private void restart() throws E, IOException, InterruptedException {
    if (!sink.restart(have)) {
      throw source.changed();
    }
    have = 0;
  }
}
