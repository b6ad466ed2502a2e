package io.podyard.controlplane.usage.persistence;

import io.podyard.billing.Item;
import io.podyard.billing.Price;
import io.podyard.billing.RegionPattern;
import io.podyard.model.CurrencyCode;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "price")
class PriceEntity {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  @SuppressWarnings("UnusedVariable") // the database gives it, nobody asks for it
  private @Nullable Long id;

  private String region;

  private String item;

  private String currency;

  private BigDecimal perSecond;

  private Instant validFrom;

  private @Nullable Instant validTo;

  @SuppressWarnings("UnusedVariable") // written for those who read the table
  private Instant createdAt;

  @SuppressWarnings("NullAway.Init")
  protected PriceEntity() {}

  PriceEntity(Price price, Instant createdAt) {
    this.region = price.region().value();
    this.item = price.item().code();
    this.currency = price.currency().value();
    this.perSecond = price.perSecond();
    this.validFrom = price.validFrom();
    this.validTo = price.validTo();
    this.createdAt = createdAt;
  }

  /** Nothing for an item that a newer release of the server has and this one does not. */
  Optional<Price> toPrice() {
    return Item.ofCode(item)
        .map(
            known ->
                new Price(
                    new RegionPattern(region),
                    known,
                    new CurrencyCode(currency),
                    perSecond,
                    validFrom,
                    validTo));
  }
}
