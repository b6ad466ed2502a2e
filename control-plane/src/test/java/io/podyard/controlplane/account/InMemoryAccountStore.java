package io.podyard.controlplane.account;

import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Accounts for tests that are about something else, and a count of what is asked of it. */
public final class InMemoryAccountStore implements AccountStore {

  private final Map<AccountId, Account> accounts = new LinkedHashMap<>();
  private final Map<AccessKeyId, StoredKey> keys = new LinkedHashMap<>();
  private int keyLookups;

  public synchronized int keyLookups() {
    return keyLookups;
  }

  @Override
  public synchronized <T> T inTurn(Supplier<T> work) {
    return work.get();
  }

  @Override
  public synchronized Optional<Account> find(AccountId id) {
    return Optional.ofNullable(accounts.get(id));
  }

  @Override
  public synchronized Optional<Account> named(String name) {
    return accounts.values().stream().filter(account -> account.name().equals(name)).findFirst();
  }

  @Override
  public synchronized Optional<Account> firstOperator() {
    return accounts.values().stream()
        .filter(account -> account.role() == AccountRole.OPERATOR)
        .findFirst();
  }

  @Override
  public synchronized void add(Account account) {
    accounts.put(account.id(), account);
  }

  @Override
  public synchronized Optional<StoredKey> findKey(AccessKeyId id) {
    keyLookups++;
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public synchronized void addKey(
      AccessKeyId id, AccountId account, String sealedSecret, Instant createdAt) {
    AccountRole role = find(account).orElseThrow().role();
    keys.put(id, new StoredKey(id, account, role, sealedSecret, KeyStatus.ACTIVE));
  }

  @Override
  public synchronized void replaceSecret(AccessKeyId id, String sealedSecret) {
    keys.computeIfPresent(
        id,
        (same, key) -> new StoredKey(id, key.account(), key.role(), sealedSecret, key.status()));
  }

  @Override
  public synchronized boolean setStatus(AccessKeyId id, KeyStatus status) {
    return keys.computeIfPresent(
            id,
            (same, key) -> new StoredKey(id, key.account(), key.role(), key.sealedSecret(), status))
        != null;
  }
}
