package io.podyard.controlplane.inventory;

import io.podyard.model.HostId;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Which shard a host belongs to. */
public final class Shards {

  private Shards() {}

  /**
   * Depends on the host's id and the number of shards alone, so every process and every release
   * comes to the same, whichever other hosts there are.
   *
   * @param shards how many there are, 1 or more
   */
  public static int of(HostId host, int shards) {
    CRC32 sum = new CRC32();
    sum.update(host.value().getBytes(StandardCharsets.UTF_8));
    return (int) (sum.getValue() % shards);
  }
}
