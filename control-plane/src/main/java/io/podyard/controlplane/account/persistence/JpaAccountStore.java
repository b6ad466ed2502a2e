package io.podyard.controlplane.account.persistence;

import io.podyard.controlplane.account.Account;
import io.podyard.controlplane.account.AccountRole;
import io.podyard.controlplane.account.AccountStore;
import io.podyard.controlplane.account.KeyStatus;
import io.podyard.controlplane.account.KnownKey;
import io.podyard.controlplane.account.StoredKey;
import io.podyard.controlplane.accountevent.AccountEvents;
import io.podyard.controlplane.accountevent.AccountHappening;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class JpaAccountStore implements AccountStore {

  /** Any number will do as long as nothing else in the database locks it: "accounts" in ASCII. */
  private static final long ACCOUNTS_LOCK = 0x6163636f756e7473L;

  private final EntityManager entities;
  private final AccountRepository accounts;
  private final AccessKeyRepository keys;
  private final TransactionTemplate transaction;
  private final JdbcTemplate jdbc;

  JpaAccountStore(
      EntityManager entities,
      AccountRepository accounts,
      AccessKeyRepository keys,
      PlatformTransactionManager transactions,
      JdbcTemplate jdbc) {
    this.entities = entities;
    this.accounts = accounts;
    this.keys = keys;
    this.transaction = new TransactionTemplate(transactions);
    this.jdbc = jdbc;
  }

  @Override
  public <T> T inTurn(Supplier<T> work) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              accounts.lock(ACCOUNTS_LOCK);
              return work.get();
            }));
  }

  @Override
  public Optional<Account> find(AccountId id) {
    return accounts.findById(id.value()).map(AccountEntity::toAccount);
  }

  @Override
  public Optional<Account> named(String name) {
    return accounts.findByName(name).map(AccountEntity::toAccount);
  }

  @Override
  public Optional<Account> firstOperator() {
    return accounts
        .findFirstByRoleOrderByCreatedAtAscIdAsc(AccountRole.OPERATOR)
        .map(AccountEntity::toAccount);
  }

  @Override
  public List<Account> page(@Nullable AccountId after, int limit) {
    return accounts
        .findByIdGreaterThanOrderById(after == null ? "" : after.value(), Limit.of(limit))
        .stream()
        .map(AccountEntity::toAccount)
        .toList();
  }

  @Override
  public List<KnownKey> keys(AccountId account) {
    return keys.findOfAccount(account.value()).stream().map(AccessKeyEntity::toKnownKey).toList();
  }

  @Override
  public boolean removeKey(AccountId account, AccessKeyId id) {
    return keys.remove(account.value(), id.value()) == 1;
  }

  @Override
  public void add(Account account) {
    entities.persist(new AccountEntity(account));
  }

  @Override
  public void setOverdue(AccountId id, @Nullable Instant since) {
    Optional<Account> before = find(id);
    if (before.isEmpty() || (before.get().overdueSince() == null) == (since == null)) {
      return;
    }
    if (since == null) {
      accounts.clearOverdue(id.value());
      tell(
          id,
          AccountHappening.Reason.ACCOUNT_NOT_OVERDUE,
          Objects.requireNonNull(before.get().overdueSince()),
          "The account owes no money any more.");
    } else {
      accounts.setOverdue(id.value(), since);
      tell(
          id,
          AccountHappening.Reason.ACCOUNT_OVERDUE,
          since,
          "The account owes money: whatever would cost more is refused.");
    }
  }

  private void tell(AccountId id, AccountHappening.Reason reason, Instant since, String message) {
    AccountEvents.add(jdbc, List.of(new AccountHappening(id, reason, since.toString(), message)));
  }

  @Override
  public Optional<StoredKey> findKey(AccessKeyId id) {
    return keys.findWithAccount(id.value()).map(AccessKeyEntity::toKey);
  }

  @Override
  public void addKey(AccessKeyId id, AccountId account, String sealedSecret, Instant createdAt) {
    entities.persist(
        new AccessKeyEntity(
            id,
            entities.getReference(AccountEntity.class, account.value()),
            sealedSecret,
            KeyStatus.ACTIVE,
            createdAt));
  }

  @Override
  public void replaceSecret(AccessKeyId id, String sealedSecret) {
    keys.setSealedSecret(id.value(), sealedSecret);
  }

  @Override
  public boolean setStatus(AccessKeyId id, KeyStatus status) {
    return keys.setStatus(id.value(), status) == 1;
  }
}
