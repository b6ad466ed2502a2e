package io.podyard.controlplane.account;

import io.podyard.model.AccountId;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The accounts of the installation. */
public final class Accounts {

  private static final String ID_PREFIX = "acct-";
  private static final int ID_RANDOM_CHARACTERS = 16;

  private final AccountStore store;
  private final RandomGenerator random;
  private final Clock clock;

  public Accounts(AccountStore store, RandomGenerator random, Clock clock) {
    this.store = store;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Makes an account. The first one of an installation is its operator.
   *
   * @throws IllegalArgumentException if the name is not allowed, see {@link Account}
   */
  public AccountCreation create(String name) {
    return store.inTurn(
        () -> {
          Optional<Account> holder = store.named(name);
          if (holder.isPresent()) {
            return new AccountCreation.NameTaken(holder.get());
          }
          Account account =
              new Account(
                  new AccountId(
                      ID_PREFIX + RandomText.of(random, RandomText.LOWER, ID_RANDOM_CHARACTERS)),
                  name,
                  store.firstOperator().isEmpty() ? AccountRole.OPERATOR : AccountRole.USER,
                  clock.instant().truncatedTo(ChronoUnit.MICROS));
          store.add(account);
          return new AccountCreation.Created(account);
        });
  }

  public Optional<Account> find(AccountId id) {
    return store.find(id);
  }

  /**
   * Accounts in the order of their ids.
   *
   * @param after the last one of the page before, null for the first page
   */
  public List<Account> page(@Nullable AccountId after, int limit) {
    return store.page(after, limit);
  }
}
