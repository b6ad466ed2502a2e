package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Hour;
import io.podyard.billing.SettledLine;
import io.podyard.model.AccountId;
import io.podyard.model.Period;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The lines of a bill, one after the other. They are read in pages, each by a short statement of
 * its own along the primary key, so that neither a bill of any size nor a client that is slow holds
 * memory, a connection or a snapshot.
 */
@Component
class BillLines {

  /** Takes a line. */
  @FunctionalInterface
  interface Reader {
    void take(StoredLine line) throws IOException;
  }

  /** Lines of a page. */
  static final int PAGE = 2_000;

  /** The one order that the primary key has; within a resource's hour the lines are sorted here. */
  private static final String PAGE_OF_LINES =
      """
      select %s
      from (select * from charge_line
            where account_id = ? and bill_month = ? and hour >= ? and hour < ?
              and (hour, resource_id, id) > (?, ?, ?)
            order by hour, resource_id, id limit ?) l
      %s
      order by l.hour, l.resource_id, l.id
      """
          .formatted(StoredLine.COLUMNS, StoredLine.FACTS);

  private static final Comparator<StoredLine> BY_SLOT =
      Comparator.comparing((StoredLine stored) -> stored.line().slot())
          .thenComparing(stored -> stored.line().revision());

  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final JdbcTemplate jdbc;

  BillLines(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** How many lines a bill has. */
  long count(AccountId account, BillMonth month) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select count(*) from charge_line where account_id = ? and bill_month = ?",
            Long.class,
            account.value(),
            month.value().atDay(1)));
  }

  /**
   * Reads the lines of a bill in order of hour, resource, slot and revision. Lines that are added
   * to a bill that runs while it is read may be among them.
   */
  void read(AccountId account, BillMonth month, Reader reader) throws IOException {
    for (Hour late : hoursBefore(account, month)) {
      read(account, month, late.period(), reader);
    }
    read(account, month, month.period(), reader);
  }

  /** Hours of earlier months that this bill has late lines of. */
  private List<Hour> hoursBefore(AccountId account, BillMonth month) {
    return jdbc.query(
        """
        select distinct hour from charge_line
        where account_id = ? and bill_month = ? and hour < ? order by hour
        """,
        (row, n) -> new Hour(StoredLine.instant(row, "hour")),
        account.value(),
        month.value().atDay(1),
        timestamp(month.period().start()));
  }

  private void read(AccountId account, BillMonth month, Period hours, Reader reader)
      throws IOException {
    Instant hour = hours.start();
    String resource = "";
    UUID id = BEFORE_ALL;
    List<StoredLine> run = new ArrayList<>();
    while (true) {
      List<StoredLine> page =
          jdbc.query(
              PAGE_OF_LINES,
              (row, n) -> StoredLine.of(row),
              account.value(),
              month.value().atDay(1),
              timestamp(hours.start()),
              timestamp(hours.end()),
              timestamp(hour),
              resource,
              id,
              PAGE);
      for (StoredLine line : page) {
        if (!run.isEmpty() && !sameResourceAndHour(run.getFirst().line(), line.line())) {
          tell(run, reader);
        }
        run.add(line);
      }
      if (page.size() < PAGE) {
        tell(run, reader);
        return;
      }
      SettledLine last = page.getLast().line();
      hour = last.of().hour().start();
      resource = last.slot().resource().id();
      id = page.getLast().id();
    }
  }

  private static boolean sameResourceAndHour(SettledLine one, SettledLine other) {
    return one.of().hour().equals(other.of().hour())
        && one.slot().resource().id().equals(other.slot().resource().id());
  }

  private static void tell(List<StoredLine> run, Reader reader) throws IOException {
    run.sort(BY_SLOT);
    for (StoredLine line : run) {
      reader.take(line);
    }
    run.clear();
  }

  static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
