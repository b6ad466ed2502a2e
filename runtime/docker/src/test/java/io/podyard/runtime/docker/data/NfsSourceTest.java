package io.podyard.runtime.docker.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.DataSource.NfsVersion;
import io.podyard.runtime.docker.data.DataFetcher.Fetched;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class NfsSourceTest {

  private static final String LARGE = "0123456789".repeat(100_000);

  @TempDir private static Path shared;
  private static @Nullable NfsServer server;
  private static Path export;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    NfsServer.need();
    export = Files.createDirectories(shared.resolve("export"));
    open(shared, "rwxr-xr-x");
    open(export, "rwxr-xr-x");
    file("model/weights", LARGE, "rw-r--r--");
    file("model/bin/run", "#!/bin/sh\n", "rwxr-xr-x");
    file("model/ä ö", "", "rw-r--r--");
    Files.createSymbolicLink(export.resolve("model/bin/w"), Path.of("../weights"));
    for (int i = 0; i < 700; i++) {
      file("many/" + "n".repeat(150) + i, "" + i, "rw-r--r--");
    }
    file("secret/key", "root's", "rw-------");
    file("escape/x", "", "rw-r--r--");
    Files.createSymbolicLink(export.resolve("escape/out"), Path.of("../../etc"));
    open(Files.createDirectories(export.resolve("pipe")), "rwxr-xr-x");
    new ProcessBuilder("mkfifo", export.resolve("pipe/p").toString()).start().waitFor();
    server = new NfsServer(shared, export);
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static void file(String path, String text, String mode) throws IOException {
    Path file = export.resolve(path);
    Path above = export;
    for (Path name : export.relativize(file)) {
      if (!above.equals(export)) {
        Files.createDirectories(above);
        open(above, "rwxr-xr-x");
      }
      above = above.resolve(name);
    }
    open(Files.writeString(file, text), mode);
  }

  private static void open(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static NfsServer server() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }

  @ParameterizedTest
  @EnumSource(NfsVersion.class)
  void aFolderIsKeptWithAllBelowIt(NfsVersion version) throws Exception {
    try (DataGround ground = new DataGround(folder)) {
      Fetched fetched = ground.fetch(server().source(version, "/model"));
      assertThat(ground.content(fetched))
          .isEqualTo(
              Map.of(
                  "weights",
                  LARGE,
                  "bin/",
                  "/",
                  "bin/run",
                  "*#!/bin/sh\n",
                  "bin/w",
                  "-> ../weights",
                  "ä ö",
                  ""));
      assertThat(fetched.bytes()).isEqualTo(LARGE.length() + 10);
      assertThat(fetched.entries()).isEqualTo(5);
      assertThat(ground.told.getLast()).isEqualTo("1000010/1000010");
    }
  }

  @ParameterizedTest
  @EnumSource(NfsVersion.class)
  void aFolderOfManyPagesIsKeptWhole(NfsVersion version) throws Exception {
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < 700; i++) {
      expected.put("n".repeat(150) + i, "" + i);
    }
    try (DataGround ground = new DataGround(folder)) {
      assertThat(ground.content(ground.fetch(server().source(version, "/many"))))
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(NfsVersion.class)
  void aFileThatBreaksOffGoesOnWhereItWas(NfsVersion version) throws Exception {
    try (BreakingProxy proxy = new BreakingProxy(server().port, 2, 500_000);
        DataGround ground = new DataGround(folder)) {
      Fetched fetched = ground.fetch(server().source(version, "/model", proxy.port()));
      assertThat(ground.content(fetched)).containsEntry("weights", LARGE);
      assertThat(proxy.left()).isLessThan(2);
      assertThat(proxy.passed.get()).isLessThan(1_700_000);
      assertThat(ground.waits).isNotEmpty();
    }
  }

  private DataNotFetchedException failed(DataSource source, long mostBytes) throws Exception {
    try (DataGround ground = new DataGround(folder)) {
      return ground.failed(source, mostBytes);
    }
  }

  @ParameterizedTest
  @EnumSource(NfsVersion.class)
  void whatCannotBeKeptFails(NfsVersion version) throws Exception {
    DataNotFetchedException large = failed(server().source(version, "/model"), 1000);
    assertThat(large.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(large).hasMessage("the data has 1000010 bytes, the cache holds 1000 (0 GiB)");
    DataNotFetchedException escape = failed(server().source(version, "/escape"), 1000);
    assertThat(escape.reason()).isEqualTo(Reason.UNFIT);
    assertThat(escape).hasMessageContaining("the link 'out' leads to '../../etc'");
    DataNotFetchedException pipe = failed(server().source(version, "/pipe"), 1000);
    assertThat(pipe.reason()).isEqualTo(Reason.UNFIT);
    assertThat(pipe).hasMessageContaining("'p' is neither a file nor a folder nor a link");
  }

  @ParameterizedTest
  @EnumSource(NfsVersion.class)
  void whatTheServerDoesNotGiveIsTold(NfsVersion version) throws Exception {
    assertThat(failed(server().source(version, "/secret"), 1000))
        .hasMessageContaining("the NFS server does not let key be read");
    assertThat(failed(server().source(version, "/nothing"), 1000).reason())
        .isEqualTo(Reason.REFUSED);
    assertThat(failed(server().source(version, "/model/weights"), 1000).reason())
        .isEqualTo(Reason.REFUSED);
  }

  @Test
  void theMountServiceIsFoundByThePortMapper() throws Exception {
    DataSource.Nfs told = server().source(NfsVersion.V3, "/model");
    DataSource.Nfs asking =
        new DataSource.Nfs(told.server(), told.path(), told.version(), told.port(), 0);
    try (DataGround ground = new DataGround(folder)) {
      assertThat(ground.content(ground.fetch(asking))).containsEntry("weights", LARGE);
    }
  }

  @Test
  void aServerThatIsNotThereOrNotMeant() throws Exception {
    int nobody = ServerProcess.freePort();
    DataNotFetchedException gone =
        failed(new DataSource.Nfs("127.0.0.1", "/x", NfsVersion.V4, nobody, 0), 1000);
    assertThat(gone.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(gone).hasMessageContaining("127.0.0.1:'/x' cannot be read: Connection refused");
    assertThat(failed(new DataSource.Nfs("169.254.169.254", "/x", NfsVersion.V4, 0, 0), 1000))
        .hasMessageContaining("nothing is fetched");
  }

  @Test
  void aServerThatIsSilentOrTalksNonsenseEnds() throws Exception {
    try (ScriptedServer nonsense =
        new ScriptedServer((_, out) -> ScriptedServer.head(out, "400 Bad Request"))) {
      int port = nonsense.at("/").getPort();
      assertThat(
              failed(new DataSource.Nfs("127.0.0.1", "/x", NfsVersion.V4, port, 0), 1000).reason())
          .isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void whoIsInterruptedLeavesNothingBehind() throws Exception {
    try (ServerSocket silent = new ServerSocket(0);
        DataGround ground = new DataGround(folder);
        var thread = Executors.newSingleThreadExecutor()) {
      Future<Fetched> fetching =
          thread.submit(
              () ->
                  ground.fetch(
                      new DataSource.Nfs(
                          "127.0.0.1", "/x", NfsVersion.V4, silent.getLocalPort(), 0)));
      try (Socket client = silent.accept()) {
        assertThat(client.getInputStream().read()).isNotNegative();
        thread.shutdownNow();
        assertThatThrownBy(fetching::get).hasCauseInstanceOf(InterruptedException.class);
      }
      ground.assertNothingLeft();
    }
  }
}
