package io.podyard.controlplane.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrBlockTest {

  private static CidrBlock block(String text) {
    return CidrBlock.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/16, 65532, 10.0.0.1, 10.0.255.252, 10.0.255.253",
    "192.168.10.0/24, 252, 192.168.10.1, 192.168.10.252, 192.168.10.253",
    "172.16.0.8/29, 4, 172.16.0.9, 172.16.0.12, 172.16.0.13",
    "172.31.255.240/28, 12, 172.31.255.241, 172.31.255.252, 172.31.255.253"
  })
  void theFirstAndTheLastThreeAddressesAreNoGroups(
      String text, int usable, String first, String last, String gateway) {
    CidrBlock block = block(text);

    assertThat(block.fitsVSwitch()).isTrue();
    assertThat(block.usable()).isEqualTo(usable);
    assertThat(block.address(0)).isEqualTo(first);
    assertThat(block.address(usable - 1)).isEqualTo(last);
    assertThat(block.gateway()).isEqualTo(gateway);
    assertThat(block).hasToString(text);
    assertThatThrownBy(() -> block.address(usable)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0.1/24",
        "10.0.0/24",
        "10.00.0.0/24",
        "256.0.0.0/8",
        "fd00::/64",
        "10.0.0.0/24 "
      })
  void whatIsNoRangeIsNone(String text) {
    assertThat(CidrBlock.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/15",
        "10.0.0.0/30",
        "11.0.0.0/24",
        "172.32.0.0/16",
        "192.169.0.0/24",
        "127.0.0.0/16",
        "0.0.0.0/0"
      })
  void aVSwitchIsInAPrivateRangeAndNeitherTooLargeNorTooSmall(String text) {
    assertThat(block(text).fitsVSwitch()).isFalse();
  }

  @Test
  void rangesOverlapWhereTheyShareAnAddress() {
    CidrBlock block = block("10.1.2.0/24");

    assertThat(block.overlaps(block("10.1.0.0/16"))).isTrue();
    assertThat(block.overlaps(block("10.1.2.128/29"))).isTrue();
    assertThat(block.overlaps(block("10.1.3.0/24"))).isFalse();
    assertThat(block.overlaps(block("10.1.1.0/24"))).isFalse();
    assertThat(ReservedRanges.of("10.1.0.0/16:24,engine").overlapping(block)).isPresent();
    assertThat(ReservedRanges.of("10.2.0.0/16:24,engine").overlapping(block)).isEmpty();
  }
}
