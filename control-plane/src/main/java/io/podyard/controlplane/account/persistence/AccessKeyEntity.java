package io.podyard.controlplane.account.persistence;

import io.podyard.controlplane.account.KeyStatus;
import io.podyard.controlplane.account.KnownKey;
import io.podyard.controlplane.account.StoredKey;
import io.podyard.model.AccessKeyId;
import io.podyard.model.AccountId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "access_key")
class AccessKeyEntity {

  @Id private String id;

  @ManyToOne(fetch = FetchType.LAZY, optional = false)
  @JoinColumn(name = "account_id")
  private AccountEntity account;

  private String sealedSecret;

  @Enumerated(EnumType.STRING)
  private KeyStatus status;

  private Instant createdAt;

  @SuppressWarnings("NullAway.Init")
  protected AccessKeyEntity() {}

  AccessKeyEntity(
      AccessKeyId id,
      AccountEntity account,
      String sealedSecret,
      KeyStatus status,
      Instant createdAt) {
    this.id = id.value();
    this.account = account;
    this.sealedSecret = sealedSecret;
    this.status = status;
    this.createdAt = createdAt;
  }

  KnownKey toKnownKey() {
    return new KnownKey(new AccessKeyId(id), status, createdAt);
  }

  /** Needs the account to be loaded with the key. */
  StoredKey toKey() {
    return new StoredKey(
        new AccessKeyId(id),
        new AccountId(account.id()),
        account.role(),
        account.isOverdue(),
        sealedSecret,
        status);
  }
}
