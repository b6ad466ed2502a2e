package io.podyard.controlplane.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretNotOpenedException;
import io.podyard.controlplane.secret.SecretsKey;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessKeysTest {

  private final SteppedTime time = new SteppedTime(Instant.parse("2026-01-01T00:00:00Z"));
  private final InMemoryAccountStore store = new InMemoryAccountStore();
  private final SecretBox box = box();
  private final AccessKeys keys = keys();
  private final AccessKeys ofOtherProcess = keys();
  private AccountId account;

  private static SecretBox box() {
    return new SecretBox(SecretsKey.of(SecretsKey.random(), Path.of("not-used")));
  }

  private AccessKeys keys() {
    return new AccessKeys(store, box, new Random(7), time, time.ticker());
  }

  @BeforeEach
  void makeAccount() {
    account =
        ((AccountCreation.Created) new Accounts(store, new Random(7), time).create("first"))
            .account()
            .id();
  }

  @Test
  void aNewKeyIsFoundWithItsSecret() {
    NewAccessKey made = keys.create(account);
    assertThat(made.id().value()).matches("PY[A-Z0-9]{18}");
    assertThat(made.secret()).matches("[A-Za-z0-9]{40}");
    assertThat(keys.find(made.id()))
        .isEqualTo(new ActiveKey(made.id(), account, true, false, made.secret()));
  }

  @Test
  void aNewKeyWorksAlthoughSomebodyAskedForItBefore() {
    AccessKeyId next = keys().random().id();
    assertThat(keys.find(next)).isEqualTo(new KeyLookup.Unknown());
    assertThat(keys.create(account).id()).isEqualTo(next);
    assertThat(keys.find(next)).isInstanceOf(ActiveKey.class);
  }

  @Test
  void thereIsNoKeyWithoutAnAccount() {
    assertThatThrownBy(() -> keys.create(new AccountId("acct-nobody")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("acct-nobody");
  }

  @Test
  void aLookupIsTrustedForAMomentAndNoLonger() {
    NewAccessKey made = keys.create(account);
    int before = store.keyLookups();
    for (int i = 0; i < 100; i++) {
      keys.find(made.id());
    }
    assertThat(store.keyLookups()).isEqualTo(before + 1);
    time.advance(AccessKeys.TRUSTED);
    keys.find(made.id());
    assertThat(store.keyLookups()).isEqualTo(before + 2);
  }

  @Test
  void thatThereIsNoKeyIsTrustedToo() {
    AccessKeyId unknown = new AccessKeyId("PYUNKNOWN");
    for (int i = 0; i < 100; i++) {
      assertThat(keys.find(unknown)).isEqualTo(new KeyLookup.Unknown());
    }
    assertThat(store.keyLookups()).isEqualTo(1);
  }

  @Test
  void aKeySwitchedOffIsOffHereAtOnceAndElsewhereSoon() {
    AccessKeyId id = keys.create(account).id();
    assertThat(ofOtherProcess.find(id)).isInstanceOf(ActiveKey.class);
    assertThat(keys.setStatus(id, KeyStatus.INACTIVE)).isTrue();
    assertThat(keys.find(id)).isEqualTo(new KeyLookup.Inactive());
    assertThat(ofOtherProcess.find(id)).isInstanceOf(ActiveKey.class);
    time.advance(AccessKeys.TRUSTED.plus(Duration.ofMillis(1)));
    assertThat(ofOtherProcess.find(id)).isEqualTo(new KeyLookup.Inactive());
    keys.setStatus(id, KeyStatus.ACTIVE);
    assertThat(keys.find(id)).isInstanceOf(ActiveKey.class);
  }

  private static boolean isOverdue(KeyLookup known) {
    return known instanceof ActiveKey key && key.overdue();
  }

  @Test
  void anOverdueAccountIsKnownHereAtOnceAndElsewhereSoon() {
    AccessKeyId id = keys.create(account).id();
    assertThat(isOverdue(keys.find(id))).isFalse();
    assertThat(isOverdue(ofOtherProcess.find(id))).isFalse();
    assertThat(keys.setOverdue(account, true)).isPresent();
    assertThat(isOverdue(keys.find(id))).isTrue();
    assertThat(isOverdue(ofOtherProcess.find(id))).isFalse();
    time.advance(AccessKeys.TRUSTED.plus(Duration.ofMillis(1)));
    assertThat(isOverdue(ofOtherProcess.find(id))).isTrue();
    assertThat(keys.setOverdue(account, false)).isPresent();
    assertThat(isOverdue(keys.find(id))).isFalse();
    assertThat(keys.setOverdue(new AccountId("acct-nobody"), true)).isEmpty();
  }

  @Test
  void aKeyThatDoesNotExistCannotBeSwitched() {
    assertThat(keys.setStatus(new AccessKeyId("PYUNKNOWN"), KeyStatus.INACTIVE)).isFalse();
  }

  @Test
  void aSecretSealedByAnotherInstallationIsNoUnknownKey() {
    AccessKeyId id = keys.create(account).id();
    AccessKeys stranger = new AccessKeys(store, box(), new Random(7), time, time.ticker());
    assertThatThrownBy(() -> stranger.find(id)).isInstanceOf(SecretNotOpenedException.class);
  }

  @Test
  void noSecretIsInAnyText() {
    NewAccessKey made = keys.create(account);
    assertThat(made.toString() + keys.find(made.id()) + store.findKey(made.id()))
        .doesNotContain(made.secret());
    assertThat(new FirstKey.Usable(made.id(), made.secret(), true).toString())
        .doesNotContain(made.secret());
  }
}
