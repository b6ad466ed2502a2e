package io.podyard.controlplane.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsKeyTest {

  @TempDir Path folder;

  @Test
  void withoutTheSettingAFileOfItsOwnerIsMadeOnceAndUsedAgain() throws IOException {
    Path data = folder.resolve("not/there/yet");
    SecretsKey first = SecretsKey.of(null, data);
    SecretsKey second = SecretsKey.of(" ", data);

    Path file = data.resolve("secrets.key");
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Base64.getDecoder().decode(Files.readString(file).strip())).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void theSettingWinsOverTheFileAndLeavesNoFile() {
    SecretsKey key = SecretsKey.of(SecretsKey.random(), folder);

    assertThat(folder.resolve("secrets.key")).doesNotExist();
    assertThat(SecretsKey.of(null, folder).id()).isNotEqualTo(key.id());
  }

  @Test
  void everyUsualSpellingOfTheSameKeyIsTheSameKey() {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (250 - i);
    }
    String id = SecretsKey.of(Base64.getEncoder().encodeToString(bytes), folder).id();

    for (String spelling :
        List.of(
            Base64.getEncoder().encodeToString(bytes) + "\n",
            Base64.getEncoder().withoutPadding().encodeToString(bytes),
            Base64.getUrlEncoder().encodeToString(bytes),
            "  " + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))) {
      assertThat(SecretsKey.of(spelling, folder).id()).as(spelling).isEqualTo(id);
    }
  }

  @Test
  void aWrongSettingIsRefusedWithWhatIsAcceptedAndWithoutTheValue() {
    String tooShort = Base64.getEncoder().encodeToString(new byte[16]);
    assertThatThrownBy(() -> SecretsKey.of(tooShort, folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PODYARD_SECRETS_KEY")
        .hasMessageContaining("exactly 32 bytes")
        .hasMessageContaining("16 bytes")
        .hasMessageNotContaining(tooShort);
    assertThatThrownBy(() -> SecretsKey.of("correct horse battery staple!", folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Base64")
        .hasMessageNotContaining("horse");
  }

  @Test
  void aDamagedFileIsNamedAndNeverReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("secrets.key"), "");

    assertThatThrownBy(() -> SecretsKey.of(null, folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString());
    assertThat(Files.readString(file)).isEmpty();
  }

  @Test
  void aFileOthersCouldReadIsNarrowed() throws IOException {
    Path file = folder.resolve("secrets.key");
    Files.writeString(file, SecretsKey.random());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    SecretsKey key = SecretsKey.of(null, folder);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(key.id()).hasSize(8);
  }

  @Test
  void manyWhoAskForTheFileAtOnceGetOneKey() throws Exception {
    int askers = 16;
    CountDownLatch go = new CountDownLatch(1);
    Callable<String> ask =
        () -> {
          go.await();
          return SecretsKey.of(null, folder).id();
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < askers; i++) {
        answers.add(threads.submit(ask));
      }
      go.countDown();
      String expected = answers.getFirst().get();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    }
  }

  @Test
  void noTextOfAKeyShowsTheKey() {
    String key = SecretsKey.random();

    assertThat(SecretsKey.of(key, folder).toString()).doesNotContain(key.substring(0, 8));
  }
}
