package io.podyard.controlplane.account;

import io.podyard.controlplane.secret.SecretBox;
import io.podyard.controlplane.secret.SecretNotOpenedException;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccessKeyId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that an installation has an operator with an access key. The settings say which key;
 * where they are silent, one is made at the first start and kept in the file {@value
 * CredentialsFile#NAME} of the data folder. Any number of processes may start at once.
 */
public final class FirstAccount {

  private static final Logger log = LoggerFactory.getLogger(FirstAccount.class);
  private static final String NAME = "operator";
  private static final int LONGEST_SECRET = 256;

  private final AccountStore store;
  private final Accounts accounts;
  private final AccessKeys keys;
  private final SecretBox box;
  private final PodyardSettings settings;

  public FirstAccount(
      AccountStore store,
      Accounts accounts,
      AccessKeys keys,
      SecretBox box,
      PodyardSettings settings) {
    this.store = store;
    this.accounts = accounts;
    this.keys = keys;
    this.box = box;
    this.settings = settings;
  }

  /**
   * Makes the first account and its key where they are missing. A key that the settings give is
   * made if there is none of this id, and gets the settings' secret if it has another.
   *
   * @throws IllegalStateException if the settings give half a key or one that is not allowed, or
   *     the kept file is damaged; the message says what to do
   */
  public FirstKey ensure() {
    String id = given(settings.accessKeyId());
    String secret = given(settings.accessKeySecret());
    if (id == null && secret == null) {
      return kept();
    }
    if (id == null || secret == null) {
      throw new IllegalStateException(
          "PODYARD_ACCESS_KEY_ID and PODYARD_ACCESS_KEY_SECRET belong together, but only "
              + (id == null ? "the secret" : "the id")
              + " is set");
    }
    return configured(configuredId(id), configuredSecret(secret));
  }

  private FirstKey configured(AccessKeyId id, String secret) {
    FirstKey key =
        store.inTurn(
            () -> {
              Account operator = operator();
              Optional<StoredKey> known = store.findKey(id);
              if (known.isEmpty()) {
                keys.add(id, operator.id(), secret);
                return new FirstKey.Usable(id, secret, true);
              }
              if (!opensTo(known.get(), secret)) {
                log.info("Access key {} gets the secret that the settings give", id);
                keys.replaceSecret(id, secret);
              }
              if (known.get().status() == KeyStatus.INACTIVE) {
                log.warn("Access key {} of the settings is switched off and stays so", id);
              }
              return new FirstKey.Usable(id, secret, false);
            });
    keys.forget(id);
    return key;
  }

  private FirstKey kept() {
    CredentialsFile file = new CredentialsFile(settings.dataDir());
    return store.inTurn(
        () -> {
          if (store.firstOperator().isEmpty()) {
            // On the disk before the commit: a key nobody can look up would lock everyone out.
            NewAccessKey key = file.readOrCreate(keys::random);
            keys.add(key.id(), operator().id(), key.secret());
            return new FirstKey.Usable(key.id(), key.secret(), true);
          }
          Optional<NewAccessKey> kept = file.read();
          if (kept.isEmpty()) {
            return new FirstKey.KeptElsewhere();
          }
          NewAccessKey key = kept.get();
          boolean works =
              store.findKey(key.id()).filter(known -> opensTo(known, key.secret())).isPresent();
          if (!works) {
            log.warn(
                "{} holds key {}, which this database does not know with that secret; remove the"
                    + " file if it belongs to another database",
                file.path(),
                key.id());
            return new FirstKey.KeptElsewhere();
          }
          return new FirstKey.Usable(key.id(), key.secret(), false);
        });
  }

  private Account operator() {
    return store
        .firstOperator()
        .orElseGet(
            () ->
                switch (accounts.create(NAME)) {
                  case AccountCreation.Created created -> created.account();
                  case AccountCreation.NameTaken taken ->
                      throw new IllegalStateException(
                          "there is no operator, and account %s has the name %s"
                              .formatted(taken.holder().id(), NAME));
                });
  }

  private boolean opensTo(StoredKey key, String secret) {
    try {
      return box.open(key.sealedSecret(), key.id().value()).equals(secret);
    } catch (SecretNotOpenedException e) {
      log.warn("The secret of access key {} cannot be opened: {}", key.id(), e.getMessage());
      return false;
    }
  }

  private static @Nullable String given(@Nullable String setting) {
    return setting == null || setting.isBlank() ? null : setting.strip();
  }

  private static AccessKeyId configuredId(String id) {
    try {
      return new AccessKeyId(id);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("PODYARD_ACCESS_KEY_ID: " + e.getMessage(), e);
    }
  }

  private static String configuredSecret(String secret) {
    if (secret.length() > LONGEST_SECRET) {
      throw new IllegalStateException(
          "PODYARD_ACCESS_KEY_SECRET has at most %d characters, not %d"
              .formatted(LONGEST_SECRET, secret.length()));
    }
    return secret;
  }
}
