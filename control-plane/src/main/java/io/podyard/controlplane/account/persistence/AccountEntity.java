package io.podyard.controlplane.account.persistence;

import io.podyard.controlplane.account.Account;
import io.podyard.controlplane.account.AccountRole;
import io.podyard.model.AccountId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "account")
class AccountEntity {

  @Id private String id;

  private String name;

  @Enumerated(EnumType.STRING)
  private AccountRole role;

  private Instant createdAt;

  private @Nullable Instant overdueSince;

  @SuppressWarnings("NullAway.Init")
  protected AccountEntity() {}

  AccountEntity(Account account) {
    this.id = account.id().value();
    this.name = account.name();
    this.role = account.role();
    this.createdAt = account.createdAt();
    this.overdueSince = account.overdueSince();
  }

  String id() {
    return id;
  }

  AccountRole role() {
    return role;
  }

  boolean isOverdue() {
    return overdueSince != null;
  }

  Account toAccount() {
    return new Account(new AccountId(id), name, role, createdAt, overdueSince);
  }
}
