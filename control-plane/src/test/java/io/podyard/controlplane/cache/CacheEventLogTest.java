package io.podyard.controlplane.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What of a message is kept. */
class CacheEventLogTest {

  @Test
  void itFitsIntoItsIndexWhateverItIsWrittenIn() {
    assertThat(CacheEventLog.shown("it failed")).isEqualTo("it failed");
    assertThat(CacheEventLog.shown("x".repeat(3000))).hasSize(1000);
    assertThat(CacheEventLog.shown("\u6f22".repeat(3000))).isEqualTo("\u6f22".repeat(666));
    String pairs = CacheEventLog.shown("\ud83d\ude00".repeat(3000));
    assertThat(pairs.getBytes(StandardCharsets.UTF_8)).hasSize(2000);
    assertThat(pairs).isEqualTo("\ud83d\ude00".repeat(500));
  }

  @Test
  void whatIsNoTextForTheDatabaseIsReplaced() {
    assertThat(CacheEventLog.shown("a\0b\ud83dc")).isEqualTo("a?b?c");
  }
}
