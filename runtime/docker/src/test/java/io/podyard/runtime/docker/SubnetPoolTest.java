package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubnetPoolTest {

  @Test
  void subnetsFollowOneAnotherUntilTheRangeIsUsedUp() {
    SubnetPool pool = new SubnetPool("10.1.2.3/24", 26);
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      taken.add(pool.free(taken).orElseThrow());
    }

    assertThat(taken)
        .containsExactly("10.1.2.0/26", "10.1.2.64/26", "10.1.2.128/26", "10.1.2.192/26");
    assertThat(pool.free(taken)).isEmpty();
    taken.remove(1);
    assertThat(pool.free(taken)).contains("10.1.2.64/26");
  }

  @Test
  void whatOverlapsIsNotFree() {
    SubnetPool pool = new SubnetPool("10.0.0.0/16", 24);

    assertThat(pool.free(List.of("10.0.0.0/23"))).contains("10.0.2.0/24");
    assertThat(pool.free(List.of("10.0.0.200/32", "10.0.1.0/28"))).contains("10.0.2.0/24");
    assertThat(pool.free(List.of("10.0.0.0/8"))).isEmpty();
    assertThat(pool.free(List.of("fd00::/8", "nonsense", "192.168.0.0/16")))
        .contains("10.0.0.0/24");
  }

  @Test
  void theHighestAddressesCanBeUsed() {
    SubnetPool pool = new SubnetPool("255.255.255.0/24", 25);
    assertThat(pool.free(List.of("255.255.255.0/25"))).contains("255.255.255.128/25");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/16, 16",
    "10.0.0.0/4, 24",
    "10.0.0.0/16, 29",
    "10.0.0/16, 24",
    "10.0.0.256/16, 24",
    "10.0.0.0, 24",
    "10.0.0.0/x, 24"
  })
  void otherPoolsAreRefused(String range, int prefix) {
    assertThatThrownBy(() -> new SubnetPool(range, prefix))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void subnetsAreReadAsTheyAreWritten() {
    Subnets subnets = Subnets.parse("engine, 10.1.0.0/27:28 ,10.2.0.0/16:24");

    assertThat(subnets).hasToString("10.1.0.0/27:28,10.2.0.0/16:24,engine");
    assertThat(subnets.enginesOwn()).isTrue();
    assertThat(subnets.free(List.of("10.1.0.0/28"))).contains("10.1.0.16/28");
    assertThat(subnets.free(List.of("10.1.0.0/16"))).contains("10.2.0.0/24");
    assertThat(subnets.free(List.of("10.0.0.0/8"))).isEmpty();
    assertThat(Subnets.DEFAULT.enginesOwn()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/16", "10.0.0.0/16:x", "10.0.0.0/16:8", "engine,", "any"})
  void otherSubnetsAreRefused(String text) {
    assertThatThrownBy(() -> Subnets.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRangesOfTheHostAreThoseOfItsRoutes(@TempDir Path folder) throws Exception {
    Path routes = folder.resolve("route");
    Files.writeString(
        routes,
        """
        Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
        eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
        eth0\t0000C80A\t00000000\t0001\t0\t0\t0\t0000F8FF\t0\t0\t0
        eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
        """);

    List<String> ranges = HostRanges.of(routes);

    assertThat(ranges).containsExactly("10.200.0.0/13", "192.0.2.0/24");
    assertThat(Subnets.DEFAULT.free(ranges)).isEmpty();
    assertThat(HostRanges.of(folder.resolve("none"))).isEmpty();
  }
}
