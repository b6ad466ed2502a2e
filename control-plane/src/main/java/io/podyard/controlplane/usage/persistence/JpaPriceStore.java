package io.podyard.controlplane.usage.persistence;

import io.podyard.billing.Price;
import io.podyard.billing.PriceChange;
import io.podyard.controlplane.usage.PriceChangeLog;
import io.podyard.controlplane.usage.PriceStore;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class JpaPriceStore implements PriceStore {

  /** Any number will do as long as nothing else in the database locks it: "prices" in ASCII. */
  private static final long PRICES_LOCK = 0x707269636573L;

  private final PriceRepository prices;
  private final PriceChangeLog changes;
  private final TransactionTemplate transaction;
  private final Clock clock;

  JpaPriceStore(
      PriceRepository prices,
      PriceChangeLog changes,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.prices = prices;
    this.changes = changes;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  @Override
  public List<Price> all() {
    return prices.findAll().stream().map(PriceEntity::toPrice).flatMap(Optional::stream).toList();
  }

  @Override
  public void lock() {
    prices.lock(PRICES_LOCK);
  }

  @Override
  public void change(PriceChange change) {
    List<Price> fresh = new ArrayList<>(change.added());
    for (Price price : change.gone()) {
      Optional<Price> ended = fresh.stream().filter(price::endsAs).findFirst();
      int rows =
          ended.isPresent()
              ? prices.end(
                  price.region().value(),
                  price.item().code(),
                  price.validFrom(),
                  Objects.requireNonNull(ended.get().validTo()))
              : prices.remove(price.region().value(), price.item().code(), price.validFrom());
      if (rows != 1) {
        throw new IllegalStateException("there are %d rows of %s".formatted(rows, price));
      }
      ended.ifPresent(fresh::remove);
    }
    save(fresh);
  }

  private void save(List<Price> fresh) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    prices.saveAll(fresh.stream().map(price -> new PriceEntity(price, now)).toList());
  }

  private void saveOurs(List<Price> fresh) {
    save(fresh);
    changes.add(null, List.of(), fresh);
  }

  @Override
  public boolean fillIfEmpty(List<Price> first) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              lock();
              if (prices.existsByIdIsNotNull()) {
                return false;
              }
              saveOurs(first);
              return true;
            }));
  }

  @Override
  public boolean addForNewItems(List<Price> more) {
    return Boolean.TRUE.equals(
        transaction.execute(
            status -> {
              lock();
              List<Price> fresh =
                  more.stream().filter(price -> !prices.existsByItem(price.item().code())).toList();
              if (fresh.isEmpty()) {
                return false;
              }
              saveOurs(fresh);
              return true;
            }));
  }
}
