package io.podyard.controlplane.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostmasterFileTest {

  private static final List<String> WHOLE =
      List.of(
          "7512", "/x/data", "1795230531", "54999", ".", "127.0.0.1", "  9977928  4", "ready   ");

  @Test
  void aWholeFileNamesPidPortAndStatus() {
    assertThat(PostmasterFile.parse(WHOLE)).contains(new PostmasterFile(7512, 54999, "ready"));
  }

  @Test
  void aFileThatIsStillGrowingIsNotReady() {
    assertThat(PostmasterFile.parse(List.of())).isEmpty();
    assertThat(PostmasterFile.parse(WHOLE.subList(0, 1))).contains(new PostmasterFile(7512, 0, ""));
    assertThat(PostmasterFile.parse(WHOLE.subList(0, 7)).orElseThrow().isReady()).isFalse();
  }

  @Test
  void whatIsNoPidIsNoServer() {
    for (String pid : new String[] {"", "-7512", "0", "pid", "99999999999999999999"}) {
      assertThat(PostmasterFile.parse(List.of(pid, "/x/data"))).as(pid).isEmpty();
    }
  }

  @Test
  void theProcessListOfASystemWithoutProcIsUnderstood() {
    assertThat(
            PostgresProcesses.workingFolders(
                """
                p501
                fcwd
                n/Users/a/.podyard/postgres/data
                p502
                fcwd
                n/private/tmp/b c
                p503
                fcwd
                ncwd (permission denied)
                """))
        .isEqualTo(
            Map.of(
                501L,
                Path.of("/Users/a/.podyard/postgres/data"),
                502L,
                Path.of("/private/tmp/b c")));
  }
}
