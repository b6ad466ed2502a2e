package io.podyard.controlplane.door.rest;

import io.podyard.controlplane.lease.ShardListing.ListedShard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All shards. */
record ShardsResponse(List<Shard> shards) {

  /**
   * One shard.
   *
   * @param holder the process that drives its hosts, null if none does right now
   * @param epoch how many times it was taken so far
   * @param hosts how many hosts it has
   */
  record Shard(int shard, @Nullable String holder, long epoch, int hosts) {

    static Shard of(ListedShard shard) {
      return new Shard(shard.shard(), shard.holder(), shard.epoch(), shard.hosts());
    }
  }
}
