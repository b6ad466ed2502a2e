package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.containergroup.GroupImageCaches;
import io.podyard.controlplane.containergroup.ImagesOfGroup;
import io.podyard.controlplane.testing.TestServer;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.scheduler.PlacementPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Groups go where their images are, because other groups pulled them, without any image cache. */
class ImageLocalityTest {

  /** Of 124 MiB, which are 124 thousandths of what is worth the whole bonus. */
  private static final String LARGE = "registry.test/large:59";

  private static final long LARGE_SHARE = 124;

  /** Of 5 MiB, which are not worth going anywhere for. */
  private static final String SMALL = "registry.test/small:197";

  private static TestServer server;

  private final Groups groups = Groups.ofNewAccount(server);

  @BeforeAll
  static void startServer() {
    server = TestServer.start(TestServer.Options.USUAL.withHosts(3, "8vCPU/32GiB"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void judge() throws Exception {
    assertThat(server.judge().verdict(Duration.ofSeconds(40))).isEmpty();
  }

  private String running(String image, String... more) {
    String id =
        groups.create(
            Groups.shell(
                "sleep infinity",
                Stream.concat(Stream.of("Container.1.Image=" + image), Stream.of(more))
                    .toArray(String[]::new)));
    groups.untilStatus(id, "Running");
    return id;
  }

  private static HostId host(String group) {
    return new HostId(
        String.valueOf(
            server
                .jdbc()
                .queryForObject(
                    "select host_id from container_group where id = ?", String.class, group)));
  }

  /** The hosts that the server knows to have an image. */
  private static Set<HostId> having(String image) {
    return server
        .bean(GroupImageCaches.class)
        .pulled(
            new ImagesOfGroup(
                new AccountId("anyone"), new RegionId("cn-hangzhou"), Set.of(image), List.of()))
        .keySet();
  }

  private void delete(String group) {
    groups.delete(group, "Force=true");
    Waiting.until(
        "the room of " + group + " is free",
        () -> count("select count(*) from reservation where group_id = ?", group) == 0);
  }

  private static int count(String sql, Object... parameters) {
    return Objects.requireNonNull(server.jdbc().queryForObject(sql, Integer.class, parameters));
  }

  @Test
  void theSecondGroupOfAnImageGoesWhereTheFirstOnePulledIt() {
    String first = running(LARGE, "Cpu=8", "Memory=16");
    HostId holder = host(first);
    Waiting.until("it is known", () -> having(LARGE).equals(Set.of(holder)));
    String elsewhere = running(SMALL);
    assertThat(host(elsewhere)).as("the other one is full").isNotEqualTo(holder);
    delete(first);

    String usual = running(SMALL);
    assertThat(host(usual)).as("the fullest one").isEqualTo(host(elsewhere));
    String second = running(LARGE);
    assertThat(host(second)).isEqualTo(holder);
    assertThat(KeptDecisions.localityOfBest(server, second))
        .isEqualTo(-PlacementPolicy.BEST_FIT.imageBonus() * LARGE_SHARE / 1000);
    assertThat(groups.get(second).events())
        .as("nothing is pulled")
        .noneMatch(event -> "Pulling".equals(event.reason()));
    assertThat(count("select count(*) from host_image where image = ?", LARGE))
        .as("a row is written when a host gets an image")
        .isEqualTo(1);
    assertThat(count("select count(*) from host_image where image = ?", SMALL)).isZero();
    List.of(elsewhere, usual, second).forEach(this::delete);
  }

  @Test
  void whatIsNotThereAnyMoreIsForgotten() {
    String image = "registry.test/gone:1";
    server
        .jdbc()
        .update(
            """
            insert into host_image (host_id, account_id, image, digest, bytes)
            select id, '', ?, 'sha256:1', 124 * 1024 * 1024 from host
            """,
            image);
    Waiting.until(
        "no host has it",
        Duration.ofSeconds(80),
        () -> count("select count(*) from host_image where image = ?", image) == 0);
    Waiting.until("nor is it known of any", () -> having(image).isEmpty());
  }
}
