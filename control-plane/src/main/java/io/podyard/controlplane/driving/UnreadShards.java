package io.podyard.controlplane.driving;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * Shards that were taken over and whose groups have yet to be read. One that is lost and taken over
 * again while it is read is read once more: others have driven it in between.
 */
final class UnreadShards {

  private final Map<Integer, Long> epochs = new ConcurrentHashMap<>();

  void acquired(int shard, long epoch) {
    epochs.put(shard, epoch);
  }

  void lost(int shard) {
    epochs.remove(shard);
  }

  /**
   * Has all of them read.
   *
   * @param reading of a shard; what it throws leaves that shard, and those not read yet, for the
   *     next time
   */
  void read(IntConsumer reading) {
    Map.copyOf(epochs)
        .forEach(
            (shard, epoch) -> {
              reading.accept(shard);
              boolean _ = epochs.remove(shard, epoch);
            });
  }
}
