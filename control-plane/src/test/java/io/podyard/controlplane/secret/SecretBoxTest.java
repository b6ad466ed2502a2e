package io.podyard.controlplane.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretBoxTest {

  @TempDir Path folder;

  @Test
  void whatWasSealedOpensAgainForTheSameRecord() {
    SecretBox box = boxWith(SecretsKey.random());

    for (String secret : new String[] {"", "p4ss word", "密钥 🔑", "x".repeat(100_000)}) {
      assertThat(box.open(box.seal(secret, "key-1"), "key-1")).isEqualTo(secret);
    }
  }

  @Test
  void theSealedFormShowsNothingOfTheSecretAndNeverRepeats() {
    SecretBox box = boxWith(SecretsKey.random());
    Set<String> seen = new HashSet<>();

    for (int i = 0; i < 1_000; i++) {
      String sealed = box.seal("canary", "key-1");
      assertThat(sealed).startsWith("v1.").doesNotContain("canary");
      assertThat(seen.add(sealed)).isTrue();
    }
  }

  @Test
  void aSealedSecretMovedToAnotherRecordDoesNotOpen() {
    SecretBox box = boxWith(SecretsKey.random());
    String sealed = box.seal("canary", "account-1/key-1");

    assertThatThrownBy(() -> box.open(sealed, "account-2/key-1"))
        .isInstanceOf(SecretNotOpenedException.class)
        .hasMessageContaining("account-2/key-1")
        .hasMessageContaining("another record");
  }

  @Test
  void anotherKeyIsNamedInTheRefusal() {
    SecretsKey then = SecretsKey.of(SecretsKey.random(), folder);
    SecretsKey now = SecretsKey.of(SecretsKey.random(), folder);
    String sealed = new SecretBox(then).seal("canary", "key-1");

    assertThatThrownBy(() -> new SecretBox(now).open(sealed, "key-1"))
        .isInstanceOf(SecretNotOpenedException.class)
        .hasMessageContaining("sealed with key " + then.id())
        .hasMessageContaining("holds key " + now.id())
        .hasMessageContaining("PODYARD_SECRETS_KEY");
  }

  @Test
  void aChangeOfAnyByteIsNoticed() {
    SecretBox box = boxWith(SecretsKey.random());
    String sealed = box.seal("canary", "key-1");

    for (int at = 0; at < sealed.length(); at++) {
      char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
      String altered = sealed.substring(0, at) + other + sealed.substring(at + 1);
      assertThatThrownBy(() -> box.open(altered, "key-1"))
          .as("character %d of %s", at, sealed)
          .isInstanceOf(SecretNotOpenedException.class)
          .hasMessageNotContaining("canary");
    }
  }

  @Test
  void whatIsNoSealedSecretIsRefusedInWords() {
    SecretsKey key = SecretsKey.of(SecretsKey.random(), folder);
    SecretBox box = new SecretBox(key);

    assertThatThrownBy(() -> box.open("plain text", "key-1"))
        .isInstanceOf(SecretNotOpenedException.class)
        .hasMessageContaining("not a sealed secret");
    assertThatThrownBy(() -> box.open("v2." + key.id() + ".AAAA", "key-1"))
        .isInstanceOf(SecretNotOpenedException.class)
        .hasMessageContaining("format");
    assertThatThrownBy(() -> box.open("v1." + key.id() + ".AAAA", "key-1"))
        .isInstanceOf(SecretNotOpenedException.class)
        .hasMessageContaining("cut short");
    assertThatThrownBy(() -> box.open("v1." + key.id() + ".§", "key-1"))
        .isInstanceOf(SecretNotOpenedException.class)
        .hasMessageContaining("damaged");
  }

  private SecretBox boxWith(String key) {
    return new SecretBox(SecretsKey.of(key, folder));
  }
}
