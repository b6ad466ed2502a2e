package io.podyard.controlplane.usage;

import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.billing.InvalidPriceBookException;
import io.podyard.billing.Item;
import io.podyard.billing.Price;
import io.podyard.billing.PriceBook;
import io.podyard.billing.PriceBookFile;
import io.podyard.billing.Tariff;
import io.podyard.model.RegionId;
import io.podyard.model.Size;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The prices of the installation. What was read is trusted for {@link #TRUSTED}; a price that is
 * added later counts from then on, which is why prices are announced ahead of their first second.
 */
public final class Prices {

  /** How long a change of the table may go unnoticed. */
  public static final Duration TRUSTED = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Prices.class);

  private record Known(PriceBook book, long readAt) {}

  private final PriceStore store;
  private final Clock clock;
  private final Ticker ticker;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable Known known;

  /**
   * @param ticker what ages the prices that were read
   */
  public Prices(PriceStore store, Clock clock, Ticker ticker) {
    this.store = store;
    this.clock = clock;
    this.ticker = ticker;
  }

  /**
   * Fills the table at the first start of the installation and reads it.
   *
   * @throws IllegalStateException if the table holds prices that contradict one another; what is
   *     served would be billed by chance
   */
  public void start() {
    PriceBook shipped = PriceBookFile.shipped();
    if (store.fillIfEmpty(shipped.prices())) {
      log.info(
          "The price table was empty and got the {} published prices", shipped.prices().size());
    } else {
      addNew(shipped);
    }
    try {
      known = new Known(PriceBook.of(store.all()), ticker.read());
    } catch (InvalidPriceBookException | IllegalArgumentException e) {
      throw new IllegalStateException("the table price cannot be used: " + e.getMessage(), e);
    }
  }

  /** Items that every table of prices has had from its beginning, or lacks on purpose. */
  private static final Set<Item> FIRST_ITEMS = Set.of(Item.VCPU, Item.MEMORY);

  /** Prices of items that a later release brings and the table knows nothing of, if they fit in. */
  private void addNew(PriceBook shipped) {
    try {
      List<Price> there = store.all();
      Set<Item> known = there.stream().map(Price::item).collect(Collectors.toSet());
      List<Price> fresh =
          shipped.prices().stream()
              .filter(price -> !FIRST_ITEMS.contains(price.item()))
              .filter(price -> !known.contains(price.item()))
              .toList();
      if (fresh.isEmpty()) {
        return;
      }
      PriceBook _ = PriceBook.of(Stream.concat(there.stream(), fresh.stream()).toList());
      if (store.addItems(fresh)) {
        log.info("The price table got {} published prices of new items", fresh.size());
      }
    } catch (InvalidPriceBookException | IllegalArgumentException e) {
      log.info("Published prices of new items do not go with the others: {}", e.getMessage());
    }
  }

  /** The prices, at most {@link #TRUSTED} old while the database answers. */
  public PriceBook book() {
    Known current = known;
    if (current == null) {
      throw new IllegalStateException("prices are used before they were read");
    }
    // One caller renews the book; those who come meanwhile use what there is.
    if (ticker.read() - current.readAt() > TRUSTED.toNanos() && reading.tryLock()) {
      try {
        current = new Known(read(current.book()), ticker.read());
        known = current;
      } finally {
        reading.unlock();
      }
    }
    return current.book();
  }

  private PriceBook read(PriceBook last) {
    try {
      return PriceBook.of(store.all());
    } catch (InvalidPriceBookException | IllegalArgumentException e) {
      log.error("The table price cannot be used, the last good prices stay: {}", e.getMessage());
    } catch (DataAccessException e) {
      log.warn("Prices are read later: {}", e.getMessage());
    }
    return last;
  }

  /** A size, and by which items it is charged. */
  public record Charged(Size size, Tariff tariff) {}

  /**
   * By which items an instance type is charged: as a whole if it has a price of its own, else its
   * vCPU and memory; one with GPUs has to have its own, because GPUs as such have none.
   */
  public Tariff ofInstanceType(RegionId region, String name, boolean hasGpus) {
    Tariff whole = Tariff.ofInstanceType(name);
    boolean priced = book().find(region, whole.items().getFirst(), clock.instant()).isPresent();
    return priced || hasGpus ? whole : Tariff.STANDARD;
  }

  /** The same of one size that is charged by vCPU and memory. */
  public void require(RegionId region, Size size) {
    require(region, List.of(new Charged(size, Tariff.STANDARD)));
  }

  /**
   * Makes sure that everything that groups of these sizes use has a price now.
   *
   * @throws ApiException naming each item without one, and the region
   */
  public void require(RegionId region, List<Charged> sizes) {
    Set<Item> used =
        sizes.stream()
            .flatMap(
                one ->
                    one.tariff().items().stream()
                        .filter(item -> item.quantity(one.size()).signum() > 0))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<Item> missing = book().unpriced(region, used, clock.instant());
    if (!missing.isEmpty()) {
      throw new ApiException(
          ErrorCode.ZONE_NOT_ON_SALE,
          ("Nothing can be created in region %s: no price for item %s there."
                  + " Whoever runs this installation can add one.")
              .formatted(
                  region, missing.stream().map(Item::code).collect(Collectors.joining(", "))));
    }
  }
}
