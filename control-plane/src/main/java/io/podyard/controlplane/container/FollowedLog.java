package io.podyard.controlplane.container;

import io.podyard.controlplane.containergroup.GroupStatus;
import io.podyard.controlplane.containergroup.OpenStreams;
import io.podyard.controlplane.containergroup.OwnGroups.OwnGroup;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.ContainerProgress;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The log of a container from some point on, over all its runs: when one has ended and another will
 * come, that is waited for and told from its beginning. It ends when no run will come any more.
 */
public final class FollowedLog extends OpenStreams.Stream {

  private static final Logger log = LoggerFactory.getLogger(FollowedLog.class);

  /** Between two looks for the next run; nobody tells of one. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** What is kept of a run that was over and removed before it could be followed. */
  private static final int MOST_KEPT_BYTES = 1 << 20;

  private static final String NO_HOST = "the host of the container group does not answer";

  /** Takes what is told. Any of it fails if the client is gone. */
  public interface Listener {

    /** The lines of this run follow; 1 is the first one. */
    void run(int number) throws IOException;

    /**
     * A line.
     *
     * @param text without its end
     */
    void line(Instant time, byte[] text) throws IOException;

    /** Nothing more comes, for this reason. */
    void end(String reason) throws IOException;
  }

  private final Supplier<Optional<OwnGroup>> group;
  private final GroupLogs logs;
  private final ContainerGroupId id;
  private final @Nullable HostId host;
  private final String container;
  private final boolean goesOn;
  private final LogQuery first;
  private final Consumer<FollowedLog> over;
  private final AtomicReference<@Nullable LogStream> current = new AtomicReference<>();

  FollowedLog(
      Supplier<Optional<OwnGroup>> group,
      GroupLogs logs,
      ContainerGroupId id,
      @Nullable HostId host,
      String container,
      boolean goesOn,
      LogQuery first,
      Consumer<FollowedLog> over) {
    this.group = group;
    this.logs = logs;
    this.id = id;
    this.host = host;
    this.container = container;
    this.goesOn = goesOn;
    this.first = first;
    this.over = over;
  }

  /**
   * Tells all there is, waiting for the listener where it has to.
   *
   * @throws IOException if the listener does not take it
   */
  public void tell(Listener listener) throws IOException {
    if (goesOn) {
      follow(listener);
    } else {
      tellPresent(listener);
    }
  }

  private void tellPresent(Listener listener) throws IOException {
    if (host != null) {
      LogQuery stamped =
          new LogQuery(first.tailLines(), first.limitBytes(), first.since(), true, false);
      try {
        tellStamped(logs.read(host, id, container, stamped), listener);
      } catch (NoSuchContainerException e) {
        log.debug("nothing is written: {}", e.getMessage());
      } catch (RuntimeUnavailableException e) {
        log.info("a log is not read: {}", e.getMessage());
        listener.end(NO_HOST);
        return;
      }
    }
    listener.end("nothing more is written so far");
  }

  /** A line that was cut to fit has lost its time. */
  private static void tellStamped(String text, Listener listener) throws IOException {
    Instant time = Instant.EPOCH;
    for (String line : text.isEmpty() ? List.<String>of() : List.of(text.split("\n"))) {
      int space = line.indexOf(' ');
      String rest = line;
      try {
        time = OffsetDateTime.parse(line.substring(0, Math.max(0, space))).toInstant();
        rest = line.substring(space + 1);
      } catch (DateTimeParseException e) {
        log.debug("a line has no time");
      }
      listener.line(time, rest.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void follow(Listener listener) throws IOException {
    int next = 0;
    LogQuery query = first;
    while (goesOn()) {
      // In this order: what ran before it was over is found by the look that follows.
      Optional<OwnGroup> now;
      try {
        now = group.get();
      } catch (DataAccessException e) {
        log.debug("whether a log goes on is not known now: {}", e.getMessage());
        pause(PAUSE);
        continue;
      }
      if (now.isEmpty()) {
        listener.end("the record of the container group is over");
        return;
      }
      boolean last = isOver(now.get());
      try (LogStream stream = open(now.get(), next, query)) {
        if (stream != null) {
          next = stream.attempt() + 1;
          tell(stream, listener);
          query = fromTheBeginning();
          continue;
        }
      } catch (RuntimeUnavailableException e) {
        log.info("a log is not followed any more: {}", e.getMessage());
        listener.end(NO_HOST);
        return;
      }
      if (last) {
        listener.end("the container has ended");
        return;
      }
      pause(PAUSE);
    }
    listener.end("the server is stopping");
  }

  /** Null if there is no such run yet. */
  private @Nullable LogStream open(OwnGroup now, int next, LogQuery query)
      throws RuntimeUnavailableException {
    if (now.host() == null) {
      return null;
    }
    try {
      LogStream stream = logs.follow(now.host(), id, container, next, query);
      current.set(stream);
      if (!goesOn()) {
        stream.close();
      }
      return stream;
    } catch (NoSuchContainerException e) {
      return null;
    }
  }

  private void tell(LogStream stream, Listener listener)
      throws IOException, RuntimeUnavailableException {
    listener.run(stream.attempt());
    AtomicReference<@Nullable IOException> gone = new AtomicReference<>();
    stream.forEach(
        (time, text) -> {
          try {
            listener.line(time, text);
            return true;
          } catch (IOException e) {
            gone.set(e);
            return false;
          }
        });
    IOException failure = gone.get();
    if (failure != null) {
      throw failure;
    }
  }

  private static LogQuery fromTheBeginning() {
    return new LogQuery(Integer.MAX_VALUE, MOST_KEPT_BYTES, null, false, false);
  }

  /** Whether no run of the container will come any more. */
  private boolean isOver(OwnGroup now) {
    if (now.status().isFinal()) {
      return true;
    }
    boolean replaced =
        now.status() == GroupStatus.RESTARTING || now.status() == GroupStatus.UPDATING;
    ContainerProgress progress = now.state().container(container).orElse(null);
    return progress == null
        || (!replaced
            && progress.current() instanceof ContainerStatus.Terminated
            && progress.notBefore() == null);
  }

  /** Ends it, whoever waits. */
  @Override
  public void close() {
    super.close();
    LogStream stream = current.get();
    if (stream != null) {
      stream.close();
    }
    over.accept(this);
  }
}
