package io.podyard.controlplane.usage;

import com.github.benmanes.caffeine.cache.Ticker;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.billing.InvalidPriceBookException;
import io.podyard.billing.Item;
import io.podyard.billing.Metered;
import io.podyard.billing.MissingPriceException;
import io.podyard.billing.Price;
import io.podyard.billing.PriceBook;
import io.podyard.billing.PriceBookFile;
import io.podyard.billing.Rating;
import io.podyard.billing.SpotShare;
import io.podyard.billing.SpotShares;
import io.podyard.billing.Tariff;
import io.podyard.model.Money;
import io.podyard.model.RegionId;
import io.podyard.model.ZoneId;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The prices of the installation. What was read is trusted for {@link #TRUSTED}; a price that is
 * added later counts from then on, which is why prices are announced ahead of their first second.
 */
public final class Prices implements SpotPricing {

  /** How long a change of the table may go unnoticed. */
  public static final Duration TRUSTED = Duration.ofSeconds(5);

  private static final long SECONDS_OF_AN_HOUR = 3600;

  private static final Logger log = LoggerFactory.getLogger(Prices.class);

  private record Known(PriceBook book, long readAt) {}

  private final PriceStore store;
  private final SpotPriceTable spotTable;
  private final @Nullable BigDecimal firstSpotShare;

  /** All there are, as far as they were read; used by whoever reads. */
  private final List<SpotShare> spotShares = new ArrayList<>();

  private long lastSpotRow;
  private long lastSpotRowOfItems;
  private SpotShares spot = SpotShares.NONE;
  private final Clock clock;
  private final Ticker ticker;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile @Nullable Known known;

  /**
   * @param firstSpotShare what spot groups cost from the first start on, null for nothing
   * @param ticker what ages the prices that were read
   */
  public Prices(
      PriceStore store,
      SpotPriceTable spotTable,
      @Nullable BigDecimal firstSpotShare,
      Clock clock,
      Ticker ticker) {
    this.store = store;
    this.spotTable = spotTable;
    this.firstSpotShare = firstSpotShare;
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
    if (firstSpotShare != null && spotTable.fillIfEmpty(firstSpotShare)) {
      log.info("Spot groups cost {} of what others do, from now on", firstSpotShare);
    }
    try {
      known = new Known(PriceBook.of(store.all()).withSpot(readSpot()), ticker.read());
    } catch (InvalidPriceBookException | IllegalArgumentException e) {
      throw new IllegalStateException("the table price cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Adds invented prices for items that have none at all, to try them out.
   *
   * @throws IllegalStateException if they contradict what is in the table
   */
  public void addExamples() {
    if (store.addForNewItems(PriceBookFile.examples().prices())) {
      log.warn("Invented example prices were added: PODYARD_EXAMPLE_PRICES is set");
      start();
    }
  }

  /** Items that every table of prices has had from its beginning, or lacks on purpose. */
  private static final Set<Item> FIRST_ITEMS = Set.of(Item.VCPU, Item.MEMORY);

  /** Prices of items that a later release brings and the table knows nothing of, if they fit in. */
  private void addNew(PriceBook shipped) {
    try {
      List<Price> there = store.all();
      List<Price> fresh =
          shipped.prices().stream().filter(price -> !FIRST_ITEMS.contains(price.item())).toList();
      PriceBook _ = PriceBook.of(Stream.concat(there.stream(), unknown(fresh, there)).toList());
      if (store.addForNewItems(fresh)) {
        log.info("The price table got the published prices of new items");
      }
    } catch (InvalidPriceBookException | IllegalArgumentException e) {
      log.info("Published prices of new items do not go with the others: {}", e.getMessage());
    }
  }

  private static Stream<Price> unknown(List<Price> fresh, List<Price> there) {
    Set<Item> known = there.stream().map(Price::item).collect(Collectors.toSet());
    return fresh.stream().filter(price -> !known.contains(price.item()));
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

  /**
   * The prices as the database has them right now.
   *
   * @throws InvalidPriceBookException if prices contradict one another
   * @throws IllegalArgumentException if one of them cannot be a price
   * @throws DataAccessException if they cannot be read
   * @throws TransactionException likewise
   */
  public PriceBook fresh() {
    reading.lock();
    try {
      PriceBook book = PriceBook.of(store.all()).withSpot(readSpot());
      known = new Known(book, ticker.read());
      return book;
    } finally {
      reading.unlock();
    }
  }

  private PriceBook read(PriceBook last) {
    try {
      return PriceBook.of(store.all()).withSpot(readSpot());
    } catch (InvalidPriceBookException | IllegalArgumentException e) {
      log.error("The table price cannot be used, the last good prices stay: {}", e.getMessage());
    } catch (DataAccessException | TransactionException e) {
      log.warn("Prices are read later: {}", e.getMessage());
    }
    return last;
  }

  /** Rows are only ever added, so those that are known are not read again. */
  private SpotShares readSpot() {
    List<SpotPriceTable.Row> more = spotTable.after(lastSpotRow);
    List<SpotPriceTable.Row> moreOfItems = spotTable.ofItemsAfter(lastSpotRowOfItems);
    if (!more.isEmpty() || !moreOfItems.isEmpty()) {
      more.forEach(row -> spotShares.add(row.share()));
      moreOfItems.forEach(row -> spotShares.add(row.share()));
      lastSpotRow = more.isEmpty() ? lastSpotRow : more.getLast().id();
      lastSpotRowOfItems = moreOfItems.isEmpty() ? lastSpotRowOfItems : moreOfItems.getLast().id();
      spot = SpotShares.of(spotShares);
    }
    return spot;
  }

  /** The same at the prices of now: of a group that is not protected. */
  public Optional<Money> spotPricePerHour(RegionId region, @Nullable ZoneId zone, Metered metered) {
    return spotPricePerHour(region, zone, metered, clock.instant());
  }

  @Override
  public Optional<Money> spotPricePerHour(
      RegionId region, @Nullable ZoneId zone, Metered metered, Instant at) {
    return spotPricePerHour(book(), region, zone, metered, at);
  }

  @Override
  public SpotPricing asKnown() {
    PriceBook book = book();
    return (region, zone, metered, at) -> spotPricePerHour(book, region, zone, metered, at);
  }

  private static Optional<Money> spotPricePerHour(
      PriceBook book, RegionId region, @Nullable ZoneId zone, Metered metered, Instant at) {
    try {
      return Rating.spotPricePerSecond(metered, region, zone, at, book)
          .map(price -> PriceChanges.times(price, SECONDS_OF_AN_HOUR));
    } catch (MissingPriceException e) {
      return Optional.empty();
    }
  }

  /**
   * By which items an instance type is charged: as a whole if it has a price of its own, else its
   * vCPU, memory and GPUs, these at the price of their model if that has one.
   *
   * @param gpuModel empty for a type without GPUs
   */
  public Tariff ofInstanceType(RegionId region, String name, String gpuModel) {
    if (isPriced(region, new Item(name))) {
      return Tariff.ofInstanceType(name);
    }
    return Item.gpuOf(gpuModel)
        .filter(item -> isPriced(region, item))
        .map(item -> new Tariff(item.code()))
        .orElse(Tariff.STANDARD);
  }

  /** Whether everything that is metered of a group has a price now. */
  public boolean isPriced(RegionId region, Metered group) {
    return unpriced(region, List.of(group)).isEmpty();
  }

  private boolean isPriced(RegionId region, Item item) {
    return book().find(region, item, clock.instant()).isPresent();
  }

  /** The same of one group. */
  public void require(RegionId region, Metered metered) {
    require(region, List.of(metered));
  }

  /**
   * Makes sure that everything that is metered of groups has a price now.
   *
   * @throws ApiException naming each item without one, and the region
   */
  public void require(RegionId region, List<Metered> groups) {
    Set<Item> missing = unpriced(region, groups);
    if (!missing.isEmpty()) {
      throw new ApiException(
          ErrorCode.ZONE_NOT_ON_SALE,
          ("Nothing can be created in region %s: no price for item %s there."
                  + " Whoever runs this installation can add one.")
              .formatted(
                  region, missing.stream().map(Item::code).collect(Collectors.joining(", "))));
    }
  }

  private Set<Item> unpriced(RegionId region, List<Metered> groups) {
    Set<Item> used =
        groups.stream()
            .flatMap(
                one ->
                    one.tariff().items().stream().filter(item -> item.quantity(one).signum() > 0))
            .collect(Collectors.toCollection(TreeSet::new));
    return book().unpriced(region, used, clock.instant());
  }
}
