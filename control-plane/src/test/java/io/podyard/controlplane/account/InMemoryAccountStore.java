package io.podyard.controlplane.account;

import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Accounts for tests that are about something else, and a count of what is asked of it. */
public final class InMemoryAccountStore implements AccountStore {

  private final Map<AccountId, Account> accounts = new LinkedHashMap<>();
  private final Map<AccessKeyId, StoredKey> keys = new LinkedHashMap<>();
  private final Map<AccessKeyId, Instant> created = new LinkedHashMap<>();
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
  public synchronized List<Account> page(@Nullable AccountId after, int limit) {
    return accounts.values().stream()
        .sorted(Comparator.comparing(account -> account.id().value()))
        .filter(account -> after == null || account.id().value().compareTo(after.value()) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<KnownKey> keys(AccountId account) {
    return keys.values().stream()
        .filter(key -> key.account().equals(account))
        .map(
            key ->
                new KnownKey(key.id(), key.status(), Objects.requireNonNull(created.get(key.id()))))
        .toList();
  }

  @Override
  public synchronized boolean removeKey(AccountId account, AccessKeyId id) {
    StoredKey key = keys.get(id);
    return key != null && key.account().equals(account) && keys.remove(id) != null;
  }

  @Override
  public synchronized void add(Account account) {
    accounts.put(account.id(), account);
  }

  @Override
  public synchronized void setOverdue(AccountId id, @Nullable Instant since) {
    accounts.computeIfPresent(
        id, (same, a) -> new Account(id, a.name(), a.role(), a.createdAt(), since));
  }

  @Override
  public synchronized Optional<StoredKey> findKey(AccessKeyId id) {
    keyLookups++;
    return Optional.ofNullable(keys.get(id))
        .map(
            key ->
                new StoredKey(
                    id,
                    key.account(),
                    key.role(),
                    find(key.account()).orElseThrow().overdueSince() != null,
                    key.sealedSecret(),
                    key.status()));
  }

  @Override
  public synchronized void addKey(
      AccessKeyId id, AccountId account, String sealedSecret, Instant createdAt) {
    AccountRole role = find(account).orElseThrow().role();
    keys.put(id, new StoredKey(id, account, role, false, sealedSecret, KeyStatus.ACTIVE));
    created.put(id, createdAt);
  }

  @Override
  public synchronized void replaceSecret(AccessKeyId id, String sealedSecret) {
    keys.computeIfPresent(
        id,
        (same, key) ->
            new StoredKey(id, key.account(), key.role(), false, sealedSecret, key.status()));
  }

  @Override
  public synchronized boolean setStatus(AccessKeyId id, KeyStatus status) {
    return keys.computeIfPresent(
            id,
            (same, key) ->
                new StoredKey(id, key.account(), key.role(), false, key.sealedSecret(), status))
        != null;
  }
}
