package io.podyard.billing;

import io.podyard.model.AccountId;
import io.podyard.model.Money;
import io.podyard.model.Period;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bill as a dataset of FOCUS 1.2 (FinOps Open Cost and Usage Specification), row by row.
 *
 * <p>A row is what an hour costs of one resource, item, price and kind: lines that correct one
 * another within a bill are one row, or none if nothing is left. Nothing is paid ahead for a
 * commitment, so what it covers is billed with the usage, and what it did not cover as a row of its
 * own ({@code CommitmentDiscountStatus} is {@code Unused}); there are no purchases to amortize, and
 * billed and effective cost are the same.
 */
public final class FocusExport {

  /**
   * What all rows have in common.
   *
   * @param accountName null if it has none
   * @param invoice null while the bill is not closed
   * @param issuer who sends the bill
   * @param provider who runs the installation
   */
  public record Heading(
      AccountId account,
      @Nullable String accountName,
      BillMonth month,
      @Nullable String invoice,
      String issuer,
      String provider) {}

  private final Heading heading;
  private final Csv csv;
  private final List<SettledLine> pending = new ArrayList<>();
  private ResourceFacts pendingFacts = ResourceFacts.NONE;

  /** Writes the header. */
  public FocusExport(Heading heading, Appendable out) {
    this.heading = heading;
    this.csv = new Csv(out);
    csv.row(columns());
  }

  /** The columns in their order. */
  public static List<String> columns() {
    return Arrays.stream(FocusColumn.values()).map(FocusColumn::name).toList();
  }

  /**
   * Adds a line of the bill. Lines of one hour and {@link LineSlot} must follow one another.
   *
   * @param facts what its resource was named and tagged in that hour
   * @throws IllegalArgumentException if it is of another account or of a later month
   */
  public void add(SettledLine line, ResourceFacts facts) {
    heading.month().requireOn(heading.account(), line);
    if (!pending.isEmpty()
        && !(pending.getLast().of().equals(line.of())
            && pending.getLast().slot().equals(line.slot()))) {
      flush();
    }
    pending.add(line);
    pendingFacts = facts;
  }

  private void flush() {
    if (pending.isEmpty()) {
      return;
    }
    SettledLine first = pending.getFirst();
    BigDecimal units = BigDecimal.ZERO;
    for (SettledLine line : pending) {
      units = units.add(line.units());
    }
    if (units.signum() != 0) {
      Hour hour = first.of().hour();
      SettledLine sum = SettledLine.of(first.of(), first.slot(), 0, units, null);
      write(
          new FocusRow(
              heading.account(),
              hour.period(),
              first.slot(),
              units,
              sum.amount().amount(),
              first.slot().currency(),
              BillMonth.containing(hour.start()).compareTo(heading.month()) < 0,
              sum.sentence(),
              pendingFacts));
    }
    pending.clear();
  }

  /**
   * Ends the dataset.
   *
   * @param roundings what turns the exact sum into what is to be paid; zeros give no row
   */
  public void finish(List<? extends RoundingLine> roundings) {
    flush();
    for (RoundingLine rounding : roundings) {
      Money amount = rounding.amount();
      if (amount.amount().signum() != 0) {
        Period month = heading.month().period();
        write(
            new FocusRow(
                heading.account(),
                month,
                null,
                null,
                amount.amount(),
                amount.currency(),
                false,
                rounding.sentence(),
                ResourceFacts.NONE));
      }
    }
  }

  private void write(FocusRow row) {
    List<@Nullable String> fields = new ArrayList<>();
    for (FocusColumn column : FocusColumn.values()) {
      fields.add(column.of(row, heading));
    }
    csv.row(fields);
  }
}
