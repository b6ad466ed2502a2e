package io.podyard.controlplane.door.rest;

import io.podyard.model.Money;
import java.util.List;

/**
 * Money, exact.
 *
 * @param amount a decimal number as a text, so that no program on its way makes it a binary
 *     fraction
 */
record AmountResponse(String currency, String amount) {

  static AmountResponse of(Money money) {
    return new AmountResponse(money.currency().value(), money.amount().toPlainString());
  }

  static List<AmountResponse> of(List<Money> amounts) {
    return amounts.stream().map(AmountResponse::of).toList();
  }
}
