package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Spot groups that give way to groups with GPUs, on a host with four of them. */
class SpotGpuTest {

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);
  private final List<String> made = new ArrayList<>();

  @BeforeAll
  static void startServer() {
    server =
        TestServer.start(
            TestServer.Options.USUAL
                .withHosts(1, "32vCPU/512GiB")
                .withGpus("4xA10")
                .with("podyard.example-prices", "true")
                .with("podyard.spot.notice", "3s"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void allGone() throws Exception {
    for (String id : made) {
      groups.delete(id);
    }
    server.untilNothingIsReserved();
    assertThat(server.judge().verdict(Duration.ofSeconds(30))).isEmpty();
  }

  private String create(Map<String, String> group) {
    String id = groups.create(group);
    made.add(id);
    return id;
  }

  private static Map<String, String> group(int vcpu, int gpus, String... more) {
    Map<String, String> parameters =
        new LinkedHashMap<>(
            Groups.shell(
                "sleep 3600",
                "Cpu=" + vcpu,
                "Memory=" + vcpu * 4,
                "TerminationGracePeriodSeconds=0"));
    if (gpus > 0) {
      parameters.put("Container.1.Gpu", "" + gpus);
    }
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private String paying(int vcpu, int gpus) {
    return create(group(vcpu, gpus));
  }

  /** One that runs and is not protected. */
  private String spot(int vcpu, int gpus) {
    String id = create(group(vcpu, gpus, "SpotStrategy=SpotAsPriceGo", "SpotDuration=0"));
    groups.untilStatus(id, "Running");
    return id;
  }

  /** One of an instance type with a share of a GPU. */
  private Map<String, String> half(String... more) {
    Map<String, String> parameters =
        Groups.shell(
            "sleep 3600",
            "InstanceType=ecs.vgn7i-vws-m12.3xlarge",
            "TerminationGracePeriodSeconds=0");
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private int noticed() {
    return Objects.requireNonNull(
        server
            .jdbc()
            .queryForObject(
                "select count(*) from spot_group where noticed_at is not null and group_id ="
                    + " any(?)",
                Integer.class,
                (Object) made.toArray(String[]::new)));
  }

  private boolean isNoticed(String id) {
    return Boolean.TRUE.equals(
        server
            .jdbc()
            .queryForObject(
                "select noticed_at is not null from spot_group where group_id = ?",
                Boolean.class,
                id));
  }

  @Test
  void asFewAsPossibleLeaveTheGpusThatAPayingGroupNeeds() throws Exception {
    String one = spot(1, 1);
    String other = spot(1, 1);
    String two = spot(1, 2);
    String none = spot(16, 0);
    String paying = paying(1, 3);

    groups.untilStatus(paying, "Running");
    groups.untilStatus(two, "Expired");
    assertThat(List.of(isNoticed(one), isNoticed(other))).containsExactlyInAnyOrder(true, false);
    assertThat(groups.get(isNoticed(one) ? other : one).status()).isEqualTo("Running");
    assertThat(groups.get(none).status()).isEqualTo("Running");
    assertThat(noticed()).isEqualTo(2);
  }

  @Test
  void theGpusOfAHostArePromisedOnceEach() throws Exception {
    List<String> spots = List.of(spot(4, 1), spot(4, 1), spot(4, 1), spot(4, 1));
    String first = paying(4, 2);
    String second = paying(4, 1);
    String none = paying(24, 0);

    // All at once: nobody waits for the end of another's notice.
    Waiting.until("the notices", () -> noticed() == 4);
    assertThat(
            server
                .jdbc()
                .queryForObject(
                    "select max(noticed_at) < min(release_at) from spot_group where group_id ="
                        + " any(?)",
                    Boolean.class,
                    (Object) spots.toArray(String[]::new)))
        .isTrue();
    for (String id : List.of(first, second, none)) {
      groups.untilStatus(id, "Running");
    }
    String late = paying(1, 2);
    Waiting.during(Duration.ofSeconds(3), () -> groups.get(late).status().equals("Scheduling"));
  }

  @Test
  void allThatShareAGpuLeaveAWholeOne() throws Exception {
    String three = paying(1, 3);
    groups.untilStatus(three, "Running");
    List<String> sharing = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String id = create(half("SpotStrategy=SpotAsPriceGo", "SpotDuration=0"));
      groups.untilStatus(id, "Running");
      sharing.add(id);
    }
    String shares = create(half());
    groups.untilStatus(shares, "Running");
    assertThat(noticed()).as("a half for a half").isEqualTo(1);
    String left = isNoticed(sharing.getFirst()) ? sharing.getLast() : sharing.getFirst();
    String whole = paying(1, 1);
    Waiting.during(Duration.ofSeconds(3), () -> groups.get(whole).status().equals("Scheduling"));
    assertThat(isNoticed(left)).as("its half would not be enough").isFalse();
    groups.delete(shares);
    made.remove(shares);
    groups.untilStatus(whole, "Running");
    groups.untilStatus(left, "Expired");
  }
}
