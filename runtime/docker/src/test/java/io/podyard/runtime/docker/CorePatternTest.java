package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorePatternTest {

  @ParameterizedTest
  @CsvSource({
    "core, 0, /core, true",
    "core, 0, /work/er/core, true",
    "core, 0, /core/more, false",
    "core, 0, /score, false",
    "core, 0, /core.1, false",
    "core, 1, /work/core.17, true",
    "core, 1, /work/core, false",
    "core.%p, 1, /work/core.17, true",
    "core.%p, 1, /work/core.17.17, false",
    "core.%e.%p.%t, 0, /core.my app.1.1790000000, true",
    "core.%e, 0, /core.a/b, false",
    "/cores/%h-%s.core, 0, /cores/host-11.core, true",
    "/cores/%h-%s.core, 0, /work/cores/host-11.core, false",
    "cores/core, 0, /work/cores/core, true",
    "100%%.%q.%p%, 0, /100%..1, true",
    "c+re(%p), 0, /c+re(1), true"
  })
  void pathsAreThoseThatTheKernelWrites(
      String pattern, String usesPid, String path, boolean matches) {
    assertThat(CorePattern.of(pattern + "\n" + usesPid + "\n").paths().matcher(path).matches())
        .isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "core, 0, /, /core",
    "core, 1, /work, /work/core.1",
    "core.%p, 0, /work/, /work/core.1",
    "/cores/core, 0, /work, /cores/core",
    "core.%e, 0, /work,"
  })
  void theLikelyPathIsThatOfTheFirstProcess(
      String pattern, String usesPid, String folder, String path) {
    assertThat(CorePattern.of(pattern + "\n" + usesPid + "\n").likelyPath(folder).orElse(null))
        .isEqualTo(path);
  }

  @Test
  void whatIsHandedOnIsNoFile() {
    assertThat(CorePattern.of("|/usr/lib/systemd/systemd-coredump %P\n1\n").noFilesBecause())
        .hasValueSatisfying(
            why -> assertThat(why).contains("|/usr/lib/systemd/systemd-coredump %P"));
    assertThat(CorePattern.of("@/run/coredump.socket\n0\n").noFilesBecause()).isPresent();
    assertThat(CorePattern.of("\n0\n").noFilesBecause())
        .hasValueSatisfying(why -> assertThat(why).contains("empty"));
    assertThat(CorePattern.of("\n1\n").noFilesBecause()).isEmpty();
    assertThat(CorePattern.of("core\n0\n").noFilesBecause()).isEmpty();
    assertThat(CorePattern.unreadable("cannot read").noFilesBecause())
        .hasValueSatisfying(why -> assertThat(why).contains("cannot read"));
  }
}
