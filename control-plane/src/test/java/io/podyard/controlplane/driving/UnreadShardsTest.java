package io.podyard.controlplane.driving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnreadShardsTest {

  private final UnreadShards shards = new UnreadShards();
  private final List<Integer> read = new ArrayList<>();

  @Test
  void aShardThatWasTakenOverIsReadOnce() {
    shards.acquired(3, 1);
    shards.read(read::add);
    shards.read(read::add);
    assertThat(read).containsExactly(3);
  }

  @Test
  void aShardThatIsLostIsNotRead() {
    shards.acquired(3, 1);
    shards.lost(3);
    shards.read(read::add);
    assertThat(read).isEmpty();
  }

  @Test
  void aShardThatIsTakenOverAgainWhileItIsReadIsReadAgain() {
    shards.acquired(3, 1);
    shards.read(
        shard -> {
          read.add(shard);
          shards.lost(shard);
          shards.acquired(shard, 2);
        });
    shards.read(read::add);
    assertThat(read).containsExactly(3, 3);
  }

  @Test
  void aShardThatCannotBeReadIsReadLater() {
    shards.acquired(3, 1);
    assertThatThrownBy(
            () ->
                shards.read(
                    _ -> {
                      throw new IllegalStateException("no database");
                    }))
        .isInstanceOf(IllegalStateException.class);
    shards.read(read::add);
    assertThat(read).containsExactly(3);
  }
}
