package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
