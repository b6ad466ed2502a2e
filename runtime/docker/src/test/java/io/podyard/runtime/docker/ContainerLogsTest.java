package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.http.EngineAddress;
import io.podyard.runtime.docker.testing.EngineForTests;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Logs on a real engine, before and after their container is removed. */
@Timeout(120)
class ContainerLogsTest extends EngineGround {

  private String logs(ContainerGroupId group, LogQuery query) throws Exception {
    return engine.logs(name(group, "app"), query);
  }

  private static LogQuery last(int lines) {
    return new LogQuery(lines, 1 << 20, null, false, false);
  }

  private ContainerGroupId written(String script) throws Exception {
    ContainerGroupId group = running(shell("app", script));
    ended(group, "app");
    return group;
  }

  private void removed(ContainerGroupId group) throws Exception {
    engine.removeContainer(view(group, "app").engineId(), FENCE);
    assertThat(engine.view(installation, group).containers()).isEmpty();
  }

  @Test
  void aKeptLogIsReadLikeALivingOne() throws Exception {
    ContainerGroupId group = written("echo one; sleep 0.3; echo two >&2; sleep 0.3; echo three");
    LogQuery stamped = new LogQuery(10, 1 << 20, null, true, false);
    String living = logs(group, stamped);
    assertThat(logs(group, last(10))).isEqualTo("one\ntwo\nthree\n");
    List<String> lines = living.lines().toList();
    Instant third = OffsetDateTime.parse(lines.getLast().split(" ")[0]).toInstant();
    LogQuery sinceThird = new LogQuery(10, 1 << 20, third, false, false);
    LogQuery sinceLater = new LogQuery(10, 1 << 20, third.plusNanos(1), false, false);

    for (int kept = 0; kept < 2; kept++) {
      assertThat(logs(group, stamped)).isEqualTo(living);
      assertThat(logs(group, last(2))).isEqualTo("two\nthree\n");
      assertThat(logs(group, new LogQuery(10, 11, null, false, false))).isEqualTo("two\nthree\n");
      assertThat(logs(group, new LogQuery(10, 4, null, false, false))).isEqualTo("ree\n");
      assertThat(logs(group, sinceThird)).isEqualTo("three\n");
      assertThat(logs(group, sinceLater)).isEmpty();
      assertThat(engine.loggedAttempts(installation, group, "app")).containsExactly(1);
      if (kept == 0) {
        removed(group);
      }
    }
    engine.forgetLogs(installation, group);
    assertThat(engine.loggedAttempts(installation, group, "app")).isEmpty();
    assertThatThrownBy(() -> logs(group, last(1))).isInstanceOf(NoSuchContainerException.class);
  }

  @Test
  void aLogIsReadAllTheWhileItsContainerIsRemoved() throws Exception {
    // Files that take the engine a while to remove.
    ContainerGroupId group =
        written("for i in $(seq 200); do mkdir -p /f/$i; touch /f/$i/a /f/$i/b; done; echo words");
    try (ExecutorService reader = Executors.newSingleThreadExecutor()) {
      AtomicBoolean removed = new AtomicBoolean();
      Future<Integer> reads =
          reader.submit(
              () -> {
                int count = 0;
                do {
                  assertThat(logs(group, last(1))).isEqualTo("words\n");
                  count++;
                } while (!removed.get());
                return count;
              });
      removed(group);
      removed.set(true);
      assertThat(reads.get()).isPositive();
    }
  }

  /** Trouble of an archive that is another process: a database. */
  private static final class Refusing implements LogArchive {

    private final LogArchive real;
    private boolean refuses = true;

    Refusing(LogArchive real) {
      this.real = real;
    }

    private void ask() throws IOException {
      if (refuses) {
        throw new IOException("no answer");
      }
    }

    @Override
    public <X extends Exception> void keep(ContainerName name, Text<X> text) throws IOException, X {
      real.<X>keep(
          name,
          out -> {
            text.writeTo(out);
            ask();
          });
    }

    @Override
    public Optional<InputStream> read(ContainerName name) throws IOException {
      ask();
      return real.read(name);
    }

    @Override
    public List<Integer> attempts(
        InstallationId installation, ContainerGroupId group, String container) throws IOException {
      ask();
      return real.attempts(installation, group, container);
    }

    @Override
    public void forget(InstallationId installation, ContainerGroupId group) throws IOException {
      ask();
      real.forget(installation, group);
    }
  }

  @Test
  void aContainerStaysUntilItsLogIsKept() throws Exception {
    DockerEngine whole = engine;
    DockerEngineSettings settings = EngineForTests.settings(folder);
    Refusing archive = new Refusing(EngineForTests.logs(settings));
    ContainerGroupId group = written("echo here");
    String id = view(group, "app").engineId();
    try (DockerEngine troubled = new DockerEngine(settings, archive, InstantSource.system())) {
      engine = troubled;
      assertThatThrownBy(() -> engine.removeContainer(id, FENCE))
          .isInstanceOf(RuntimeUnavailableException.class)
          .hasMessageContaining("cannot be kept now");
      assertThat(view(group, "app").engineId()).isEqualTo(id);
      // While the engine has it, the archive is not asked.
      assertThat(logs(group, last(1))).isEqualTo("here\n");
      archive.refuses = false;
      removed(group);
      assertThat(logs(group, last(1))).isEqualTo("here\n");
      archive.refuses = true;
      assertThatThrownBy(() -> logs(group, last(1)))
          .isInstanceOf(RuntimeUnavailableException.class);
    } finally {
      engine = whole;
    }
  }

  @Test
  void aContainerThatIsGoneDoesNotReplaceItsKeptLog() throws Exception {
    ContainerGroupId group = written("echo here");
    String id = view(group, "app").engineId();
    removed(group);
    DockerEngineSettings settings = EngineForTests.settings(folder);
    try (EngineCalls calls =
        new EngineCalls(
            EngineAddress.of(settings.host(), settings.tlsFolder()), settings.limits().call())) {
      new ContainerLogs(calls, new KeptLogs(EngineForTests.logs(settings)))
          .keep(id, name(group, "app"));
    }
    assertThat(logs(group, last(1))).isEqualTo("here\n");
  }

  @Test
  void aLongLineStaysOne() throws Exception {
    ContainerGroupId group =
        written(
            "yes abcdefghi | tr -d '\\n"
                + "' | dd bs=900 count=50 iflag=fullblock 2>/dev/null; echo; echo end; printf"
                + " open");
    assertThat(logs(group, new LogQuery(10, 1 << 20, null, false, false)))
        .hasSize(45_000 + 1 + 4 + 4)
        .endsWith("ghi\nend\nopen");
    removed(group);
    assertThat(logs(group, last(3))).hasSizeGreaterThan(45_000).endsWith("ghi\nend\nopen\n");
  }

  @Test
  void ofALogThatIsTooLargeTheNewestPartIsKept() throws Exception {
    DockerEngineSettings.Limits few =
        new DockerEngineSettings.Limits(
            DockerEngineSettings.Limits.DEFAULTS.call(),
            2,
            DockerEngineSettings.Limits.DEFAULTS.startQueue(),
            4096,
            64 << 10,
            1 << 20,
            0);
    DockerEngine whole = engine;
    try (DockerEngine small = EngineForTests.engine(EngineForTests.settings(folder).with(few))) {
      engine = small;
      ContainerGroupId group = written("seq 1 60000");
      assertThat(logs(group, last(1))).isEqualTo("60000\n");
      removed(group);

      String kept = logs(group, ALL);
      assertThat(kept).endsWith("59999\n60000\n");
      assertThat(kept.length()).isBetween(500, 64 << 10);
      assertThat(kept.lines().findFirst().orElseThrow()).matches("\\d{5}");
    } finally {
      engine = whole;
    }
  }
}
