package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.pod.ContainerRefusedException;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.ImageView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class FaultsTest {

  private static FaultPlan plan(String json) {
    return WireJson.MAPPER
        .readValue(json, FaultPlan.class)
        .withLatency(FaultPlan.LatencyFactors.NONE);
  }

  private static Stepped host(String json) throws Exception {
    Stepped host = new Stepped(1);
    host.world.configure(plan(json));
    host.sandbox();
    return host;
  }

  @Test
  void everythingInAPlanMayBeLeftOutButNothingInvented() {
    assertThat(WireJson.MAPPER.readValue("{}", FaultPlan.class)).isEqualTo(FaultPlan.NONE);
    assertThat(WireJson.MAPPER.readValue("{\"latency\":{\"pull\":0}}", FaultPlan.class).latency())
        .isEqualTo(new FaultPlan.LatencyFactors(1, 0, 1, 1));
    assertThatThrownBy(() -> plan("{\"puls\":[]}")).isInstanceOf(JacksonException.class);
    for (String kind :
        List.of("pulls", "starts", "exits", "outages", "createDelays", "checks", "disks")) {
      assertThatThrownBy(() -> plan("{\"" + kind + "\":[{}]}"))
          .as(kind)
          .isInstanceOf(JacksonException.class);
    }
    assertThatThrownBy(() -> plan("{\"latency\":{\"pull\":-1}}"))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void aPlanWithoutFailingChecksAndDisksIsUnderstoodByEarlierProcesses() {
    assertThat(WireJson.MAPPER.writeValueAsString(FaultPlan.NONE))
        .doesNotContain("checks", "disks");
  }

  @Test
  void aPlanTravelsAsItIs() {
    FaultPlan plan =
        plan(
            """
            {"pulls":[{"image":"a*","times":2}], "starts":[{"image":"b"}],
             "exits":[{"image":"c","afterMillis":5,"exitCode":9}],
             "outages":[{"host":"sim-*","afterSeconds":1,"forSeconds":2}],
             "createDelays":[{"image":"d","delayMillis":7}],
             "checks":[{"image":"e","times":1,"afterMillis":9}],
             "disks":[{"disk":"d-*","times":2}]}
            """);

    assertThat(WireJson.MAPPER.readValue(WireJson.MAPPER.writeValueAsBytes(plan), FaultPlan.class))
        .isEqualTo(plan);
  }

  @Test
  void anImageFailsAsOftenAsThePlanSays() throws Exception {
    Stepped host =
        host(
            """
            {"pulls":[{"image":"reg/*","times":2,"message":"busy","retryAfterSeconds":9}]}
            """);
    for (int retry = 0; retry < 2; retry++) {
      host.pull("reg/a:1", retry);
      assertThat(host.image("reg/a:1")).isEqualTo(new ImageView.Failed("ErrImagePull", "busy", 9));
    }
    host.pull("reg/a:1", 1);
    assertThat(host.image("reg/a:1")).as("not fetched again").isInstanceOf(ImageView.Failed.class);
    host.pull("reg/a:1", 2);
    assertThat(host.image("reg/a:1")).isInstanceOf(ImageView.Present.class);
    host.pull("other/a:1", 0);
    assertThat(host.image("other/a:1")).isInstanceOf(ImageView.Present.class);
  }

  @Test
  void aFailedRefetchHidesThatTheImageIsPresent() throws Exception {
    Stepped host = host("{}");
    host.pull("img", 0);
    host.world.configure(plan("{\"pulls\":[{\"image\":\"img\"}]}"));

    host.pull("img", 0);

    assertThat(host.image("img")).isInstanceOf(ImageView.Failed.class);
  }

  @Test
  void containersAreRefusedWhenMadeOrStarted() throws Exception {
    Stepped host =
        host(
            """
            {"starts":[{"image":"a","times":1,"reason":"CreateContainerError","message":"no"},
                       {"image":"b","times":1}]}
            """);

    assertThatThrownBy(() -> host.create("a", 1, "a"))
        .isInstanceOfSatisfying(
            ContainerRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo("CreateContainerError"))
        .hasMessage("no");
    host.run("a", "a");
    assertThatThrownBy(() -> host.run("b", "b"))
        .isInstanceOfSatisfying(
            ContainerRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo("ContainerCannotRun"));
    assertThat(host.status("b")).isInstanceOf(ContainerView.Status.Created.class);
    host.run("b", "b");
    assertThat(host.status("b")).isInstanceOf(ContainerView.Status.Running.class);
  }

  @Test
  void containersEndAsThePlanSays() throws Exception {
    Stepped host =
        host(
            """
            {"exits":[{"image":"a","times":1,"afterMillis":500,"exitCode":9},
                      {"image":"b","afterMillis":0,"oomKilled":true}]}
            """);
    host.run("a", "a", "sleep", "1000");
    host.run("again", "a", "sleep", "1000");
    host.run("b", "b");
    host.time.advance(Duration.ofSeconds(1));

    assertThat(host.status("a"))
        .isEqualTo(
            new ContainerView.Status.Exited(
                9, false, "", Stepped.START, Stepped.START.plusMillis(500)));
    assertThat(host.status("again")).isInstanceOf(ContainerView.Status.Running.class);
    assertThat(host.status("b"))
        .isEqualTo(new ContainerView.Status.Exited(137, true, "", Stepped.START, Stepped.START));
  }

  @Test
  void aHostDoesNotAnswerDuringAnOutageAndGoesOnAllTheSame() throws Exception {
    Stepped host =
        host("{\"outages\":[{\"host\":\"sim-*1\",\"afterSeconds\":10,\"forSeconds\":20}]}");
    host.run("app", "busybox", "sleep", "15");

    host.time.advance(Duration.ofSeconds(10));
    assertThatThrownBy(() -> host.status("app")).isInstanceOf(RuntimeUnavailableException.class);
    assertThatThrownBy(host.engine::report).isInstanceOf(RuntimeUnavailableException.class);
    host.time.advance(Duration.ofSeconds(20));

    assertThat(host.status("app"))
        .isInstanceOfSatisfying(
            ContainerView.Status.Exited.class,
            e -> assertThat(e.finishedAt()).isEqualTo(Stepped.START.plusSeconds(15)));
  }

  @Test
  void anOutageWithoutEndStays() throws Exception {
    Stepped host = host("{}");
    host.world.ensureHosts(2, Size.of(1, 1));
    host.world.configure(plan("{\"outages\":[{\"host\":\"sim-0002\"}]}"));
    host.time.advance(Duration.ofDays(100));

    SimulatedEngine other = host.world.engine(new HostId("sim-0002")).orElseThrow();
    assertThatThrownBy(other::report).isInstanceOf(RuntimeUnavailableException.class);
    assertThat(host.engine.report()).isNotNull();
  }

  @Test
  void aDelayedCreateFailsForItsCallerAndTakesEffectLater() throws Exception {
    Stepped host =
        host("{\"createDelays\":[{\"image\":\"slow\",\"times\":1,\"delayMillis\":3000}]}");

    assertThatThrownBy(() -> host.create("app", 1, "slow"))
        .isInstanceOf(RuntimeUnavailableException.class);
    assertThat(host.engine.view(Stepped.INSTALLATION, Stepped.GROUP).containers()).isEmpty();
    host.time.advance(Duration.ofSeconds(3));

    assertThat(host.container("app").epoch()).isEqualTo(7);
    assertThat(host.status("app")).isInstanceOf(ContainerView.Status.Created.class);
  }

  @Test
  void imageNamesSayWhatGoesWrongWithoutAPlan() throws Exception {
    Stepped host = host("{}");
    for (String image : new String[] {"x/not-found:1", "pull-denied", "Not A Name"}) {
      host.pull(image, 5);
      assertThat(host.image(image)).as(image).isInstanceOf(ImageView.Failed.class);
    }
    assertThat(((ImageView.Failed) host.image("Not A Name")).reason())
        .isEqualTo("InvalidImageName");
    host.pull("pull-flaky", 0);
    assertThat(host.image("pull-flaky")).isInstanceOf(ImageView.Failed.class);
    host.pull("pull-flaky", 1);
    assertThat(host.image("pull-flaky")).isInstanceOf(ImageView.Failed.class);
    host.pull("pull-flaky", 2);
    assertThat(host.image("pull-flaky")).isInstanceOf(ImageView.Present.class);
    assertThatThrownBy(() -> host.run("refused", "start-refused"))
        .isInstanceOf(ContainerRefusedException.class);

    Map<String, Integer> exits =
        Map.of("crash-loop", 1, "my/oom-killed:2", 137, "exit-3", 3, "exit-0:1", 0);
    for (var exit : exits.entrySet()) {
      String name = "c" + exit.getValue();
      host.run(name, exit.getKey());
      host.time.advance(Duration.ofSeconds(1));
      assertThat(host.status(name))
          .as(exit.getKey())
          .isInstanceOfSatisfying(
              ContainerView.Status.Exited.class,
              e -> assertThat(e.exitCode()).isEqualTo(exit.getValue()));
    }
  }

  @Test
  void ordinaryImageNamesAreValid() throws Exception {
    Stepped host = host("{}");
    for (String image :
        new String[] {
          "busybox",
          "library/busybox:1.36",
          "registry.example.com:5000/team/app:v1.2-rc.1",
          "127.0.0.1:5000/app@sha256:" + "0123456789abcdef".repeat(4)
        }) {
      host.pull(image, 0);
      assertThat(host.image(image)).as(image).isInstanceOf(ImageView.Present.class);
    }
  }

  @Test
  void latencyFactorsScaleTheDelays() throws Exception {
    Stepped host = new Stepped(1);
    host.world.configure(FaultPlan.NONE.withLatency(new FaultPlan.LatencyFactors(0, 0, 1000, 0)));
    host.sandbox();
    host.run("app", "img");

    host.time.advance(Duration.ofSeconds(9));
    assertThat(host.status("app")).isInstanceOf(ContainerView.Status.Created.class);
    host.time.advance(Duration.ofSeconds(21));
    assertThat(host.status("app")).isInstanceOf(ContainerView.Status.Running.class);
  }
}
