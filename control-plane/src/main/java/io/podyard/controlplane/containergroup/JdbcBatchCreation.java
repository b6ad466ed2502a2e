package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.RequestNonces;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.quota.BeyondQuota;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.model.ContainerGroupId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes all groups of a request in one transaction, or none. It takes one request at a time: the
 * locks of several would not be taken in the one order there is.
 */
@Component
class JdbcBatchCreation implements BatchWriter.Handler<GroupBatch, GroupBatch.Outcome> {

  /** Requests of one transaction. */
  static final int MOST_REQUESTS = 1;

  private final RequestNonces nonces;
  private final ClientTokens tokens;
  private final Quotas quotas;
  private final JdbcGroupCreation creation;

  JdbcBatchCreation(
      RequestNonces nonces, ClientTokens tokens, Quotas quotas, JdbcGroupCreation creation) {
    this.nonces = nonces;
    this.tokens = tokens;
    this.quotas = quotas;
    this.creation = creation;
  }

  @Override
  public List<GroupBatch.Outcome> write(List<GroupBatch> items) {
    List<GroupBatch.Outcome> outcomes = new ArrayList<>();
    for (GroupBatch item : items) {
      outcomes.add(write(item));
    }
    return outcomes;
  }

  private GroupBatch.Outcome write(GroupBatch batch) {
    if (!nonces.burn(Collections.singletonList(batch.nonce())).getFirst()) {
      return new GroupBatch.Outcome.NonceUsed();
    }
    TokenClaim token = batch.token();
    return switch (tokens
        .claim(Collections.<@Nullable TokenClaim>singletonList(token))
        .getFirst()) {
      case TokenClaim.Outcome.Mismatch _ -> new GroupBatch.Outcome.TokenMismatch();
      case TokenClaim.Outcome.Replay(String first) ->
          new GroupBatch.Outcome.Replayed(new ContainerGroupId(first));
      case TokenClaim.Outcome.Granted _ -> {
        GroupBatch.Outcome outcome = create(batch.groups());
        if (token != null && !(outcome instanceof GroupBatch.Outcome.Created)) {
          tokens.giveBack(List.of(token));
        }
        yield outcome;
      }
    };
  }

  private GroupBatch.Outcome create(List<NewGroup> groups) {
    if (!creation.register(groups).isEmpty()) {
      return new GroupBatch.Outcome.VSwitchElsewhere();
    }
    DiskClaims disks = creation.lockDisks(groups);
    NewGroup one = groups.getFirst();
    QuotaPlace place = one.quotaPlace();
    Optional<BeyondQuota> beyond =
        Objects.requireNonNull(quotas.lock(List.of(place)).get(place))
            .takeGroups(one.mostCpu(), groups.size());
    if (beyond.isPresent()) {
      return new GroupBatch.Outcome.OverQuota(beyond.get());
    }
    for (NewGroup group : groups) {
      Optional<String> taken = disks.refused(group);
      if (taken.isPresent()) {
        return new GroupBatch.Outcome.DiskTaken(taken.get());
      }
      disks.take(group);
    }
    GroupHolds.Granted granted = creation.insertWithHosts(groups, disks);
    return new GroupBatch.Outcome.Created(granted.hosts(), granted.withoutAddress());
  }
}
