package io.podyard.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.http.EngineAnswer;
import io.podyard.runtime.docker.http.EngineIoException;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.docker.http.EngineTransport;
import io.podyard.runtime.docker.http.FenceStaleInCall;
import io.podyard.runtime.docker.http.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import tools.jackson.core.JacksonException;

/**
 * Calls to one engine. Each has a deadline; each that changes something asks the fence right before
 * it is sent; whatever else goes wrong than what the caller handles means that the engine is
 * unavailable.
 */
final class EngineCalls implements AutoCloseable {

  private static final int LARGEST_ERROR = 64 * 1024;

  private final EngineTransport transport;
  private final DockerClient docker;
  private final Duration timeout;

  EngineCalls(EngineAddress address, Duration timeout) {
    this.transport = new EngineTransport(address);
    this.timeout = timeout;
    // The address is the transport's affair; what stands here only keeps the environment out.
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost("tcp://engine:2375")
            .withDockerTlsVerify(false)
            .build();
    this.docker = DockerClientImpl.getInstance(config, transport);
  }

  /** Some commands of docker-java. */
  @FunctionalInterface
  interface Commands<T, X extends Exception> {
    T on(DockerClient docker) throws X;
  }

  /** Some commands of docker-java of which nothing is to be known afterwards. */
  @FunctionalInterface
  interface Effects<X extends Exception> {
    void on(DockerClient docker) throws X;
  }

  /** What to do with an answer whose body is still to be read. */
  @FunctionalInterface
  interface Reading<T, X extends Exception> {
    T from(EngineAnswer answer) throws X, IOException;
  }

  /** What to do with an answer of which nothing is to be known afterwards. */
  @FunctionalInterface
  interface Following<X extends Exception> {
    void over(EngineAnswer answer) throws X, IOException;
  }

  EngineAddress address() {
    return transport.address();
  }

  Duration timeout() {
    return timeout;
  }

  /** Commands that change nothing. */
  <T, X extends Exception> T read(Commands<? extends T, X> commands)
      throws X, RuntimeUnavailableException {
    try {
      return CallScope.reading(timeout).<T, X>call(() -> commands.on(docker));
    } catch (RuntimeException e) {
      throw unavailable(e);
    }
  }

  /** Commands that change something; the fence is asked before each of them. */
  <T, X extends Exception> T change(Fence fence, Commands<? extends T, X> commands)
      throws X, RuntimeUnavailableException, StaleFenceException {
    try {
      return CallScope.changing(timeout, fence).<T, X>call(() -> commands.on(docker));
    } catch (FenceStaleInCall e) {
      throw e.stale();
    } catch (RuntimeException e) {
      throw unavailable(e);
    }
  }

  /** Like {@link #change}, for what gives nothing back. */
  <X extends Exception> void act(Fence fence, Effects<X> effects)
      throws X, RuntimeUnavailableException, StaleFenceException {
    boolean _ =
        this.<Boolean, X>change(
            fence,
            docker -> {
              effects.on(docker);
              return true;
            });
  }

  /** Like {@link #exchange}, for what gives nothing back. */
  <X extends Exception> void follow(EngineRequest request, CallScope scope, Following<X> following)
      throws X, RuntimeUnavailableException, StaleFenceException {
    boolean _ =
        this.<Boolean, X>exchange(
            request,
            scope,
            answer -> {
              following.over(answer);
              return true;
            });
  }

  /**
   * A request that docker-java has no good command for.
   *
   * @throws DockerException if the engine refuses; only inside {@link #read} and {@link #change} it
   *     becomes something else
   */
  <T, X extends Exception> T exchange(
      EngineRequest request, CallScope scope, Reading<? extends T, X> reading)
      throws X, RuntimeUnavailableException, StaleFenceException {
    try (EngineAnswer answer = transport.send(request, scope)) {
      refuse(answer);
      return reading.from(answer);
    } catch (IOException e) {
      throw new RuntimeUnavailableException(
          "the answer of engine " + address() + " broke off: " + Trouble.words(e), e);
    } catch (JacksonException e) {
      // So does the parser tell that the answer broke off while it read.
      throw new RuntimeUnavailableException(
          "the answer of engine " + address() + " is not readable: " + e.getOriginalMessage(), e);
    } catch (FenceStaleInCall e) {
      throw e.stale();
    } catch (EngineIoException | RejectedExecutionException e) {
      throw unavailable(e);
    }
  }

  /**
   * A request whose answer goes on for as long as somebody wants it; the caller closes it. Only the
   * head of the answer has to be there in time.
   *
   * @throws DockerException if the engine refuses
   */
  EngineAnswer open(EngineRequest request) throws RuntimeUnavailableException {
    EngineAnswer answer = null;
    try {
      answer = transport.send(request, CallScope.reading(timeout));
      refuse(answer);
      EngineAnswer opened = answer.withoutDeadline();
      answer = null;
      return opened;
    } catch (IOException e) {
      throw new RuntimeUnavailableException(
          "the answer of engine " + address() + " broke off: " + Trouble.words(e), e);
    } catch (EngineIoException | RejectedExecutionException e) {
      throw unavailable(e);
    } finally {
      if (answer != null) {
        answer.close();
      }
    }
  }

  private static void refuse(EngineAnswer answer) throws IOException {
    if (answer.getStatusCode() >= 400) {
      throw EngineErrors.of(
          answer.getStatusCode(),
          new String(answer.getBody().readNBytes(LARGEST_ERROR), StandardCharsets.UTF_8));
    }
  }

  RuntimeUnavailableException unavailable(RuntimeException e) {
    return switch (e) {
      case DockerException refused ->
          new RuntimeUnavailableException(
              "engine "
                  + address()
                  + " answered "
                  + refused.getHttpStatus()
                  + ": "
                  + EngineErrors.words(refused),
              e);
      case DockerClientException _, EngineIoException _ ->
          new RuntimeUnavailableException(String.valueOf(e.getMessage()), e);
      case RejectedExecutionException _ ->
          new RuntimeUnavailableException(
              "the connection to engine " + address() + " is closed", e);
      case RuntimeException wrapped when wrapped.getCause() instanceof IOException cause ->
          new RuntimeUnavailableException(
              "the answer of engine " + address() + " is not readable: " + cause.getMessage(), e);
      default -> throw e;
    };
  }

  @Override
  public void close() {
    transport.close();
  }
}
