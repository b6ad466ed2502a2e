package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.write.BatchWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Groups to be deleted by one request, each whatever becomes of the others.
 *
 * @param deletions without tokens and nonces
 */
record DeletionBatch(List<GroupDeletion> deletions, @Nullable NonceUse nonce) {

  /** What became of them. */
  sealed interface Outcome {

    /** One outcome for each deletion, in their order. */
    record Done(List<GroupDeletion.Outcome> outcomes) implements Outcome {}

    /** The signature was used before; nothing was deleted. */
    record NonceUsed() implements Outcome {}
  }

  /** Writes the deletions of several requests in one transaction. */
  @Component
  static class Handler implements BatchWriter.Handler<DeletionBatch, Outcome> {

    /** Requests of one transaction, of twenty groups each. */
    static final int MOST_REQUESTS = 10;

    private final RequestNonces nonces;
    private final JdbcGroupDeletion deletion;

    Handler(RequestNonces nonces, JdbcGroupDeletion deletion) {
      this.nonces = nonces;
      this.deletion = deletion;
    }

    @Override
    public List<Outcome> write(List<DeletionBatch> items) {
      List<Boolean> fresh = nonces.burn(items.stream().map(DeletionBatch::nonce).toList());
      List<GroupDeletion> all = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        if (fresh.get(i)) {
          all.addAll(items.get(i).deletions());
        }
      }
      List<GroupDeletion.Outcome> done = all.isEmpty() ? List.of() : deletion.write(all);
      List<Outcome> outcomes = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < items.size(); i++) {
        if (fresh.get(i)) {
          int end = next + items.get(i).deletions().size();
          outcomes.add(new Outcome.Done(done.subList(next, end)));
          next = end;
        } else {
          outcomes.add(new Outcome.NonceUsed());
        }
      }
      return outcomes;
    }
  }
}
