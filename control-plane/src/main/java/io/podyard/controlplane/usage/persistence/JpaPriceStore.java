package io.podyard.controlplane.usage.persistence;

import io.podyard.billing.Price;
import io.podyard.controlplane.usage.PriceStore;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class JpaPriceStore implements PriceStore {

  /** Any number will do as long as nothing else in the database locks it: "prices" in ASCII. */
  private static final long PRICES_LOCK = 0x707269636573L;

  private final PriceRepository prices;
  private final TransactionTemplate transaction;
  private final Clock clock;

  JpaPriceStore(PriceRepository prices, PlatformTransactionManager transactions, Clock clock) {
    this.prices = prices;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  @Override
  public List<Price> all() {
    return prices.findAll().stream().map(PriceEntity::toPrice).flatMap(Optional::stream).toList();
  }

  private void save(List<Price> fresh) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    prices.saveAll(fresh.stream().map(price -> new PriceEntity(price, now)).toList());
  }

  @Override
  public boolean fillIfEmpty(List<Price> first) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              prices.lock(PRICES_LOCK);
              if (prices.existsByIdIsNotNull()) {
                return false;
              }
              save(first);
              return true;
            }));
  }

  @Override
  public boolean addForNewItems(List<Price> more) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              prices.lock(PRICES_LOCK);
              List<Price> fresh =
                  more.stream().filter(price -> !prices.existsByItem(price.item().code())).toList();
              save(fresh);
              return !fresh.isEmpty();
            }));
  }
}
