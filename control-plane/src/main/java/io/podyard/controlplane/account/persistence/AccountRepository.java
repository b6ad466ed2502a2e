package io.podyard.controlplane.account.persistence;

import io.podyard.controlplane.account.AccountRole;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface AccountRepository extends Repository<AccountEntity, String> {

  Optional<AccountEntity> findById(String id);

  Optional<AccountEntity> findByName(String name);

  Optional<AccountEntity> findFirstByRoleOrderByCreatedAtAscIdAsc(AccountRole role);

  List<AccountEntity> findByIdGreaterThanOrderById(String id, Limit limit);

  @Modifying(flushAutomatically = true, clearAutomatically = true)
  @Query(
      """
      update AccountEntity a set a.overdueSince = coalesce(a.overdueSince, :since)
      where a.id = :id
      """)
  int setOverdue(String id, Instant since);

  @Modifying(flushAutomatically = true, clearAutomatically = true)
  @Query("update AccountEntity a set a.overdueSince = null where a.id = :id")
  int clearOverdue(String id);

  /** Waits for the lock and holds it until the end of the transaction. */
  @Query(nativeQuery = true, value = "select 1 from pg_advisory_xact_lock(:lock)")
  int lock(long lock);
}
