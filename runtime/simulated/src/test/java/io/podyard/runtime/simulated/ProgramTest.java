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
  void moreShellThanIsKnownIsTreatedAsAProgram() {
    for (String script :
        List.of(
            "while true; do date; sleep 1; done",
            "echo $HOME",
            "echo \"$HOME\"",
            "cat x | wc",
            "echo a > f",
            "trap 'exit 0' TERM",
            "echo 'unclosed",
            "")) {
      Program program = run("sh", "-c", script);
      assertThat(program.duration()).as(script).isNull();
      assertThat(String.join("\n", text(program))).isEqualTo("sh -c " + script);
    }
  }
}
