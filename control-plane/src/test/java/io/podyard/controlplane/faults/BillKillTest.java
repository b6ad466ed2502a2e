package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.bill.PlantedLines;
import io.podyard.controlplane.testing.Waiting;
import io.podyard.model.AccountId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The server dies while it closes bills: they are open or closed, never half. */
class BillKillTest {

  private static final LocalDate APRIL = LocalDate.of(2026, 4, 1);

  @Test
  void whereverTheServerDiesBillsAreOpenOrClosed() throws Exception {
    try (ServerProcess server = ServerProcess.in("bills", Map.of()).start();
        Inspection inspection = Inspection.of(server.database(), server.socket())) {
      for (int account = 0; account < 20; account++) {
        PlantedLines lines =
            new PlantedLines(inspection.jdbc(), new AccountId("acct-billed-" + account));
        lines.unused("a", "2026-03-10T08:00:00Z", "7200");
        lines.unused("b", "2026-03-31T23:00:00Z", "100");
      }
      server.kill9();
      // From here on March can be closed.
      PlantedLines.listed(inspection.jdbc(), "2026-03-10T08:00:00Z", "2026-04-01T00:00:00Z");

      server.launch(Map.of("PODYARD_CRASH_AT", "closeBillsWritten:before:1"));
      dies(server);
      isOpen(inspection);
      inspection.mustBeContent();

      // The first transaction passes the months before anything was metered.
      server.launch(Map.of("PODYARD_CRASH_AT", "closeBills:after:1"));
      dies(server);
      server.start();
      Waiting.until("closed bills", () -> bills(inspection) == 20);
      assertThat(firstMonth(inspection)).isAfterOrEqualTo(APRIL);
      inspection.mustBeContent();
      assertThat(server.errors()).isEmpty();
    }
  }

  private static void dies(ServerProcess server) throws Exception {
    assertThat(server.diedWithin(Duration.ofMinutes(2))).isTrue();
  }

  private static void isOpen(Inspection inspection) {
    assertThat(firstMonth(inspection)).isBefore(APRIL);
    assertThat(bills(inspection)).isZero();
  }

  private static int bills(Inspection inspection) {
    return Objects.requireNonNull(
        inspection.jdbc().queryForObject("select count(*) from closed_bill", Integer.class));
  }

  private static LocalDate firstMonth(Inspection inspection) {
    return Objects.requireNonNull(
        inspection.jdbc().queryForObject("select first_month from open_bills", LocalDate.class));
  }
}
