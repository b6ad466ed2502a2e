package io.podyard.billing;

import static io.podyard.billing.Settled.B;
import static io.podyard.billing.Settled.BOOK;
import static io.podyard.billing.Settled.OF;
import static io.podyard.billing.Settled.discount;
import static io.podyard.billing.Settled.plan;
import static io.podyard.billing.Usage.ACCOUNT;
import static io.podyard.billing.Usage.HANGZHOU;
import static io.podyard.billing.Usage.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One hour of a million groups, settled in a Java of its own that has little memory: nothing but
 * sums may be kept. {@code -Dpodyard.groups=N} takes another number.
 */
class SettlementScaleTest {

  private static final String GROUPS = "podyard.groups";

  /** Of a processor, since a machine that runs tests does other things beside. */
  private static final long MOST_MILLIS = 60_000;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void aMillionIntervalsOfOneHourTakeNoMemoryOfTheirOwn() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-D%s=%d".formatted(GROUPS, Integer.getInteger(GROUPS, 1_000_000)),
                "-cp",
                System.getProperty("java.class.path"),
                SettlementScaleTest.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      System.out.print(said);
      assertThat(process.waitFor()).as(said).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Settles twice: the second time nothing may be added. Needs two passes for the savings plan. */
  public static void main(String[] arguments) {
    int groups = Integer.getInteger(GROUPS, 1_000_000);
    Agreements agreements =
        Agreements.of(
            List.of(plan("sp", "1000", Map.of("*", "0.5")), discount("account", "memory", "0.9")));
    Iterable<UsageInterval> usage = () -> usage(groups);
    BigDecimal[] sum = {BigDecimal.ZERO};
    long[] lines = {0};
    new Settlement(BOOK)
        .settle(
            OF,
            agreements,
            usage,
            List.<SettledLine>of(),
            line -> {
              lines[0]++;
              sum[0] = sum[0].add(line.amount().amount());
            });
    long millis =
        TimeUnit.NANOSECONDS.toMillis(
            ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
    System.out.printf(
        "%d intervals of one hour: %d lines, %s CNY, %d ms of a processor, 64 MiB%n",
        groups, lines[0], sum[0].toPlainString(), millis);
    if (lines[0] < 2L * groups) {
      throw new IllegalStateException("lines are missing");
    }
    if (millis > MOST_MILLIS) {
      throw new IllegalStateException("too slow");
    }
  }

  private static Iterator<UsageInterval> usage(int groups) {
    return IntStream.range(0, groups)
        .mapToObj(
            n ->
                new UsageInterval(
                    new ContainerGroupId("eci-%020d".formatted(n)),
                    0,
                    ACCOUNT,
                    HANGZHOU,
                    B,
                    Metered.of(Size.of(250 * (1 + n % 16), 512 * (1 + n % 31))),
                    at(n % 3600),
                    n % 3 == 0 ? null : at(n % 3600 + 1 + n % 1000),
                    null))
        .iterator();
  }
}
