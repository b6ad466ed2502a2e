package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest {

  private static Program run(String... command) {
    return Program.of("img", List.of(command));
  }

  private static List<String> text(Program program) {
    return program.lines().stream().map(Program.Line::text).toList();
  }

  @Test
  void simpleCommandsDoWhatTheySay() {
    assertThat(run("true")).isEqualTo(new Program(List.of(), Duration.ZERO, 0, false, true));
    assertThat(run("false").exitCode()).isEqualTo(1);
    assertThat(run("exit", "3").exitCode()).isEqualTo(3);
    assertThat(run("exit", "300").exitCode()).isEqualTo(44);
    assertThat(run("sleep", "5").duration()).isEqualTo(Duration.ofSeconds(5));
    assertThat(run("sleep", "0.25").duration()).isEqualTo(Duration.ofMillis(250));
    assertThat(run("sleep", "2m").duration()).isEqualTo(Duration.ofMinutes(2));
    assertThat(run("sleep", "infinity").duration()).isNull();
    assertThat(run("sleep", "soon").exitCode()).isEqualTo(1);
    assertThat(text(run("echo", "a", "b"))).containsExactly("a b");
  }

  @Test
  void anythingElseLogsItsCommandLineAndStays() {
    Program nginx = run("nginx", "-g", "daemon off;");
    assertThat(nginx.duration()).isNull();
    assertThat(text(nginx)).containsExactly("nginx -g daemon off;");
    assertThat(text(run())).containsExactly("img");
    assertThat(run().duration()).isNull();
  }

  @Test
  void shellScriptsAreRunInSequence() {
    Program program = run("sh", "-c", "echo x; sleep 1; echo 'y z'; exit 3; echo never");
    assertThat(program.duration()).isEqualTo(Duration.ofSeconds(1));
    assertThat(program.exitCode()).isEqualTo(3);
    assertThat(program.lines())
        .containsExactly(
            new Program.Line(Duration.ZERO, "x"), new Program.Line(Duration.ofSeconds(1), "y z"));
  }

  @Test
  void successAndFailureDecideWhatFollows() {
    assertThat(text(run("sh", "-c", "true && echo yes || echo no"))).containsExactly("yes");
    assertThat(text(run("sh", "-c", "false && echo yes || echo no"))).containsExactly("no");
    assertThat(run("/bin/sh", "-c", "true\nfalse").exitCode()).isEqualTo(1);
    assertThat(run("bash", "-c", "exec sleep 9").duration()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void aProgramInAScriptKeepsItRunning() {
    Program program = run("sh", "-c", "echo starting; httpd -f; echo never");
    assertThat(program.duration()).isNull();
    assertThat(text(program)).containsExactly("starting", "httpd -f");
  }

  @Test
  void whatEchoWritesIntoFilesIsThereAndNotInTheLog() {
    Program program =
        run("sh", "-c", "echo one > /f; echo log; sleep 2; echo 'a b'>>/f; echo other >/g; exit 3");

    assertThat(text(program)).containsExactly("log");
    assertThat(program.exitCode()).isEqualTo(3);
    assertThat(program.file("/f", Duration.ofSeconds(1))).isEqualTo("one\n");
    assertThat(program.file("/f", Duration.ofSeconds(2))).isEqualTo("one\na b\n");
    assertThat(program.file("/g", Duration.ofSeconds(2))).isEqualTo("other\n");
    assertThat(program.file("/none", Duration.ofSeconds(2))).isEmpty();
  }

  @Test
  void whatGoesToStandardErrorIsInTheLog() {
    Program program = run("sh", "-c", "echo out; echo err >&2; echo more > /dev/stderr");
    assertThat(text(program)).containsExactly("out", "err", "more");
  }

  @Test
  void moreShellThanIsKnownIsTreatedAsAProgram() {
    for (String script :
        List.of(
            "while true; do date; sleep 1; done",
            "echo $HOME",
            "echo \"$HOME\"",
            "cat x | wc",
            "httpd > f",
            "echo a 2> f",
            "echo a >",
            "echo a > f > g",
            "httpd >&2",
            "trap 'exit 0' TERM",
            "echo 'unclosed",
            "")) {
      Program program = run("sh", "-c", script);
      assertThat(program.duration()).as(script).isNull();
      assertThat(String.join("\n", text(program))).isEqualTo("sh -c " + script);
    }
  }
}
