package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholePacketsTest {

  private static final int TWO_PACKETS = 24 + 16 + 10 + 16 + 20;

  private static byte[] capture(int magic, ByteOrder order) {
    ByteBuffer file = ByteBuffer.allocate(TWO_PACKETS).order(order);
    file.putInt(magic).position(24);
    file.putInt(1).putInt(2).putInt(10).putInt(1000).put(new byte[10]);
    file.putInt(1).putInt(3).putInt(20).putInt(20).put(new byte[20]);
    return file.array();
  }

  private static byte[] copied(byte[] capture) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(WholePackets.copy(new ByteArrayInputStream(capture), out)).isTrue();
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0xA1B2C3D4, 0xA1B23C4D})
  void eitherOrderOfBytesAndEitherKindOfTimeIsRead(int magic) throws Exception {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      byte[] capture = capture(magic, order);
      assertThat(copied(capture)).isEqualTo(capture);
    }
  }

  @Test
  void whereverItIsCutItEndsWithAWholePacket() throws Exception {
    byte[] capture = capture(0xA1B2C3D4, ByteOrder.LITTLE_ENDIAN);
    for (int length = 24; length <= capture.length; length++) {
      int whole = length == capture.length ? length : length >= 50 ? 50 : 24;
      assertThat(copied(Arrays.copyOf(capture, length)))
          .as("cut at %d", length)
          .isEqualTo(Arrays.copyOf(capture, whole));
    }
  }

  @Test
  void whatIsNoCaptureIsNotTakenForOne() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] other : new byte[][] {{}, new byte[23], new byte[100]}) {
      assertThat(WholePackets.copy(new ByteArrayInputStream(other), out)).isFalse();
    }
    assertThat(out.size()).isZero();
    byte[] broken = capture(0xA1B2C3D4, ByteOrder.LITTLE_ENDIAN);
    broken[24 + 11] = 0x7F;
    assertThatThrownBy(() -> copied(broken)).isInstanceOf(EOFException.class);
  }
}
