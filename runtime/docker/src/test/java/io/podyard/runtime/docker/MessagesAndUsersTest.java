package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Terminal;
import io.podyard.runtime.TerminationMessage;
import io.podyard.runtime.pod.ContainerName;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerRefusedException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What containers say of their end, as whom they run, and their terminals, on a real engine. */
@Timeout(120)
class MessagesAndUsersTest extends EngineGround {

  private static ContainerSpec app(String script, Consumer<Specs> change) {
    return Specs.changed(shell("app", script), change);
  }

  private String message(ContainerSpec spec) throws Exception {
    return ended(running(spec), "app").message();
  }

  @Test
  void whatAContainerWroteIsItsMessage() throws Exception {
    assertThat(message(app("echo 'why it ended' >/dev/termination-log; exit 3", _ -> {})))
        .isEqualTo("why it ended");
    assertThat(message(app("echo nobody >/dev/termination-log", c -> c.runAsUser = 4321L)))
        .isEqualTo("nobody");
    assertThat(
            message(
                app(
                    "echo elsewhere >/deep/er/msg",
                    c -> {
                      c.message = new TerminationMessage("/deep/er/msg", false);
                      c.readOnly = true;
                    })))
        .isEqualTo("elsewhere");
    assertThat(message(app("true", _ -> {}))).isEmpty();
    assertThat(message(app("echo log; exit 1", _ -> {}))).isEmpty();
  }

  @Test
  void theEndOfALongMessageIsKept() throws Exception {
    String message =
        message(app("seq 1 20000 >/dev/termination-log; echo end >>/dev/termination-log", _ -> {}));

    assertThat(message).hasSizeLessThanOrEqualTo(4096).endsWith("19999\n20000\nend");
  }

  @Test
  void theEndOfTheLogStandsForAnEmptyMessageOfABadEnd() throws Exception {
    Consumer<Specs> fallsBack =
        c -> c.message = new TerminationMessage(TerminationMessage.DEFAULT_PATH, true);

    assertThat(message(app("seq 1 500; exit 2", fallsBack)))
        .startsWith("421\n")
        .endsWith("499\n500");
    assertThat(message(app("seq 1 500", fallsBack))).isEmpty();
    assertThat(message(app("echo log; echo said >/dev/termination-log; exit 2", fallsBack)))
        .isEqualTo("said");
  }

  @Test
  void eachAttemptHasItsOwnMessage() throws Exception {
    GroupSpec first = spec(app("echo one >/dev/termination-log", _ -> {}));
    ContainerGroupId group = group(first);
    start(group, first, "app");
    assertThat(ended(group, "app").message()).isEqualTo("one");
    engine.removeContainer(view(group, "app").engineId(), FENCE);

    GroupSpec second = spec(app("true", _ -> {}));
    engine.createContainer(
        new ContainerOrder(
            new ContainerName(installation, group, "app", 2),
            ALICE,
            second,
            second.containers().getFirst(),
            ""),
        FENCE);
    engine.startContainer(view(group, "app").engineId(), FENCE);

    assertThat(ended(group, "app").message()).isEmpty();
  }

  @Test
  void userAndGroupAreThoseOfTheSpec() throws Exception {
    ContainerGroupId both =
        running(
            app(
                "sleep 100",
                c -> {
                  c.runAsUser = 1234L;
                  c.runAsGroup = 567L;
                }));
    assertThat(output(both, "app", "id -u; id -g")).isEqualTo("1234\n567");
    ContainerGroupId group = running(app("sleep 100", c -> c.runAsGroup = 567L));
    assertThat(output(group, "app", "id -u; id -g")).isEqualTo("0\n567");
  }

  @Test
  void whatMustNotRunAsRootIsRefusedIfItWould() throws Exception {
    for (Consumer<Specs> change :
        java.util.List.<Consumer<Specs>>of(c -> {}, c -> c.runAsUser = 0L)) {
      GroupSpec spec = spec(app("true", change.andThen(c -> c.runAsNonRoot = true)));
      ContainerGroupId group = group(spec);

      assertThatThrownBy(() -> make(group, spec, "app"))
          .isInstanceOfSatisfying(
              ContainerRefusedException.class,
              e -> assertThat(e.reason()).isEqualTo("CreateContainerConfigError"))
          .hasMessageContaining("root");
    }
    ContainerGroupId good =
        running(
            app(
                "sleep 100",
                c -> {
                  c.runAsUser = 1L;
                  c.runAsNonRoot = true;
                }));
    assertThat(output(good, "app", "id -u")).isEqualTo("1");
  }

  @Test
  void theUserOfAnImageCountsAndANameCannotBeVerified() throws Exception {
    ContainerSpec careful = app("true", c -> c.runAsNonRoot = true);
    assertThat(ContainerUser.of(careful, () -> "1000:1000")).isEmpty();
    assertThat(ContainerUser.of(app("true", c -> c.runAsGroup = 7L), () -> "app:staff"))
        .contains("app:7");
    for (String image : java.util.List.of("", "0", "0:5", "root", "app")) {
      assertThatThrownBy(() -> ContainerUser.of(careful, () -> image))
          .as(image)
          .isInstanceOfSatisfying(
              ContainerRefusedException.class,
              e -> assertThat(e.reason()).isEqualTo("CreateContainerConfigError"));
    }
  }

  @Test
  void aShellStaysAsLongAsItsInputIsOpen() throws Exception {
    GroupSpec spec =
        spec(
            Specs.changed(
                ContainerSpec.of("app", busybox(), "sh"),
                c -> c.terminal = new Terminal(true, false, true)),
            ContainerSpec.of("closed", busybox(), "sh"));
    ContainerGroupId group = group(spec);
    start(group, spec, "app");
    start(group, spec, "closed");

    ended(group, "closed");

    assertThat(output(group, "app", "test -t 0 </dev/pts/0 && echo terminal"))
        .isEqualTo("terminal");
  }

  @Test
  void theLogOfATerminalCanBeRead() throws Exception {
    ContainerGroupId group =
        running(app("echo one; echo two", c -> c.terminal = new Terminal(true, false, true)));
    ended(group, "app");

    assertThat(log(group, "app").replace("\r", "")).isEqualTo("one\ntwo\n");
    engine.removeContainer(view(group, "app").engineId(), FENCE);
    assertThat(log(group, "app").replace("\r", "")).isEqualTo("one\ntwo\n");
  }
}
