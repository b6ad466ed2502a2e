package io.podyard.controlplane.account;

import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where accounts and access keys are kept. */
public interface AccountStore {

  /**
   * Runs work in one transaction, while no other process of the installation runs such work. Inside
   * such work it simply runs. All changes are made in such work.
   */
  <T> T inTurn(Supplier<T> work);

  Optional<Account> find(AccountId id);

  Optional<Account> named(String name);

  /** The operator that was there first. */
  Optional<Account> firstOperator();

  /**
   * Accounts in the order of their ids.
   *
   * @param after the last one of the page before, null for the first page
   */
  List<Account> page(@Nullable AccountId after, int limit);

  /** Adds an account whose id and name are new. */
  void add(Account account);

  /**
   * Notes that an account owes money, or owes none any more.
   *
   * @param since null if it owes none; kept as it is if it did already
   */
  void setOverdue(AccountId id, @Nullable Instant since);

  Optional<StoredKey> findKey(AccessKeyId id);

  /** The keys of an account, oldest first. */
  List<KnownKey> keys(AccountId account);

  /** Adds an active key whose id is new, of an account that exists. */
  void addKey(AccessKeyId id, AccountId account, String sealedSecret, Instant createdAt);

  /** Gives a key that exists another secret. */
  void replaceSecret(AccessKeyId id, String sealedSecret);

  /**
   * Switches a key on or off.
   *
   * @return whether there is such a key
   */
  boolean setStatus(AccessKeyId id, KeyStatus status);

  /**
   * Removes a key.
   *
   * @return whether the account had such a key
   */
  boolean removeKey(AccountId account, AccessKeyId id);
}
