package io.podyard.runtime.simulated;

import io.podyard.runtime.pod.ContainerName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The core dump of a simulated container: a file in the ELF format with one note, which says whose
 * it would be, and no memory.
 */
final class SimulatedDump {

  private static final byte[] IDENTITY = {0x7F, 'E', 'L', 'F', 2, 1, 1, 0};
  private static final int IDENTITY_SIZE = 16;
  private static final int HEADER = 64;
  private static final int SEGMENT = 56;
  private static final short CORE = 4;
  private static final short X86_64 = 62;
  private static final int NOTE = 4;
  private static final byte[] OWNER = "PODYARD\0".getBytes(StandardCharsets.US_ASCII);

  private SimulatedDump() {}

  static byte[] of(ContainerName name, int exitCode) {
    byte[] words =
        "simulated container %s, exit code %d"
            .formatted(name, exitCode)
            .getBytes(StandardCharsets.UTF_8);
    int padded = (words.length + 3) / 4 * 4;
    int note = 12 + OWNER.length + padded;
    ByteBuffer file = ByteBuffer.allocate(HEADER + SEGMENT + note).order(ByteOrder.LITTLE_ENDIAN);
    file.put(IDENTITY).position(IDENTITY_SIZE);
    file.putShort(CORE).putShort(X86_64).putInt(1).putLong(0).putLong(HEADER).putLong(0);
    file.putInt(0).putShort((short) HEADER).putShort((short) SEGMENT).putShort((short) 1);
    file.position(HEADER);
    file.putInt(NOTE).putInt(0).putLong(HEADER + SEGMENT).putLong(0).putLong(0);
    file.putLong(note).putLong(0).putLong(4);
    file.putInt(OWNER.length).putInt(words.length).putInt(0).put(OWNER).put(words);
    return file.array();
  }
}
