package io.podyard.controlplane.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.AccessKeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchedNonceBurnerTest {

  private final TestDatabase database = TestDatabase.create();
  private final BatchedNonceBurner burner = burner();
  private final BatchedNonceBurner ofOtherProcess = burner();

  private BatchedNonceBurner burner() {
    return new BatchedNonceBurner(
        new RequestNonces(database.jdbc()), database.transaction(), CommitPoints.NONE);
  }

  @AfterEach
  void close() {
    burner.close();
    ofOtherProcess.close();
    database.close();
  }

  private static NonceUse use(String key, String nonce) {
    return new NonceUse(new AccessKeyId(key), nonce);
  }

  @Test
  void aNonceOfAKeyIsFreshOnceInAllProcesses() throws NotWrittenException {
    NonceUse first = use("key", "nonce");
    assertThat(burner.burn(first)).isTrue();
    assertThat(first.settled()).isTrue();
    assertThat(burner.burn(use("key", "nonce"))).isFalse();
    assertThat(ofOtherProcess.burn(use("key", "nonce"))).isFalse();
    assertThat(ofOtherProcess.burn(use("other", "nonce"))).isTrue();
  }

  @Test
  void ofManyAtOnceOneIsFresh() throws Exception {
    List<Future<Boolean>> burns = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        BatchedNonceBurner one = i % 2 == 0 ? burner : ofOtherProcess;
        burns.add(threads.submit(() -> one.burn(use("key", "same"))));
      }
    }
    int fresh = 0;
    for (Future<Boolean> burn : burns) {
      fresh += burn.get() ? 1 : 0;
    }
    assertThat(fresh).isEqualTo(1);
  }

  @Test
  void withoutADatabaseNothingCountsAsBurnt() {
    database.close();
    NonceUse use = use("key", "nonce");
    assertThatThrownBy(() -> burner.burn(use)).isInstanceOf(NotWrittenException.class);
    assertThat(use.settled()).isFalse();
  }
}
