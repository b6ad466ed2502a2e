package io.podyard.controlplane.imagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.containergroup.ImagesOfGroup;
import io.podyard.controlplane.placement.TestHosts;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import io.podyard.runtime.HostImage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What two processes on one database know of the images that hosts have. */
class ImagesOnHostsTest {

  private static final long BYTES = 100L << 20;
  private static final HostId H1 = new HostId("h1");
  private static final HostId H2 = new HostId("h2");

  private final TestDatabase database = TestDatabase.create();
  private final ImagesOnHosts one = new ImagesOnHosts(database.jdbc());
  private final ImagesOnHosts other = new ImagesOnHosts(database.jdbc());

  @BeforeEach
  void addHosts() {
    TestHosts.add(database.jdbc(), 2, Size.of(64_000, 128_000));
    one.read();
    other.read();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static HostImage image(String digest) {
    return new HostImage(null, "registry.test/app:1", "sha256:" + digest, BYTES);
  }

  private static Set<HostId> hosts(ImagesOnHosts process) {
    return process
        .hosts(
            new ImagesOfGroup(
                new AccountId("a"), new RegionId("r"), Set.of("registry.test/app:1"), List.of()))
        .keySet();
  }

  /** How many rows there are, and which was written last and by whom. */
  private String table() {
    return String.valueOf(
        database
            .jdbc()
            .queryForObject(
                "select concat(count(*), ' ', max(changed_at), ' ', max(xmin::text)) from host_image",
                String.class));
  }

  @Test
  void theOneKnowsWhatTheOtherSaw() {
    one.note(H1, List.of(image("1")));
    assertThat(hosts(one)).containsExactly(H1);
    assertThat(hosts(other)).isEmpty();
    other.read();
    assertThat(hosts(other)).containsExactly(H1);
    assertThat(other.has(H1, new AccountId("a"), "registry.test/app:1")).isTrue();

    other.note(H2, List.of(image("1")));
    one.read();
    assertThat(hosts(one)).containsExactlyInAnyOrder(H1, H2);
  }

  @Test
  void whatLeavesAHostIsForgottenByAll() {
    one.note(H1, List.of(image("1")));
    one.note(H2, List.of(image("1")));
    other.read();
    other.note(H1, List.of());
    assertThat(hosts(other)).containsExactly(H2);
    one.read();
    assertThat(hosts(one)).containsExactly(H2);
  }

  @Test
  void whatIsStillThereIsNotWrittenAgain() {
    one.note(H1, List.of(image("1")));
    String before = table();
    one.note(H1, List.of(image("1")));
    other.note(H1, List.of(image("1")));
    assertThat(table()).as("other did not know that it is known").isEqualTo(before);
    assertThat(hosts(other)).containsExactly(H1);
  }

  @Test
  void aTagThatWasMovedStandsForTheNewImage() {
    one.note(H1, List.of(image("1")));
    one.note(H2, List.of(image("1")));
    one.note(H2, List.of(image("2"), image("1")));
    assertThat(hosts(one)).containsExactly(H2);
    other.read();
    assertThat(hosts(other)).containsExactly(H2);
  }

  @Test
  void aHostThatIsNoMoreHasNothing() {
    one.note(H1, List.of(image("1")));
    database.jdbc().update("delete from host where id = 'h1'");
    one.note(new HostId("unknown"), List.of(image("1")));
    one.read();
    assertThat(hosts(one)).isEmpty();
    assertThat(table()).startsWith("0 ");
  }
}
