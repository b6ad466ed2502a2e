package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureFilter.End;
import io.podyard.runtime.CaptureFilter.Protocol;
import org.junit.jupiter.api.Test;

/** What {@code tcpdump} is told. */
class CaptureArgumentsTest {

  private static String arguments(CaptureFilter filter) {
    return String.join("|", NetworkCaptures.arguments(filter));
  }

  @Test
  void withoutConditionsEverythingIsCaptured() {
    assertThat(arguments(new CaptureFilter("eth0", null, End.ANY, End.ANY, 65_535, 0, 1024)))
        .isEqualTo("-n|-p|-U|-Z|root|-i|eth0|-w|/podyard.pcap|-s|65535");
  }

  @Test
  void allConditionsAreJoined() {
    assertThat(
            arguments(
                new CaptureFilter(
                    "any",
                    Protocol.TCP,
                    new End("10.0.0.0/8", 40_000),
                    new End("10.0.0.7", 80),
                    96,
                    5,
                    1024)))
        .isEqualTo(
            "-n|-p|-U|-Z|root|-i|any|-w|/podyard.pcap|-s|96|-c|5"
                + "|tcp and src net 10.0.0.0/8 and src port 40000 and dst host 10.0.0.7"
                + " and dst port 80");
    assertThat(
            arguments(
                new CaptureFilter(
                    "lo", Protocol.ICMP, End.ANY, new End("127.0.0.1", null), 96, 0, 1024)))
        .endsWith("|icmp and dst host 127.0.0.1");
  }
}
