package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.HostId;
import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.PlacementPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cordons and drains that the inventory file declares, beside those of the API. */
class DeclaredCordonsTest {

  private static final RegionId REGION = new RegionId("r");
  private static final ZoneId ZONE = new ZoneId("r-a");
  private static final PoolId POOL = new PoolId("p");
  private static final HostId HOST = new HostId("h");

  private TestDatabase database;
  private Declarations declarations;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    DeclaredPools pools = new DeclaredPools(database.jdbc());
    declarations =
        new Declarations(
            database.jdbc(), pools, new HostLife(database.jdbc()), database.transaction());
    new Inventory(database.jdbc()).addZones(REGION, List.of(ZONE));
    assertThat(
            pools.declare(
                new PoolDeclaration(POOL, REGION, "simulated", PlacementPolicy.SPREAD, 1),
                DeclaredBy.FILE))
        .isEmpty();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static HostDeclaration draining(@Nullable Boolean cordoned, @Nullable HostDrain drain) {
    return new HostDeclaration(
            HOST, POOL, ZONE, "", "", null, null, 0, null, "", "", List.of(), null)
        .going(cordoned, drain);
  }

  private void inFile(@Nullable Boolean cordoned, @Nullable HostDrain drain) {
    assertThat(declarations.declare(draining(cordoned, drain), DeclaredBy.FILE, 3)).isEmpty();
  }

  private String state() {
    return String.valueOf(
        database.jdbc().queryForObject("select state from host where id = 'h'", String.class));
  }

  private Instant deadline() {
    return Objects.requireNonNull(
            database
                .jdbc()
                .queryForObject(
                    "select drain_deadline_at from host where id = 'h'", OffsetDateTime.class))
        .toInstant();
  }

  private void ofFile() {
    inFile(null, null);
    assertThat(database.jdbc().update("update host set unreachable_since = null")).isEqualTo(1);
    assertThat(state()).isEqualTo("READY");
  }

  @Test
  void aDrainInTheFileBeginsOnceHoweverOftenItIsReadAndEndsWithItsWords() {
    ofFile();
    HostDrain drain = new HostDrain(Duration.ofHours(2), "new disks");
    inFile(null, drain);
    assertThat(state()).isEqualTo("DRAINING");
    Instant deadline = deadline();
    assertThat(deadline)
        .isBetween(Instant.now().plusSeconds(7_100), Instant.now().plusSeconds(7_300));
    inFile(null, drain);
    assertThat(deadline()).as("read again, as after a start").isEqualTo(deadline);

    inFile(null, new HostDrain(Duration.ofHours(1), "new disks"));
    assertThat(deadline()).as("other words are another drain").isBefore(deadline);

    inFile(null, null);
    assertThat(state()).isEqualTo("READY");
    inFile(null, drain);
    assertThat(state()).as("it appears again").isEqualTo("DRAINING");
  }

  @Test
  void whatTheApiDoesToADeclaredDrainStays() {
    HostLife life = new HostLife(database.jdbc());
    ofFile();
    HostDrain drain = new HostDrain(Duration.ofHours(2), null);
    inFile(null, drain);
    assertThat(life.uncordon(HOST)).isTrue();
    inFile(null, drain);
    assertThat(state()).as("begun once, ended by hand").isEqualTo("READY");

    assertThat(life.drain(HOST, Duration.ofMinutes(5), "by hand")).isTrue();
    inFile(null, null);
    assertThat(state()).as("this drain is not the file's").isEqualTo("DRAINING");
    assertThat(life.uncordon(HOST)).isTrue();

    assertThat(life.cordon(HOST, "by hand")).isTrue();
    inFile(null, drain);
    inFile(null, null);
    assertThat(state()).as("the cordon was there before").isEqualTo("CORDONED");
  }

  @Test
  void aCordonInTheFileEndsWithItsWordsAndStaysBesideADrain() {
    ofFile();
    HostDrain drain = new HostDrain(Duration.ofHours(2), null);
    inFile(true, drain);
    assertThat(state()).isEqualTo("DRAINING");
    inFile(true, null);
    assertThat(state()).isEqualTo("CORDONED");
    inFile(null, null);
    assertThat(state()).isEqualTo("READY");
    assertThat(new HostLife(database.jdbc()).cordon(HOST, "by hand")).isTrue();
    inFile(null, null);
    assertThat(state()).as("that cordon is not the file's").isEqualTo("CORDONED");
  }

  @Test
  void whatTheApiDoesToACordonStaysUntilTheFileSaysSomethingElse() {
    HostLife life = new HostLife(database.jdbc());
    ofFile();
    inFile(false, null);
    assertThat(life.cordon(HOST, "by hand")).isTrue();
    inFile(false, null);
    assertThat(state()).as("read again, as after a start").isEqualTo("CORDONED");
    assertThat(life.drain(HOST, Duration.ofMinutes(5), "by hand")).isTrue();
    inFile(false, null);
    assertThat(state()).isEqualTo("DRAINING");

    inFile(true, null);
    assertThat(life.uncordon(HOST)).isTrue();
    inFile(true, null);
    assertThat(state()).as("cordoned once, opened by hand").isEqualTo("READY");

    assertThat(life.cordon(HOST, "by hand")).isTrue();
    inFile(false, null);
    assertThat(state()).as("these are other words").isEqualTo("READY");
  }

  @Test
  void aDrainGoesOnWhenItsHostIsTakenOutOfTheFile() {
    ofFile();
    HostDrain drain = new HostDrain(Duration.ofHours(2), null);
    inFile(null, drain);
    Instant deadline = deadline();
    assertThat(declarations.remove(HOST, DeclaredBy.FILE)).isEmpty();
    assertThat(state()).isEqualTo("DRAINING");
    assertThat(deadline()).isEqualTo(deadline);
    inFile(null, null);
    assertThat(state()).as("declared again without it").isEqualTo("READY");

    inFile(null, drain);
    deadline = deadline();
    assertThat(declarations.remove(HOST, DeclaredBy.FILE)).isEmpty();
    inFile(null, drain);
    assertThat(deadline()).as("declared again with it").isEqualTo(deadline);
  }

  private @Nullable String cordonReason() {
    return database
        .jdbc()
        .queryForObject("select cordon_reason from host where id = 'h'", String.class);
  }

  private void goesAndComesBack(@Nullable Boolean cordoned) {
    assertThat(declarations.remove(HOST, DeclaredBy.FILE)).isEmpty();
    assertThat(state()).isNotEqualTo("READY");
    inFile(cordoned, null);
  }

  @Test
  void aHostThatIsLetGoByMistakeIsWhatItWasWhenItIsDeclaredAgain() {
    HostLife life = new HostLife(database.jdbc());
    ofFile();
    goesAndComesBack(null);
    assertThat(state()).isEqualTo("READY");

    assertThat(life.cordon(HOST, "by hand")).isTrue();
    goesAndComesBack(null);
    assertThat(state()).isEqualTo("CORDONED");
    assertThat(cordonReason()).isEqualTo("by hand");
    assertThat(life.uncordon(HOST)).isTrue();

    assertThat(life.drain(HOST, Duration.ofHours(1), "by hand")).isTrue();
    Instant deadline = deadline();
    goesAndComesBack(null);
    assertThat(state()).isEqualTo("DRAINING");
    assertThat(deadline()).isEqualTo(deadline);
    assertThat(life.uncordon(HOST)).isTrue();

    goesAndComesBack(true);
    assertThat(state()).as("it comes back with a cordon").isEqualTo("CORDONED");
    goesAndComesBack(true);
    inFile(null, null);
    assertThat(state()).as("which is the file's").isEqualTo("READY");

    inFile(true, null);
    assertThat(life.uncordon(HOST)).isTrue();
    goesAndComesBack(true);
    assertThat(state()).as("opened by hand, and the file says the same").isEqualTo("READY");

    inFile(null, null);
    assertThat(declarations.remove(HOST, DeclaredBy.FILE)).isEmpty();
    assertThat(life.drain(HOST, Duration.ofHours(1), "by hand")).isTrue();
    inFile(null, null);
    assertThat(state()).as("drained while it was to go").isEqualTo("DRAINING");
    assertThat(cordonReason()).isNull();
  }
}
