package io.podyard.controlplane.bill;

import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.billing.AccountBill;
import io.podyard.billing.BillMonth;
import io.podyard.billing.BillSums;
import io.podyard.billing.FocusExport;
import io.podyard.billing.RoundingLine;
import io.podyard.controlplane.account.Account;
import io.podyard.controlplane.account.Accounts;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.stereotype.Component;

/** Bills as files, written while they are read. */
@Component
public class BillExports {

  /** Each reads as fast as its client takes it. */
  private static final int MOST_AT_ONCE = 8;

  private static final String PROVIDER = "Podyard";

  private final BillLines lines;
  private final Bills bills;
  private final BillTables tables;
  private final LongReading reading;
  private final Accounts accounts;
  private final String issuer;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  BillExports(
      BillLines lines,
      Bills bills,
      BillTables tables,
      LongReading reading,
      Accounts accounts,
      PodyardSettings settings) {
    this.lines = lines;
    this.bills = bills;
    this.tables = tables;
    this.reading = reading;
    this.accounts = accounts;
    this.issuer = settings.bill().issuer();
  }

  /** A file that is about to be written; whoever got it closes it. */
  public final class Export implements AutoCloseable {

    private final Content content;
    private final long lines;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Export(long lines, Content content) {
      this.lines = lines;
      this.content = content;
    }

    /** How many settled lines are on the bill. */
    public long lines() {
      return lines;
    }

    /**
     * Writes it from beginning to end.
     *
     * @throws IOException if nobody takes it
     */
    public void writeTo(Appendable out) throws IOException {
      try {
        content.writeTo(out);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        places.release();
      }
    }
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(Appendable out) throws IOException;
  }

  /**
   * The settled lines of a bill, as {@link LineColumn} lists their columns.
   *
   * @throws ApiException if too many files are being written
   */
  public Export lines(AccountId account, BillMonth month) {
    return open(account, month, out -> writeLines(account, month, out));
  }

  private void writeLines(AccountId account, BillMonth month, Appendable out) throws IOException {
    LinesCsv csv = new LinesCsv(month, out);
    lines.read(account, month, csv::add);
  }

  /**
   * The same as objects of JSON, one a line.
   *
   * @throws ApiException if too many files are being written
   */
  public Export linesAsJson(AccountId account, BillMonth month) {
    return open(account, month, out -> lines.read(account, month, new LinesJson(month, out)::add));
  }

  /**
   * The bill as a dataset of FOCUS 1.2, rounding included.
   *
   * @throws ApiException if too many files are being written
   */
  public Export focus(AccountId account, BillMonth month) {
    return open(account, month, out -> writeFocus(account, month, out));
  }

  private void writeFocus(AccountId account, BillMonth month, Appendable out) throws IOException {
    MonthBill bill = bills.of(account, month);
    boolean closed = bill.state() == BillMonth.State.CLOSED;
    FocusExport export =
        new FocusExport(
            new FocusExport.Heading(
                account,
                accounts.find(account).map(Account::name).orElse(null),
                month,
                closed ? "%s-%s".formatted(account, month) : null,
                issuer,
                PROVIDER),
            out);
    // What is added to a bill that runs while it is written is rounded with it.
    BillSums sums = new BillSums(account, month, tables.rounding(), List.of());
    lines.read(
        account,
        month,
        stored -> {
          export.add(stored.line(), stored.facts());
          if (!closed) {
            sums.add(stored.line(), stored.facts());
          }
        });
    List<RoundingLine> roundings = new ArrayList<>();
    if (closed) {
      bill.amounts().forEach(amount -> roundings.addAll(amount.roundings()));
    } else {
      for (AccountBill amount : sums.bills()) {
        roundings.addAll(amount.roundings());
      }
    }
    export.finish(roundings);
  }

  private Export open(AccountId account, BillMonth month, Content content) {
    if (!places.tryAcquire()) {
      throw new ApiException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "%d bills are being downloaded, which is as many as can be. Try again."
              .formatted(MOST_AT_ONCE));
    }
    try {
      return new Export(reading.read(() -> lines.count(account, month)), content);
    } catch (RuntimeException e) {
      places.release();
      throw e;
    }
  }
}
