package io.podyard.billing;

import io.podyard.model.AccountId;
import io.podyard.model.CurrencyCode;
import io.podyard.model.Money;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What an account owes for a month in one currency: {@code total = exact + sum of the roundings}.
 * {@link BillSums} makes it of settled lines.
 *
 * @param lines how many settled lines it has
 * @param exact their sum
 * @param roundings what turns the exact sum into the total
 * @param total what is to be paid, in whole smallest coins of the currency
 * @param sums exact sums of all that the lines were grouped by; those of one grouping add up to the
 *     exact sum
 */
public record AccountBill(
    AccountId account,
    BillMonth month,
    CurrencyCode currency,
    long lines,
    Money exact,
    List<RoundingLine> roundings,
    Money total,
    Map<Grouping, SortedMap<String, Money>> sums) {}
