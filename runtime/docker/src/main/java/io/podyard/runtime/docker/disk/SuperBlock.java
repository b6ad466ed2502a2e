package io.podyard.runtime.docker.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * How large an ext4 file system is, by itself.
 *
 * @param blockBytes its smallest unit
 */
record SuperBlock(long blocks, int blockBytes) {

  private static final int PLACE = 1024;
  private static final int LENGTH = 1024;
  private static final int MAGIC = 0xef53;
  private static final int BLOCKS = 0x4;
  private static final int BLOCK_SIZE = 0x18;
  private static final int MAGIC_PLACE = 0x38;
  private static final int FEATURES = 0x60;
  private static final int FEATURE_64_BIT = 0x80;
  private static final int BLOCKS_HIGH = 0x150;
  private static final int LARGEST_SHIFT = 6;

  /**
   * @throws DiskFailedException if there is no such file system
   */
  static SuperBlock of(Path device) throws IOException {
    byte[] bytes = new byte[LENGTH];
    try (RandomAccessFile file = new RandomAccessFile(device.toFile(), "r")) {
      file.seek(PLACE);
      file.readFully(bytes);
    }
    ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int shift = block.getInt(BLOCK_SIZE);
    if ((block.getShort(MAGIC_PLACE) & 0xffff) != MAGIC || shift < 0 || shift > LARGEST_SHIFT) {
      throw new DiskFailedException("there is no ext4 file system on it any more");
    }
    long low = block.getInt(BLOCKS) & 0xffffffffL;
    long high =
        (block.getInt(FEATURES) & FEATURE_64_BIT) == 0
            ? 0
            : block.getInt(BLOCKS_HIGH) & 0xffffffffL;
    return new SuperBlock(high << 32 | low, 1024 << shift);
  }

  /** Whether no whole block is left on a device of that size. */
  boolean fills(long bytes) {
    return blocks >= bytes / blockBytes;
  }
}
