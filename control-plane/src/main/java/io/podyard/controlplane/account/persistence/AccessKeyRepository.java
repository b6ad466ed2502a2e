package io.podyard.controlplane.account.persistence;

import io.podyard.controlplane.account.KeyStatus;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface AccessKeyRepository extends Repository<AccessKeyEntity, String> {

  @Query("select k from AccessKeyEntity k join fetch k.account where k.id = :id")
  Optional<AccessKeyEntity> findWithAccount(String id);

  @Query("select k from AccessKeyEntity k where k.account.id = :account order by k.createdAt, k.id")
  List<AccessKeyEntity> findOfAccount(String account);

  @Modifying(flushAutomatically = true, clearAutomatically = true)
  @Query("delete from AccessKeyEntity k where k.id = :id and k.account.id = :account")
  int remove(String account, String id);

  @Modifying(flushAutomatically = true, clearAutomatically = true)
  @Query("update AccessKeyEntity k set k.sealedSecret = :sealedSecret where k.id = :id")
  int setSealedSecret(String id, String sealedSecret);

  @Modifying(flushAutomatically = true, clearAutomatically = true)
  @Query("update AccessKeyEntity k set k.status = :status where k.id = :id")
  int setStatus(String id, KeyStatus status);
}
