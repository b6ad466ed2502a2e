package io.podyard.controlplane.exec;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.ExecSettings;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * A session somebody talks through. It is over when the command ends, when either side leaves, or
 * when one of its times is; whatever comes first, and only that is noted.
 */
public final class OpenExec {

  private static final Logger log = LoggerFactory.getLogger(OpenExec.class);

  private final ExecRecords.Claimed claimed;
  private final ExecRecords records;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final ExecSettings settings;
  private final Consumer<OpenExec> over;
  private final long begun = System.nanoTime();
  private final AtomicLong lastByte = new AtomicLong(begun);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Object lock = new Object();
  private @Nullable ExecSession session;
  private Consumer<String> whenEnded = _ -> {};

  OpenExec(
      ExecRecords.Claimed claimed,
      ExecRecords records,
      Runtimes runtimes,
      Inventory inventory,
      ExecSettings settings,
      Consumer<OpenExec> over) {
    this.claimed = claimed;
    this.records = records;
    this.runtimes = runtimes;
    this.inventory = inventory;
    this.settings = settings;
    this.over = over;
  }

  /**
   * Begins the command.
   *
   * @param leave called once with the reason if the session is ended from this side
   * @return empty if it was over before
   * @throws NoSuchContainerException if the container does not run
   * @throws RuntimeUnavailableException if its host does not answer
   */
  public Optional<ExecSession> begin(Consumer<String> leave)
      throws RuntimeUnavailableException, NoSuchContainerException {
    synchronized (lock) {
      whenEnded = leave;
    }
    AskedExec asked = claimed.asked();
    ExecSession opened =
        runtimes
            .of(asked.host())
            .open(
                inventory.installation(),
                asked.host(),
                asked.group(),
                asked.container(),
                asked.order());
    synchronized (lock) {
      session = opened;
    }
    if (ended.get()) {
      opened.close();
      return Optional.empty();
    }
    return Optional.of(opened);
  }

  /** To be called for whatever is said in either direction. */
  public void active() {
    lastByte.set(System.nanoTime());
  }

  /** How long either side may take nothing. */
  public Duration patience() {
    return settings.idle();
  }

  /** Why the session has to end by now; empty if it need not. */
  public Optional<String> outOfTime() {
    long now = System.nanoTime();
    if (now - begun >= settings.longest().toNanos()) {
      return Optional.of("the session lasted %d s".formatted(settings.longest().toSeconds()));
    }
    return now - lastByte.get() >= settings.idle().toNanos()
        ? Optional.of("nothing was said for %d s".formatted(settings.idle().toSeconds()))
        : Optional.empty();
  }

  /** Ends it from this side and tells who talks. */
  public void end(String reason) {
    if (finish(null, reason)) {
      Consumer<String> leave;
      synchronized (lock) {
        leave = whenEnded;
      }
      leave.accept(reason);
    }
  }

  /**
   * The command ended by itself.
   *
   * @return false if the session was over before
   */
  public boolean exited(int code) {
    return finish(code, "exited");
  }

  /**
   * Who talked has left, or the host is not heard of any more; the command is ended.
   *
   * @return false if the session was over before
   */
  public boolean left(String reason) {
    return finish(null, reason);
  }

  public boolean isOver() {
    return ended.get();
  }

  private boolean finish(@Nullable Integer exitCode, String outcome) {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    ExecSession open;
    synchronized (lock) {
      open = session;
    }
    if (open != null) {
      open.close();
    }
    over.accept(this);
    try {
      records.end(claimed.id(), exitCode, outcome);
    } catch (DataAccessException e) {
      log.warn("the end of session {} is not noted: {}", claimed.id(), e.getMessage());
    }
    return true;
  }
}
