package io.podyard.controlplane.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.controlplane.secret.SecretBox;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Access keys. What a lookup found is trusted for {@link #TRUSTED}, also that there is no such key;
 * a change made by another process is seen after that time at the latest.
 */
public final class AccessKeys {

  /** How long a key that was switched off elsewhere may still work here. */
  public static final Duration TRUSTED = Duration.ofSeconds(3);

  /** How many keys an account can have; enough to change them one after another. */
  public static final int MOST_OF_AN_ACCOUNT = 20;

  /** Bounds what made-up key ids can occupy. */
  private static final int MOST_TRUSTED = 10_000;

  private static final String ID_PREFIX = "PY";
  private static final int ID_RANDOM_CHARACTERS = 18;
  private static final int SECRET_CHARACTERS = 40;

  private final AccountStore store;
  private final SecretBox box;
  private final RandomGenerator random;
  private final Clock clock;
  private final Cache<AccessKeyId, KeyLookup> found;

  /**
   * @param random unpredictable; secrets come from it
   * @param ticker what ages the trusted lookups
   */
  public AccessKeys(
      AccountStore store, SecretBox box, RandomGenerator random, Clock clock, Ticker ticker) {
    this.store = store;
    this.box = box;
    this.random = random;
    this.clock = clock;
    this.found =
        Caffeine.newBuilder()
            .expireAfterWrite(TRUSTED)
            .maximumSize(MOST_TRUSTED)
            .ticker(ticker)
            .build();
  }

  /**
   * Looks a key up.
   *
   * @throws io.podyard.controlplane.secret.SecretNotOpenedException if its secret was sealed by
   *     another installation's key
   */
  public KeyLookup find(AccessKeyId id) {
    KeyLookup known = found.getIfPresent(id);
    if (known == null) {
      // Not loaded by the cache itself: a slow database must not hold up the keys beside this one.
      known = read(id);
      found.put(id, known);
    }
    return known;
  }

  private KeyLookup read(AccessKeyId id) {
    return store
        .findKey(id)
        .<KeyLookup>map(
            key ->
                switch (key.status()) {
                  case ACTIVE ->
                      new ActiveKey(
                          id,
                          key.account(),
                          key.role() == AccountRole.OPERATOR,
                          key.overdue(),
                          box.open(key.sealedSecret(), id.value()));
                  case INACTIVE -> new KeyLookup.Inactive();
                })
        .orElseGet(KeyLookup.Unknown::new);
  }

  /**
   * Makes a key for an account, unless it has {@link #MOST_OF_AN_ACCOUNT}.
   *
   * @throws IllegalArgumentException if there is no such account
   */
  public Optional<NewAccessKey> createAnother(AccountId account) {
    return store.inTurn(
        () ->
            store.keys(account).size() < MOST_OF_AN_ACCOUNT
                ? Optional.of(create(account))
                : Optional.empty());
  }

  /** The keys of an account, oldest first. */
  public List<KnownKey> of(AccountId account) {
    return store.keys(account);
  }

  /**
   * Removes a key, in this process at once.
   *
   * @return whether the account had such a key
   */
  public boolean remove(AccountId account, AccessKeyId id) {
    boolean removed = store.inTurn(() -> store.removeKey(account, id));
    found.invalidate(id);
    return removed;
  }

  /**
   * Makes a key for an account.
   *
   * @throws IllegalArgumentException if there is no such account
   */
  public NewAccessKey create(AccountId account) {
    NewAccessKey key = random();
    store.inTurn(
        () -> {
          if (store.find(account).isEmpty()) {
            throw new IllegalArgumentException("there is no account " + account);
          }
          add(key.id(), account, key.secret());
          return key;
        });
    found.invalidate(key.id());
    return key;
  }

  /**
   * Switches a key on or off, in this process at once.
   *
   * @return whether there is such a key
   */
  public boolean setStatus(AccessKeyId id, KeyStatus status) {
    boolean there = store.inTurn(() -> store.setStatus(id, status));
    found.invalidate(id);
    return there;
  }

  /**
   * Notes that an account owes money, or owes none any more; its keys know it in this process at
   * once.
   *
   * @return the account as it is now, empty if there is none
   */
  public Optional<Account> setOverdue(AccountId account, boolean overdue) {
    Optional<Account> changed =
        store.inTurn(
            () -> {
              store.setOverdue(
                  account, overdue ? clock.instant().truncatedTo(ChronoUnit.MICROS) : null);
              return store.find(account);
            });
    found
        .asMap()
        .values()
        .removeIf(known -> known instanceof ActiveKey key && key.account().equals(account));
    return changed;
  }

  /** An id and a secret nobody has yet. */
  NewAccessKey random() {
    return new NewAccessKey(
        new AccessKeyId(ID_PREFIX + RandomText.of(random, RandomText.UPPER, ID_RANDOM_CHARACTERS)),
        RandomText.of(random, RandomText.MIXED, SECRET_CHARACTERS));
  }

  /** Adds a key whose id is new; only inside {@link AccountStore#inTurn}. */
  void add(AccessKeyId id, AccountId account, String secret) {
    store.addKey(
        id, account, box.seal(secret, id.value()), clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  /** Gives a key another secret; only inside {@link AccountStore#inTurn}. */
  void replaceSecret(AccessKeyId id, String secret) {
    store.replaceSecret(id, box.seal(secret, id.value()));
  }

  /** Drops what is trusted of a key. */
  void forget(AccessKeyId id) {
    found.invalidate(id);
  }
}
