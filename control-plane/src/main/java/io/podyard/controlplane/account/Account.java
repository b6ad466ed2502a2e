package io.podyard.controlplane.account;

import io.podyard.model.AccountId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account.
 *
 * @param name unique in the installation, 1 to {@value #LONGEST_NAME} printable characters without
 *     white space at its ends
 * @param overdueSince since when it owes money and is refused what would cost more; null if it owes
 *     none
 */
public record Account(
    AccountId id,
    String name,
    AccountRole role,
    Instant createdAt,
    @Nullable Instant overdueSince) {

  static final int LONGEST_NAME = 64;

  /** What a name must be, to follow the word name. */
  public static final String NAME_RULE =
      "has 1 to " + LONGEST_NAME + " printable characters without white space at its ends";

  /**
   * @throws IllegalArgumentException if the name is not allowed
   */
  public Account {
    if (!isName(name)) {
      throw new IllegalArgumentException("the name of an account " + NAME_RULE);
    }
  }

  /** One that owes nothing. */
  public Account(AccountId id, String name, AccountRole role, Instant createdAt) {
    this(id, name, role, createdAt, null);
  }

  /** Whether an account may have this name. */
  public static boolean isName(String name) {
    return !name.isEmpty()
        && name.codePointCount(0, name.length()) <= LONGEST_NAME
        && name.equals(name.strip())
        && name.codePoints()
            .noneMatch(
                c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }
}
