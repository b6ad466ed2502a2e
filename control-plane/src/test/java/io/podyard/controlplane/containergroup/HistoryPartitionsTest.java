package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.testing.TestServer;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class HistoryPartitionsTest {

  @Test
  void aServerThatAnswersHasThePlacesOfThisMonthAndTheNext() {
    YearMonth before = YearMonth.now(ZoneOffset.UTC);
    try (TestServer server = TestServer.start(TestServer.Options.USUAL)) {
      assertThat(
              server
                  .jdbc()
                  .queryForList(
                      "select inhrelid::regclass::text from pg_inherits"
                          + " where inhparent = 'container_group_history'::regclass",
                      String.class))
          .contains(name(before), name(before.plusMonths(1)));
    }
  }

  private static String name(YearMonth month) {
    return "container_group_history_%d_%02d".formatted(month.getYear(), month.getMonthValue());
  }
}
