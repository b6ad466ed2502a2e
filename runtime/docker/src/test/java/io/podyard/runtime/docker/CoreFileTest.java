package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.CoreDumpMissingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CoreFileTest {

  private static final int HEADERS = 64 + 56;

  /** With one segment of so many bytes. */
  private static byte[] core(ByteOrder order, int type, int segment) {
    ByteBuffer file = ByteBuffer.allocate(HEADERS + segment).order(order);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', 2});
    file.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2));
    file.putShort(16, (short) type).putLong(32, 64).putShort(54, (short) 56);
    file.putShort(56, (short) 1).putLong(64 + 8, HEADERS).putLong(64 + 32, segment);
    Arrays.fill(file.array(), HEADERS, file.capacity(), (byte) 7);
    return file.array();
  }

  private static byte[] copy(byte[] file) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CoreFile.copy(new ByteArrayInputStream(file), file.length, out);
    return out.toByteArray();
  }

  private static void assertRefused(byte[] file, String words) {
    assertThatThrownBy(
            () ->
                CoreFile.copy(
                    new ByteArrayInputStream(file), file.length, OutputStream.nullOutputStream()))
        .isInstanceOf(CoreDumpMissingException.class)
        .hasMessageContaining(words);
  }

  @Test
  void aWholeDumpIsCopied() throws Exception {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      byte[] file = core(order, 4, 100_000);
      assertThat(copy(file)).isEqualTo(file);
    }
  }

  @Test
  void aDumpWithoutItsEndIsNone() {
    byte[] file = core(ByteOrder.LITTLE_ENDIAN, 4, 1000);
    assertRefused(Arrays.copyOf(file, file.length - 1), "1119 of 1120 bytes");
    assertRefused(Arrays.copyOf(file, 100), "cut");
  }

  @Test
  void whatIsNoDumpIsRefused() {
    assertRefused(core(ByteOrder.LITTLE_ENDIAN, 2, 10), "is none");
    assertRefused(new byte[0], "is none");
    assertRefused(
        "just some words that are long enough to be a header of sixty-four"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
        "is none");
  }
}
