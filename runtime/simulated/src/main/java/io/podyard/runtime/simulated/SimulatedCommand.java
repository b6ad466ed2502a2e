package io.podyard.runtime.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecSession;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A command that is talked with. It does what {@link TalkingShell} says, on a thread of its own;
 * what it says and is told waits in pipes as small as those of an operating system.
 */
final class SimulatedCommand implements ExecSession {

  private static final int KILLED = 137;
  static final int INTERRUPTED = 130;

  private final ExecOrder order;
  private final SimulatedTime time;
  private final BytePipe input = new BytePipe();
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
  private final TypedInput terminal;

  /** One after the other as they came: a byte for the source, then the pipe's own bytes. */
  private final BytePipe output = new BytePipe();

  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private volatile CompletableFuture<Boolean> pause = CompletableFuture.completedFuture(true);
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private volatile int columns = 80;
  private volatile int rows = 24;
  private Source source = Source.OUTPUT;
  private int left;

  SimulatedCommand(ExecOrder order, SimulatedTime time) {
    this.order = order;
    this.time = time;
    this.terminal = new TypedInput(this::sayRaw, this::hand, input::end, this::interrupt);
    if (!order.input()) {
      input.end();
    }
  }

  /**
   * Begins.
   *
   * @param ended called once it is over, for whatever reason
   */
  void start(Runnable ended) {
    CompletableFuture<Integer> _ = exitCode.whenComplete((_, _) -> ended.run());
    Thread.ofVirtual().name("simulated-command").start(this::run);
  }

  private void run() {
    try {
      int code = new TalkingShell(this).run(order.command());
      end(code);
    } finally {
      end(KILLED);
    }
  }

  /** The command is over, for whatever reason; what it said can still be read. */
  void end(int code) {
    if (exitCode.complete(code)) {
      output.end();
      input.close();
      pause.complete(false);
    }
  }

  // For the command

  boolean hasTerminal() {
    return order.terminal();
  }

  int columns() {
    return columns;
  }

  int rows() {
    return rows;
  }

  /**
   * Says something, when it is taken.
   *
   * @return false if nobody listens any more
   */
  boolean say(Source to, String text) {
    return say(to, text.getBytes(UTF_8));
  }

  boolean say(Source to, byte[] text) {
    byte[] shown =
        order.terminal() ? new String(text, UTF_8).replace("\n", "\r\n").getBytes(UTF_8) : text;
    return frame(order.terminal() ? Source.OUTPUT : to, shown);
  }

  private void sayRaw(byte[] text) {
    boolean _ = frame(Source.OUTPUT, text);
  }

  /** Whole frames only, also of two threads. */
  private synchronized boolean frame(Source to, byte[] text) {
    for (int at = 0; at < text.length; at += MOST_BYTES) {
      int n = Math.min(MOST_BYTES, text.length - at);
      byte[] framed = new byte[n + 3];
      framed[0] = (byte) to.ordinal();
      framed[1] = (byte) (n >> 8);
      framed[2] = (byte) n;
      System.arraycopy(text, at, framed, 3, n);
      if (!output.write(framed)) {
        return false;
      }
    }
    return !exitCode.isDone();
  }

  /** What is told next; nothing at the end. */
  byte[] listen() {
    if (rest.size() > 0) {
      byte[] some = rest.toByteArray();
      rest.reset();
      return some;
    }
    return input.read(MOST_BYTES);
  }

  /** The next line without its end, a long one in parts; empty at the end of the input. */
  Optional<String> line() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() < MOST_BYTES) {
      byte[] some = listen();
      if (some.length == 0) {
        return line.size() == 0 ? Optional.empty() : Optional.of(line.toString(UTF_8));
      }
      for (int i = 0; i < some.length; i++) {
        if (some[i] == '\n') {
          rest.write(some, i + 1, some.length - i - 1);
          return Optional.of(line.toString(UTF_8));
        }
        line.write(some[i]);
      }
    }
    return Optional.of(line.toString(UTF_8));
  }

  /**
   * Lets time pass.
   *
   * @return 0, or the exit code of what was interrupted meanwhile
   */
  int pause(Duration duration) {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    pause = over;
    time.after(duration, () -> over.complete(true));
    if (exitCode.isDone()) {
      return KILLED;
    }
    return over.join() ? 0 : wasInterrupted() ? INTERRUPTED : KILLED;
  }

  private void interrupt() {
    interrupted.set(true);
    if (!pause.complete(false)) {
      hand(new byte[] {'\n'}); // wakes what waits for a line
    }
  }

  /** Whether somebody has interrupted it since this was asked last. */
  boolean wasInterrupted() {
    return interrupted.getAndSet(false);
  }

  private void hand(byte[] line) {
    boolean _ = input.write(line);
  }

  // For who talks with it

  @Override
  public Optional<Chunk> read() {
    while (left == 0) {
      byte[] head = readFully(3);
      if (head.length == 0) {
        return Optional.empty();
      }
      source = Source.values()[head[0]];
      left = (head[1] & 0xff) << 8 | head[2] & 0xff;
    }
    byte[] some = output.read(left);
    left -= some.length;
    return some.length == 0 ? Optional.empty() : Optional.of(new Chunk(source, some));
  }

  private byte[] readFully(int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(count);
    while (all.size() < count) {
      byte[] some = output.read(count - all.size());
      if (some.length == 0) {
        return some;
      }
      all.writeBytes(some);
    }
    return all.toByteArray();
  }

  @Override
  public void write(byte[] bytes) {
    if (!order.input()) {
      return;
    }
    if (order.terminal()) {
      terminal.type(bytes);
    } else {
      hand(bytes);
    }
  }

  @Override
  public void endInput() {
    if (!order.terminal()) {
      input.end();
    }
  }

  @Override
  public void resize(int newColumns, int newRows) {
    if (order.terminal()) {
      columns = newColumns;
      rows = newRows;
    }
  }

  @Override
  public int exitCode() {
    return exitCode.join();
  }

  /** The container ended, and the command with it. */
  void kill() {
    end(KILLED);
  }

  @Override
  public void close() {
    kill();
    output.close();
  }
}
