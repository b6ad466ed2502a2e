package io.podyard.controlplane.account;

import io.podyard.model.AccountId;
import java.time.Instant;

/**
 * An account.
 *
 * @param name unique in the installation, 1 to {@value #LONGEST_NAME} printable characters without
 *     white space at its ends
 */
public record Account(AccountId id, String name, AccountRole role, Instant createdAt) {

  static final int LONGEST_NAME = 64;

  /**
   * @throws IllegalArgumentException if the name is not allowed
   */
  public Account {
    boolean printable =
        name.codePoints()
            .noneMatch(
                c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    if (name.isEmpty()
        || name.codePointCount(0, name.length()) > LONGEST_NAME
        || !name.equals(name.strip())
        || !printable) {
      throw new IllegalArgumentException(
          "the name of an account has 1 to "
              + LONGEST_NAME
              + " printable characters without white space at its ends");
    }
  }
}
