package io.podyard.controlplane.accountevent;

import io.podyard.model.AccountId;

/**
 * Something that an account should know of.
 *
 * @param subject what it is about, in the way that {@link Reason} says; the same reason and subject
 *     again is the same event, once more
 */
public record AccountHappening(AccountId account, Reason reason, String subject, String message) {

  /** What happened; the names are what accounts see, for ever. */
  public enum Reason {
    /** The bill of a month, the subject, is closed. */
    BILL_CLOSED("BillClosed", false),

    /** The bill of a month, the subject, is not closed with those of others. */
    BILL_HELD_UP("BillHeldUp", true),

    /** Usage that has no price; the subject is the item, the region and the month. */
    HOUR_NOT_PRICED("HourNotPriced", true),

    /** A threshold is passed; the subject is the budget, the month and the percentage. */
    BUDGET_THRESHOLD_REACHED("BudgetThresholdReached", true),

    /** The account owes money; the subject is since when. */
    ACCOUNT_OVERDUE("AccountOverdue", true),

    /** The account owes none any more; the subject is since when it did. */
    ACCOUNT_NOT_OVERDUE("AccountNotOverdue", false);

    private final String wireName;
    private final boolean warning;

    Reason(String wireName, boolean warning) {
      this.wireName = wireName;
      this.warning = warning;
    }

    String wireName() {
      return wireName;
    }

    String type() {
      return warning ? "Warning" : "Normal";
    }
  }
}
