package io.podyard.controlplane.settlement;

import io.podyard.billing.Agreements;
import io.podyard.billing.Hour;
import io.podyard.model.AccountId;
import java.util.List;

/** What accounts pay otherwise than the price book says, as the database has it right now. */
public interface AgreementsOf {

  Agreements of(AccountId account);

  /** Accounts with agreements that are valid in an hour: some cost money whether used or not. */
  List<AccountId> validIn(Hour hour);
}
