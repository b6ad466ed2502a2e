package io.podyard.runtime.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.pod.ContainerName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The log of a simulated container as its lines fall due. */
final class FollowedBook implements LogStream {

  private final SimulatedHost host;
  private final SimulatedTime time;
  private final ContainerName name;
  private final LogQuery query;
  private final Semaphore news = new Semaphore(0);
  private volatile boolean closed;

  FollowedBook(SimulatedHost host, SimulatedTime time, ContainerName name, LogQuery query) {
    this.host = host;
    this.time = time;
    this.name = name;
    this.query = query;
  }

  @Override
  public int attempt() {
    return name.attempt();
  }

  @Override
  public void forEach(Lines lines) {
    Runnable unwatch = host.watched(name, news::release);
    try {
      int next = first(host.log(name));
      while (!closed) {
        // In this order: what is written up to its end is in the book then.
        boolean runs = host.runs(name);
        LogBook book = host.log(name);
        List<Program.Line> all = book.lines();
        for (; next < all.size() && !at(book, next).isAfter(book.until()); next++) {
          if (!lines.line(at(book, next), all.get(next).text().getBytes(UTF_8))) {
            return;
          }
        }
        if (!runs) {
          return;
        }
        if (next < all.size()) {
          Duration left = Duration.between(time.instant(), at(book, next));
          time.after(left.isNegative() ? Duration.ZERO : left, news::release);
        }
        news.acquireUninterruptibly();
        int _ = news.drainPermits();
      }
    } catch (NoSuchContainerException e) {
      // Forgotten meanwhile, and with it the rest.
    } finally {
      unwatch.run();
    }
  }

  private static Instant at(LogBook book, int line) {
    return book.since().plus(book.lines().get(line).at());
  }

  /** The first line that is asked for of those written until now. */
  private int first(LogBook book) {
    int due = 0;
    int tooOld = 0;
    while (due < book.lines().size() && !at(book, due).isAfter(book.until())) {
      if (query.since() != null && at(book, due).isBefore(query.since())) {
        tooOld = due + 1;
      }
      due++;
    }
    return Math.max(tooOld, due - query.tailLines());
  }

  @Override
  public void close() {
    closed = true;
    news.release();
  }
}
