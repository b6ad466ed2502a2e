package io.podyard.controlplane.idempotency;

import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.NotWrittenException;
import jakarta.annotation.PreDestroy;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Burns the nonces of many requests in one transaction. */
@Component
class BatchedNonceBurner implements NonceBurner {

  private final BatchWriter<NonceUse, Boolean> writer;

  BatchedNonceBurner(RequestNonces nonces, TransactionTemplate transaction, CommitPoints points) {
    this.writer = new BatchWriter<>("nonce", transaction, nonces::burn, points);
  }

  @Override
  public boolean burn(NonceUse use) throws NotWrittenException {
    boolean fresh = writer.write(use);
    use.settle();
    return fresh;
  }

  @PreDestroy
  void close() {
    writer.close();
  }
}
