package io.podyard.runtime.docker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.Fence;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.docker.testing.RawEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EngineTransportTest {

  private static final CallScope SOON = CallScope.reading(Duration.ofMillis(400));
  private static final CallScope PATIENT = CallScope.reading(Duration.ofSeconds(20));

  @TempDir private Path folder;
  private int numbers;

  private RawEngine engine(boolean unix, RawEngine.Script script) throws IOException {
    return new RawEngine(unix ? folder.resolve("engine-" + numbers++) : null, script);
  }

  private static String body(RawEngine engine, EngineRequest request, CallScope scope)
      throws IOException {
    EngineTransport transport = new EngineTransport(engine.address());
    try (transport;
        EngineAnswer answer = transport.send(request, scope)) {
      return answer.getStatusCode()
          + " "
          + new String(answer.getBody().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEngineThatAcceptsAndNeverAnswersHoldsNobody(boolean unix) throws Exception {
    try (RawEngine engine = engine(unix, RawEngine.SILENT)) {
      assertThatThrownBy(() -> body(engine, EngineRequest.get("/info"), SOON))
          .isInstanceOf(EngineIoException.class)
          .hasMessageContaining("no answer within 400 ms");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerThatNeverEndsHoldsNobody(boolean unix) throws Exception {
    RawEngine.Script stalling =
        (head, in, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nfirst"
                  .getBytes(StandardCharsets.UTF_8));
          RawEngine.SILENT.play(head, in, out);
        };
    try (RawEngine engine = engine(unix, stalling)) {
      assertThatThrownBy(() -> body(engine, EngineRequest.get("/info"), SOON))
          .isInstanceOf(IOException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEngineThatDoesNotReadHoldsNobody(boolean unix) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    RawEngine.Script deaf =
        (_, _, _) -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    EngineRequest endless =
        EngineRequest.tar(
            "POST",
            "/images/load",
            out -> {
              byte[] noise = new byte[1 << 16];
              while (true) {
                out.write(noise);
              }
            });
    try (RawEngine engine = engine(unix, deaf)) {
      assertThatThrownBy(() -> body(engine, endless, SOON))
          .isInstanceOf(EngineIoException.class)
          .hasMessageContaining("no answer within 400 ms");
    } finally {
      over.countDown();
    }
  }

  @Test
  void anEngineThatIsNotThereIsToldSo() {
    try (EngineTransport transport =
        new EngineTransport(new EngineAddress.Local(folder.resolve("none")))) {
      assertThatThrownBy(() -> transport.send(EngineRequest.get("/info"), PATIENT))
          .isInstanceOf(EngineIoException.class)
          .hasMessageContaining("unix://");
    }
  }

  @Test
  void whoeverMayNotChangeAnythingSendsNothing() throws Exception {
    Fence over =
        new Fence() {
          @Override
          public long epoch() {
            return 1;
          }

          @Override
          public void check() throws StaleFenceException {
            throw new StaleFenceException("over");
          }
        };
    try (RawEngine engine = engine(true, RawEngine.answering("HTTP/1.1 204 No\r\n\r\n"))) {
      CallScope stale = CallScope.changing(Duration.ofSeconds(5), over);
      assertThatThrownBy(() -> body(engine, EngineRequest.get("/first"), stale))
          .isInstanceOf(FenceStaleInCall.class);

      CallScope good = CallScope.changing(Duration.ofSeconds(5), new OpenFence(1));
      assertThat(body(engine, EngineRequest.get("/second"), good)).isEqualTo("204 ");
      assertThat(engine.requests()).singleElement().asString().startsWith("GET /second ");
    }
  }

  @Test
  void nothingIsSentASecondTime() throws Exception {
    RawEngine.Script hangsUp = (_, _, _) -> {};
    try (RawEngine engine = engine(true, hangsUp)) {
      EngineRequest delete = new EngineRequest("DELETE", "/containers/x", Map.of(), null, null);
      assertThatThrownBy(() -> body(engine, delete, PATIENT))
          .isInstanceOf(EngineIoException.class)
          .hasMessageContaining("closed the connection");
      assertThat(engine.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more",
        "HTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\n"
            + "transfer-encoding: Chunked\r\n\r\n"
            + "3\r\n"
            + "hel\r\n"
            + "2;x=y\r\n"
            + "lo\r\n"
            + "0\r\n"
            + "A: b\r\n\r\n",
      })
  void answersAreRead(String text) throws Exception {
    try (RawEngine engine = engine(true, RawEngine.answering(text))) {
      assertThat(body(engine, EngineRequest.get("/x"), PATIENT)).isEqualTo("200 hello");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9\r\n",
        "HTTP/1.1 xxx OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nHalf",
        "",
      })
  void brokenAnswersAreNoAnswers(String text) throws Exception {
    try (RawEngine engine = engine(true, RawEngine.answering(text))) {
      assertThatThrownBy(() -> body(engine, EngineRequest.get("/x"), PATIENT))
          .isInstanceOfAny(IOException.class, EngineIoException.class);
    }
  }

  @Test
  void aRefusalThatComesBeforeTheBodyIsSentIsHeard() throws Exception {
    RawEngine.Script refusing =
        (_, _, out) ->
            out.write(
                "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone"
                    .getBytes(StandardCharsets.UTF_8));
    EngineRequest large =
        EngineRequest.tar("PUT", "/containers/x/archive", out -> out.write(new byte[50 << 20]));
    try (RawEngine engine = engine(true, refusing)) {
      assertThat(body(engine, large, PATIENT)).isEqualTo("404 none");
    }
  }

  @Test
  void whatCannotBeReadToBeSentIsNotTheEnginesFault() throws Exception {
    EngineRequest broken =
        EngineRequest.tar(
            "POST",
            "/images/load",
            out -> {
              out.write(new byte[100]);
              throw new IOException("the layer is gone");
            });
    try (RawEngine engine = engine(true, RawEngine.SILENT)) {
      assertThatThrownBy(() -> body(engine, broken, PATIENT))
          .hasMessageContaining("the layer is gone");
    }
  }

  @Test
  void bodiesArriveWhole() throws Exception {
    byte[] sent = new byte[200_000];
    new Random(1).nextBytes(sent);
    RawEngine.Script echoing =
        (_, in, out) -> {
          byte[] got = new ChunkedBody(in).readAllBytes();
          String same = String.valueOf(Arrays.equals(got, sent));
          OutputStream answer = out;
          answer.write(("HTTP/1.1 200 OK\r\n\r\n" + same).getBytes(StandardCharsets.UTF_8));
        };
    try (RawEngine engine = engine(true, echoing)) {
      assertThat(body(engine, EngineRequest.tar("PUT", "/x", out -> out.write(sent)), PATIENT))
          .isEqualTo("200 true");
    }
  }

  @Test
  void headersOfSeveralLinesAreNotSent() throws Exception {
    try (RawEngine engine = engine(true, RawEngine.SILENT)) {
      EngineRequest smuggling =
          new EngineRequest("GET", "/x", Map.of("A", "b\r\nC: d"), null, null);
      assertThatThrownBy(() -> body(engine, smuggling, PATIENT))
          .hasMessageContaining("several lines");
      assertThat(engine.requests()).isEmpty();
    }
  }

  @Test
  void addressesAreReadAsDockerReadsThem() {
    assertThat(EngineAddress.of(URI.create("unix:///run/docker.sock"), null))
        .isEqualTo(new EngineAddress.Local(Path.of("/run/docker.sock")));
    assertThat(EngineAddress.of(URI.create("tcp://engine:4243"), null))
        .isEqualTo(new EngineAddress.Remote("engine", 4243, null));
    assertThat(EngineAddress.of(URI.create("tcp://engine"), null))
        .isEqualTo(new EngineAddress.Remote("engine", 2375, null));
    for (String bad : new String[] {"npipe:////./pipe/docker", "engine", "tcp:///x", "unix://"}) {
      assertThatThrownBy(() -> EngineAddress.of(URI.create(bad), null))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> EngineAddress.of(URI.create("https://engine:2376"), null))
        .hasMessageContaining("TLS");
  }
}
