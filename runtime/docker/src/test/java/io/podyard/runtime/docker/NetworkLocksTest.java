package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkLocksTest {

  private final NetworkLocks locks = new NetworkLocks();

  @Test
  void aNetworkIsRemovedByOneAndWhileNobodyUsesIt() {
    try (NetworkLocks.Held _ = locks.toUse("a");
        NetworkLocks.Held _ = locks.toUse("a")) {
      assertThat(locks.toRemove("a")).isEmpty();
      try (NetworkLocks.Held _ = locks.toRemove("b").orElseThrow()) {
        assertThat(locks.size()).isEqualTo(2);
      }
      assertThat(locks.size()).isEqualTo(1);
    }
    Optional<NetworkLocks.Held> held = locks.toRemove("a");
    assertThat(held).isPresent();
    held.orElseThrow().close();
  }

  @Test
  void nothingIsKeptOfANetworkThatNobodyIsAt() {
    for (int i = 0; i < 100; i++) {
      locks.toUse("network-" + i).close();
      locks.toRemove("network-" + i).orElseThrow().close();
    }
    assertThat(locks.size()).isZero();
  }
}
