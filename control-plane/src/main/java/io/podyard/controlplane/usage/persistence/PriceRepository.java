package io.podyard.controlplane.usage.persistence;

import java.time.Instant;
import java.util.List;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface PriceRepository extends Repository<PriceEntity, Long> {

  List<PriceEntity> findAll();

  boolean existsByIdIsNotNull();

  boolean existsByItem(String item);

  void saveAll(Iterable<PriceEntity> prices);

  /** Only of a price that goes on until then. */
  @Modifying(flushAutomatically = true, clearAutomatically = true)
  @Query(
      """
      update PriceEntity p set p.validTo = :until
      where p.region = :region and p.item = :item and p.validFrom = :since
      """)
  int end(String region, String item, Instant since, Instant until);

  @Modifying(flushAutomatically = true, clearAutomatically = true)
  @Query(
      """
      delete from PriceEntity p
      where p.region = :region and p.item = :item and p.validFrom = :since
      """)
  int remove(String region, String item, Instant since);

  /** Waits for the lock and holds it until the end of the transaction. */
  @Query(nativeQuery = true, value = "select 1 from pg_advisory_xact_lock(:lock)")
  int lock(long lock);
}
