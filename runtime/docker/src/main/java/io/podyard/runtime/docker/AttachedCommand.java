package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineAnswer;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.docker.http.Trouble;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A command that the engine connects with a connection of its own: what nobody reads waits in the
 * engine, which lets the command wait in turn.
 */
final class AttachedCommand implements ExecSession {

  private static final System.Logger LOG = System.getLogger(AttachedCommand.class.getName());
  private static final int ERRORS = 2;

  private final ExecRun execs;
  private final EngineCalls calls;
  private final CommandEnding ending;
  private final String exec;
  private final ExecOrder order;
  private final EngineAnswer answer;
  private final DataInputStream output;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Source source = Source.OUTPUT;
  private int left;
  private volatile boolean endKnown;

  /**
   * @param answer of the engine, which from now on carries what the command says and is told
   */
  AttachedCommand(
      ExecRun execs,
      EngineCalls calls,
      CommandEnding ending,
      String exec,
      ExecOrder order,
      EngineAnswer answer) {
    this.execs = execs;
    this.calls = calls;
    this.ending = ending;
    this.exec = exec;
    this.order = order;
    this.answer = answer;
    this.output = new DataInputStream(answer.getBody());
  }

  @Override
  public Optional<Chunk> read() throws RuntimeUnavailableException {
    try {
      if (!order.terminal() && !nextFrame()) {
        return Optional.empty();
      }
      byte[] bytes = new byte[order.terminal() ? MOST_BYTES : Math.min(left, MOST_BYTES)];
      int n = output.read(bytes);
      if (n < 0) {
        if (order.terminal()) {
          return Optional.empty();
        }
        throw new EOFException("the engine's stream ends inside a frame");
      }
      left -= n;
      return Optional.of(new Chunk(source, n == bytes.length ? bytes : Arrays.copyOf(bytes, n)));
    } catch (IOException e) {
      if (closed.get()) {
        return Optional.empty();
      }
      throw new RuntimeUnavailableException(
          "the connection to engine %s broke: %s".formatted(calls.address(), Trouble.words(e)), e);
    }
  }

  /** Sees to it that something of a frame is left to be read; false if none comes any more. */
  private boolean nextFrame() throws IOException {
    while (left == 0) {
      int stream = output.read();
      if (stream < 0) {
        return false;
      }
      output.skipNBytes(3);
      int size = output.readInt();
      if (stream > ERRORS || size < 0) {
        throw new IOException("the engine's stream has no frame where one should be");
      }
      source = stream == ERRORS ? Source.ERROR : Source.OUTPUT;
      left = size;
    }
    return true;
  }

  @Override
  public void write(byte[] bytes) {
    if (!order.input()) {
      return;
    }
    try {
      answer.input().write(bytes);
      answer.input().flush();
    } catch (IOException e) {
      // It has ended, and what it said can still be read; or the reader hears what is wrong.
      LOG.log(System.Logger.Level.DEBUG, "a command takes no more input", e);
    }
  }

  @Override
  public void endInput() {
    if (!order.input() || order.terminal()) {
      return;
    }
    try {
      answer.endInput();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a command's input was over already", e);
    }
  }

  @Override
  public void resize(int columns, int rows) throws RuntimeUnavailableException {
    if (!order.terminal()) {
      return;
    }
    String path = "/exec/%s/resize?h=%d&w=%d".formatted(exec, rows, columns);
    try {
      calls.follow(
          EngineRequest.post(path, new byte[0]), CallScope.reading(calls.timeout()), _ -> {});
    } catch (DockerException e) {
      // It has just ended.
      LOG.log(System.Logger.Level.DEBUG, "a terminal keeps its size", e);
    } catch (StaleFenceException e) {
      throw new IllegalStateException("a command needs no fence", e);
    }
  }

  @Override
  public int exitCode() throws RuntimeUnavailableException, NoSuchContainerException {
    try {
      int code = execs.exitCode(exec);
      endKnown = true;
      return code;
    } catch (NotFoundException | ConflictException e) {
      endKnown = true;
      throw new NoSuchContainerException("the container has ended: " + EngineErrors.words(e));
    } catch (DockerException e) {
      throw calls.unavailable(e);
    } catch (StaleFenceException e) {
      throw new IllegalStateException("a command needs no fence", e);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      answer.close();
      if (!endKnown) {
        // The engine lets it run on, whether or not anybody listens.
        CompletableFuture<Boolean> _ = ending.begin(exec);
      }
    }
  }
}
