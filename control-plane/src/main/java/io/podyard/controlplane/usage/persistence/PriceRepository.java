package io.podyard.controlplane.usage.persistence;

import java.util.List;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface PriceRepository extends Repository<PriceEntity, Long> {

  List<PriceEntity> findAll();

  boolean existsByIdIsNotNull();

  boolean existsByItem(String item);

  void saveAll(Iterable<PriceEntity> prices);

  /** Waits for the lock and holds it until the end of the transaction. */
  @Query(nativeQuery = true, value = "select 1 from pg_advisory_xact_lock(:lock)")
  int lock(long lock);
}
