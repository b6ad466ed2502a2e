package io.podyard.controlplane.exec;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.settings.ExecSettings;
import io.podyard.controlplane.settings.PodyardSettings;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Commands that are talked with: who asks for one gets secrets, who has one of them opens the
 * session, once, through whatever process. As many as the settings say are open at once.
 */
@Component
public class ExecSessions implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ExecSessions.class);

  private final ExecRecords records;
  private final Runtimes runtimes;
  private final Inventory inventory;
  private final ExecSettings settings;
  private final Semaphore places;
  private final Set<OpenExec> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  ExecSessions(
      ExecRecords records, Runtimes runtimes, Inventory inventory, PodyardSettings settings) {
    this.records = records;
    this.runtimes = runtimes;
    this.inventory = inventory;
    this.settings = settings.exec();
    this.places = new Semaphore(this.settings.sessions());
  }

  /** The secrets of a session; the first that is used voids the other. */
  public record Offered(ExecToken socket, ExecToken page) {}

  /**
   * A page that was opened.
   *
   * @param socket opens its session
   * @param terminal whether the command has one
   */
  public record OpenedPage(ExecToken socket, boolean terminal) {}

  /** What became of the wish to open a session. */
  public sealed interface Opening {

    /** It is open: the caller talks with the command and ends it. */
    record Opened(OpenExec session) implements Opening {}

    /** The secret opens nothing: it was never given out, was used, or its time is over. */
    record Unknown() implements Opening {}

    /** Too many are open here; the secret still holds. */
    record TooMany(int most) implements Opening {}
  }

  /**
   * Lets a session be opened, for a short time.
   *
   * @throws ApiException if the account has too many that wait to be opened
   */
  public Offered offer(AskedExec asked) {
    Offered offered = new Offered(ExecToken.random(), ExecToken.random());
    if (!records.offer(asked, offered.socket(), offered.page())) {
      throw new ApiException(
          ErrorCode.THROTTLING,
          "%d sessions of the account wait to be opened. Open some, or wait %d s."
              .formatted(ExecRecords.MOST_UNOPENED, ExecRecords.SECONDS_TO_OPEN));
    }
    return offered;
  }

  /** Opens the page of a session, once. */
  public Optional<OpenedPage> openPage(ExecToken page) {
    ExecToken socket = ExecToken.random();
    return records.swap(page, socket).map(terminal -> new OpenedPage(socket, terminal));
  }

  /** Takes the session of a secret; its command is begun by {@link OpenExec#begin}. */
  public Opening open(ExecToken socket) {
    if (!running || !places.tryAcquire()) {
      return new Opening.TooMany(settings.sessions());
    }
    OpenExec session = null;
    try {
      ExecRecords.Claimed claimed = records.claim(socket).orElse(null);
      if (claimed == null) {
        return new Opening.Unknown();
      }
      AskedExec asked = claimed.asked();
      // Not the command itself: it may hold secrets.
      log.info(
          "{} talks with a command in container {} of {}",
          asked.key(),
          asked.container(),
          asked.group());
      session = new OpenExec(claimed, records, runtimes, inventory, settings, this::over);
      open.add(session);
      return new Opening.Opened(session);
    } finally {
      if (session == null) {
        places.release();
      }
    }
  }

  private void over(OpenExec session) {
    if (open.remove(session)) {
      places.release();
    }
  }

  /** How many are open. */
  public int count() {
    return open.size();
  }

  @Override
  public void start() {
    running = true;
  }

  /** Before the web server waits for what is under way. */
  @Override
  public void stop() {
    running = false;
    open.forEach(session -> session.end("the server is stopping"));
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
