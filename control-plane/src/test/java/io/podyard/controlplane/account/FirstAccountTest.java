package io.podyard.controlplane.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccessKeyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** On a real database, since who is first is what it decides. */
class FirstAccountTest {

  private static final String SECRETS_KEY = SecretsKey.random();

  @TempDir Path folder;
  private AccountDatabase database;

  @BeforeEach
  void openDatabase() {
    database = new AccountDatabase();
  }

  @AfterEach
  void closeDatabase() {
    database.close();
  }

  /** One process: its own settings and caches, the shared database. */
  private final class OneProcess {

    private final AccessKeys keys;
    private final FirstAccount first;

    OneProcess(Path dataDir, @Nullable String id, @Nullable String secret, String secretsKey) {
      Map<String, Object> values = new HashMap<>();
      values.put("podyard.data-dir", dataDir.toString());
      if (id != null) {
        values.put("podyard.access-key-id", id);
      }
      if (secret != null) {
        values.put("podyard.access-key-secret", secret);
      }
      PodyardSettings settings =
          new Binder(new MapConfigurationPropertySource(values))
              .bindOrCreate("podyard", PodyardSettings.class);
      SecretBox box = new SecretBox(SecretsKey.of(secretsKey, dataDir));
      SecureRandom random = new SecureRandom();
      SteppedTime time = new SteppedTime(Instant.parse("2026-01-01T00:00:00Z"));
      this.keys = new AccessKeys(database.store(), box, random, time, time.ticker());
      this.first =
          new FirstAccount(
              database.store(),
              new Accounts(database.store(), random, Clock.systemUTC()),
              keys,
              box,
              settings);
    }
  }

  private OneProcess process(@Nullable String id, @Nullable String secret) {
    return new OneProcess(folder, id, secret, SECRETS_KEY);
  }

  private static FirstKey.Usable usable(FirstKey key) {
    assertThat(key).isInstanceOf(FirstKey.Usable.class);
    return (FirstKey.Usable) key;
  }

  private int count(String table) {
    return Objects.requireNonNull(
        database.database().jdbc().queryForObject("select count(*) from " + table, Integer.class));
  }

  @Test
  void theFirstStartMakesAnOperatorWithAKeyAndLaterOnesFindIt() throws IOException {
    FirstKey.Usable made = usable(process(null, null).first.ensure());
    assertThat(made.justCreated()).isTrue();

    Path file = folder.resolve("credentials");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file))
        .isEqualTo("accessKeyId=%s\naccessKeySecret=%s\n".formatted(made.id(), made.secret()));

    OneProcess later = process(null, null);
    assertThat(later.first.ensure())
        .isEqualTo(new FirstKey.Usable(made.id(), made.secret(), false));
    assertThat(later.keys.find(made.id()))
        .isInstanceOfSatisfying(
            ActiveKey.class,
            key -> {
              assertThat(key.operator()).isTrue();
              assertThat(key.secret()).isEqualTo(made.secret());
            });
    assertThat(count("account")).isEqualTo(1);
    assertThat(count("access_key")).isEqualTo(1);
  }

  @Test
  void aStartThatDiedBeforeItsCommitIsTakenUpWithTheKeyItPromised() throws IOException {
    Files.writeString(
        folder.resolve("credentials"), "accessKeyId=PYKEPT\naccessKeySecret=kept-secret\n");
    assertThat(process(null, null).first.ensure())
        .isEqualTo(new FirstKey.Usable(new AccessKeyId("PYKEPT"), "kept-secret", true));
  }

  @Test
  void aProcessWithAnotherDataFolderMakesNoSecondKey(@TempDir Path otherFolder) {
    process(null, null).first.ensure();
    OneProcess other = new OneProcess(otherFolder, null, null, SECRETS_KEY);
    assertThat(other.first.ensure()).isEqualTo(new FirstKey.KeptElsewhere());
    assertThat(otherFolder.resolve("credentials")).doesNotExist();
    assertThat(count("access_key")).isEqualTo(1);
  }

  @Test
  void aFileOfAnotherDatabaseIsNotPassedOff() throws IOException {
    process("PYSET", "the-set-secret").first.ensure();
    Path file = folder.resolve("credentials");
    Files.writeString(file, "accessKeyId=PYOTHER\naccessKeySecret=other-secret\n");
    assertThat(process(null, null).first.ensure()).isEqualTo(new FirstKey.KeptElsewhere());
    Files.writeString(file, "accessKeyId=PYSET\naccessKeySecret=not-the-secret\n");
    assertThat(process(null, null).first.ensure()).isEqualTo(new FirstKey.KeptElsewhere());
  }

  @Test
  void aDamagedFileStopsTheStartAndIsNamed() throws IOException {
    Files.writeString(folder.resolve("credentials"), "accessKeyId=PYKEPT\n");
    assertThatThrownBy(() -> process(null, null).first.ensure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(folder.resolve("credentials").toString());
    assertThat(count("account")).isZero();
  }

  @Test
  void theSettingsMakeTheKeyAndWinOverAnOlderSecret() {
    assertThat(process("PYSET", "one-secret").first.ensure())
        .isEqualTo(new FirstKey.Usable(new AccessKeyId("PYSET"), "one-secret", true));
    assertThat(process("PYSET", "one-secret").first.ensure())
        .isEqualTo(new FirstKey.Usable(new AccessKeyId("PYSET"), "one-secret", false));

    OneProcess changed = process("PYSET", "two-secret");
    changed.keys.find(new AccessKeyId("PYSET"));
    assertThat(changed.first.ensure())
        .isEqualTo(new FirstKey.Usable(new AccessKeyId("PYSET"), "two-secret", false));
    assertThat(changed.keys.find(new AccessKeyId("PYSET")))
        .isInstanceOfSatisfying(
            ActiveKey.class, key -> assertThat(key.secret()).isEqualTo("two-secret"));
    assertThat(folder.resolve("credentials")).doesNotExist();
    assertThat(count("access_key")).isEqualTo(1);
  }

  @Test
  void aSecretThatCanNoLongerBeOpenedIsReplacedByTheSettings() {
    process("PYSET", "one-secret").first.ensure();
    OneProcess withNewSecretsKey =
        new OneProcess(folder, "PYSET", "one-secret", SecretsKey.random());
    withNewSecretsKey.first.ensure();
    assertThat(withNewSecretsKey.keys.find(new AccessKeyId("PYSET"))).isInstanceOf(ActiveKey.class);
  }

  @Test
  void aSecondKeyOfTheSettingsBelongsToTheSameOperator() {
    FirstKey.Usable made = usable(process(null, null).first.ensure());
    process("PYSET", "one-secret").first.ensure();
    AccessKeys keys = process(null, null).keys;
    assertThat(((ActiveKey) keys.find(new AccessKeyId("PYSET"))).account())
        .isEqualTo(((ActiveKey) keys.find(made.id())).account());
    assertThat(count("account")).isEqualTo(1);
  }

  @Test
  void aKeyThatWasSwitchedOffStaysOff() {
    OneProcess process = process("PYSET", "one-secret");
    process.first.ensure();
    process.keys.setStatus(new AccessKeyId("PYSET"), KeyStatus.INACTIVE);
    process("PYSET", "two-secret").first.ensure();
    assertThat(process("PYSET", "two-secret").keys.find(new AccessKeyId("PYSET")))
        .isEqualTo(new KeyLookup.Inactive());
  }

  @Test
  void halfAKeyAndMalformedKeysAreRefused() {
    assertThatThrownBy(() -> process("PYSET", null).first.ensure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PODYARD_ACCESS_KEY_SECRET");
    assertThatThrownBy(() -> process(" ", "secret").first.ensure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PODYARD_ACCESS_KEY_ID");
    assertThatThrownBy(() -> process("not an id", "secret").first.ensure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PODYARD_ACCESS_KEY_ID");
    assertThatThrownBy(() -> process("PYSET", "x".repeat(257)).first.ensure())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PODYARD_ACCESS_KEY_SECRET");
    assertThat(count("account")).isZero();
  }

  @Test
  void processesThatStartTogetherMakeOneAccountAndOneKey(@TempDir Path otherFolder)
      throws Exception {
    List<Callable<FirstKey>> starts = new ArrayList<>();
    CountDownLatch together = new CountDownLatch(1);
    for (int i = 0; i < 6; i++) {
      OneProcess process = new OneProcess(i < 3 ? folder : otherFolder, null, null, SECRETS_KEY);
      starts.add(
          () -> {
            together.await();
            return process.first.ensure();
          });
    }
    List<FirstKey> keys = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<FirstKey>> running = starts.stream().map(threads::submit).toList();
      together.countDown();
      for (Future<FirstKey> start : running) {
        keys.add(start.get());
      }
    }
    assertThat(count("account")).isEqualTo(1);
    assertThat(count("access_key")).isEqualTo(1);
    // Three share the folder of the first, three do not.
    assertThat(keys).filteredOn(FirstKey.Usable.class::isInstance).hasSize(3);
    assertThat(keys)
        .filteredOn(key -> key instanceof FirstKey.Usable usable && usable.justCreated())
        .hasSize(1);
    assertThat(keys).filteredOn(FirstKey.KeptElsewhere.class::isInstance).hasSize(3);
  }

  @Test
  void onlyTheFirstAccountIsAnOperatorAndNamesAreUnique() {
    Accounts accounts = new Accounts(database.store(), new SecureRandom(), Clock.systemUTC());
    Account first = ((AccountCreation.Created) accounts.create("one")).account();
    Account second = ((AccountCreation.Created) accounts.create("two")).account();
    assertThat(first.role()).isEqualTo(AccountRole.OPERATOR);
    assertThat(first.id().value()).matches("acct-[a-z0-9]{16}");
    assertThat(second.role()).isEqualTo(AccountRole.USER);
    assertThat(accounts.create("two")).isEqualTo(new AccountCreation.NameTaken(second));
    assertThat(accounts.find(first.id())).contains(first);
    for (String name : List.of("", " a", "a\n", "x".repeat(65))) {
      assertThatThrownBy(() -> accounts.create(name)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(count("account")).isEqualTo(2);
  }
}
