package io.podyard.controlplane.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.controlplane.settings.OpsSettings;
import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.CaptureFilter.End;
import io.podyard.runtime.CaptureFilter.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class CaptureReadingTest {

  private static final OpsSettings SETTINGS =
      new OpsSettings(
          null,
          Duration.ofMinutes(10),
          DataSize.ofMegabytes(64),
          DataSize.ofBytes(0),
          DataSize.ofGigabytes(1),
          Duration.ofHours(12),
          4,
          5,
          20);

  private static AskedCapture read(String value) {
    List<Problem> problems = new ArrayList<>();
    AskedCapture read = CaptureReading.read(value, SETTINGS, problems::add).orElseThrow();
    assertThat(problems).isEmpty();
    return read;
  }

  private static List<Problem> problems(String value) {
    List<Problem> problems = new ArrayList<>();
    var _ = CaptureReading.read(value, SETTINGS, problems::add);
    return problems;
  }

  @Test
  void whatIsLeftOutIsBoundedAllTheSame() {
    assertThat(read("{\"Enable\":true}"))
        .isEqualTo(
            new AskedCapture(
                true,
                new CaptureFilter("eth0", null, End.ANY, End.ANY, 65_535, 0, 64L << 20),
                Duration.ofMinutes(10)));
    assertThat(read("{\"Enable\":false,\"Protocol\":null,\"SourceIp\":\"\"}").enable()).isFalse();
  }

  @Test
  void everyMemberCountsAndNumbersMayBeTexts() {
    assertThat(
            read(
                """
                {"Enable":"true","Protocol":"udp","SourceIp":"10.0.0.7","SourcePort":"53",
                 "DestIp":"10.0.0.8","DestCidr":"10.1.2.3/20","DestPort":65535,
                 "IfDeviceName":"any","Snaplen":"96","Duration":600,"PacketNum":2147483647,
                 "FileSize":"1024"}
                """))
        .isEqualTo(
            new AskedCapture(
                true,
                new CaptureFilter(
                    "any",
                    Protocol.UDP,
                    new End("10.0.0.7", 53),
                    new End("10.1.0.0/20", 65_535),
                    96,
                    Integer.MAX_VALUE,
                    1024),
                Duration.ofMinutes(10)));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 0.0.0.0/0",
    "255.255.255.255/32, 255.255.255.255/32",
    "255.255.255.255/1, 128.0.0.0/1",
    "192.168.77.5/24, 192.168.77.0/24"
  })
  void aNetworkIsTakenWithoutWhatIsBeyondItsPrefix(String cidr, String network) {
    assertThat(read("{\"Enable\":true,\"SourceCidr\":\"%s\"}".formatted(cidr)).filter().source())
        .isEqualTo(new End(network, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Protocol | \"icmp\"",
        "SourceIp | \"256.0.0.1\"",
        "SourceIp | \"::1\"",
        "SourceCidr | \"10.0.0.0\"",
        "SourceCidr | \"10.0.0.0/33\"",
        "SourcePort | 0",
        "DestPort | 65536",
        "DestPort | [1]",
        "IfDeviceName | \"-w\"",
        "IfDeviceName | \"eth0 or\"",
        "IfDeviceName | \"a234567890123456\"",
        "Snaplen | 0",
        "Snaplen | {}",
        "Snaplen | 65536",
        "Duration | 601",
        "Duration | -1",
        "Duration | 1.5",
        "PacketNum | 2147483648",
        "PacketNum | 99999999999999999999",
        "FileSize | 1023",
        "FileSize | 67108865",
        "Nonsense | 1"
      })
  void whatCannotBeIsNamedWithItsValue(String member, String value) {
    assertThat(problems("{\"Enable\":true,\"%s\":%s}".formatted(member, value)))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(ErrorCode.TCPDUMP_INVALID_VALUE);
              assertThat(problem.parameter()).isEqualTo("OpsValue." + member);
              assertThat(problem.value()).isEqualTo(value.replace("\"", ""));
            });
  }

  @Test
  void portsAreRefusedForAProtocolThatHasNone() {
    assertThat(problems("{\"Enable\":true,\"Protocol\":\"icmpv4\",\"DestPort\":80}"))
        .extracting(Problem::parameter)
        .containsExactly("OpsValue.DestPort");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThat(problems("{\"DestPort\":0,\"Odd\":1}"))
        .extracting(Problem::parameter)
        .containsExactlyInAnyOrder("OpsValue.Enable", "OpsValue.DestPort", "OpsValue.Odd");
  }

  @ParameterizedTest
  @ValueSource(strings = {"enable", "[]", "true", "{", "{\"Enable\":true} {}", "\"x\""})
  void whatIsNoObjectIsRefusedAsAWhole(String value) {
    assertThat(problems(value))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo(ErrorCode.OPS_VALUE_INVALID);
              assertThat(problem.parameter()).isEqualTo("OpsValue");
            });
  }
}
