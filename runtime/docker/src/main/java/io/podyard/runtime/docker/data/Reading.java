package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.docker.http.Trouble;
import io.podyard.runtime.docker.web.BackOff;
import io.podyard.runtime.docker.web.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One reading of one source: how long and how much it may still be, and how far it is. */
final class Reading {

  private static final long TOLD_EVERY_NANOS = 200_000_000;

  private final DataSettings settings;
  private final long mostBytes;
  private final ReadProgress progress;
  private final Pause pause;
  private final BackOff backOff;
  private final long endNanos;
  private long toldNanos;
  private long bytes;
  private long total;
  private int entries;

  /**
   * @param mostBytes of all files
   */
  Reading(
      DataSettings settings, long mostBytes, ReadProgress progress, Pause pause, BackOff backOff) {
    this.settings = settings;
    this.mostBytes = mostBytes;
    this.progress = progress;
    this.pause = pause;
    this.backOff = backOff;
    long now = System.nanoTime();
    this.endNanos = now + settings.total().toNanos();
    this.toldNanos = now - TOLD_EVERY_NANOS;
  }

  DataSettings settings() {
    return settings;
  }

  /** When all of it has to be over, by {@code System.nanoTime()}. */
  long endNanos() {
    return endNanos;
  }

  /** The files are known to have so many bytes in all. */
  void expect(long inAll) throws DataNotFetchedException {
    total = inAll;
    if (inAll > mostBytes) {
      throw tooLarge("the data has %d bytes".formatted(inAll));
    }
  }

  static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /** Negative when what came was of no use. */
  void add(long more) throws DataNotFetchedException, InterruptedException {
    bytes += more;
    if (bytes > mostBytes) {
      throw tooLarge("the data has more than %d bytes".formatted(mostBytes));
    }
    check();
    if (System.nanoTime() - toldNanos > TOLD_EVERY_NANOS) {
      tell();
    }
  }

  void tell() {
    toldNanos = System.nanoTime();
    progress.at(bytes, total);
  }

  private DataNotFetchedException tooLarge(String what) {
    return new DataNotFetchedException(
        Reason.TOO_LARGE,
        "%s, the cache holds %d (%d GiB)".formatted(what, mostBytes, mostBytes >> 30));
  }

  long bytes() {
    return bytes;
  }

  int entries() {
    return entries;
  }

  /** One more file, folder or link. */
  void entry() throws DataNotFetchedException, InterruptedException {
    check();
    if (++entries > settings.mostEntries()) {
      throw new DataNotFetchedException(
          Reason.UNFIT,
          "the data has more than %d files and folders, the most that a cache can hold"
              .formatted(settings.mostEntries()));
    }
  }

  /**
   * @throws InterruptedException if this thread is to stop
   */
  void check() throws DataNotFetchedException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("reading of a data source");
    }
    if (System.nanoTime() - endNanos > 0) {
      throw new DataNotFetchedException(
          Reason.OVERDUE, "reading took longer than " + settings.total().toSeconds() + " s");
    }
  }

  /**
   * Waits before the next attempt.
   *
   * @param failures so far, 1 or more
   * @throws DataNotFetchedException if there is to be none
   */
  void pauseAfter(int failures, String what, IOException trouble)
      throws DataNotFetchedException, InterruptedException {
    check();
    Optional<Duration> time = backOff.after(failures, trouble);
    if (time.isEmpty()) {
      throw new DataNotFetchedException(
          Reason.UNAVAILABLE,
          what + ": " + Trouble.words(trouble),
          trouble,
          BackOff.wishedSeconds(trouble));
    }
    pause.of(time.get());
    check();
  }

  /** A question that may be asked again. */
  interface Question<T> {
    T ask() throws IOException, DataNotFetchedException, InterruptedException;
  }

  <T> T asking(String what, Question<T> question)
      throws DataNotFetchedException, InterruptedException {
    for (int failures = 1; ; failures++) {
      check();
      try {
        return question.ask();
      } catch (IOException e) {
        pauseAfter(failures, what, e);
      }
    }
  }
}
