package io.podyard.controlplane.containergroup;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.quota.BeyondQuota;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import jakarta.annotation.PreDestroy;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Creating and deleting container groups. A call returns when its effect is durable. */
@Component
public class ContainerGroups {

  private final GroupPreparation preparation;
  private final PickSettlement settlement;
  private final Regions regions;
  private final ClientTokens tokens;
  private final GroupWakeUp wakeUp;
  private final BindingLoad load;
  private final Clock clock;
  private final GroupIds ids = new GroupIds(new SecureRandom());
  private final BatchWriter<NewGroup, NewGroup.Outcome> creations;
  private final BatchWriter<GroupDeletion, GroupDeletion.Outcome> deletions;

  ContainerGroups(
      GroupPreparation preparation,
      PickSettlement settlement,
      Regions regions,
      ClientTokens tokens,
      GroupWakeUp wakeUp,
      BindingLoad load,
      TransactionTemplate transaction,
      JdbcGroupCreation creation,
      JdbcGroupDeletion deletion,
      CommitPoints points,
      Clock clock) {
    this.preparation = preparation;
    this.settlement = settlement;
    this.regions = regions;
    this.tokens = tokens;
    this.wakeUp = wakeUp;
    this.load = load;
    this.clock = clock;
    this.creations = new BatchWriter<>("create", transaction, creation, points);
    this.deletions = new BatchWriter<>("delete", transaction, deletion, points);
  }

  @PreDestroy
  void close() {
    creations.close();
    deletions.close();
  }

  /**
   * Creates a group, or answers with the one that the same client token made.
   *
   * @throws ApiException with every problem of the request, or why there can be no such group
   * @throws NotWrittenException if it may not be durable; the caller tries again with its token
   */
  public CreateContainerGroupResponse create(
      Caller caller, Decoded<CreateContainerGroupRequest> decoded) throws NotWrittenException {
    GroupPreparation.Asked asked = preparation.read(caller.account(), decoded, List.of());
    GroupDraft draft = asked.draft();
    Instant now = clock.instant();
    if (draft.dryRun()) {
      throw preparation.dryRun(caller, asked, 1, now);
    }
    ContainerGroupId id = ids.next(now);
    LogScope.concerns(id);
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            asked.region(),
            Action.CREATE_CONTAINER_GROUP,
            draft.clientToken(),
            () -> List.of(DraftMeaning.of(draft)),
            id.value());
    NewGroup.Outcome outcome;
    try {
      preparation.checkToday(caller, asked);
      outcome = write(caller, asked, id, now, token, caller.nonce());
      settleNonce(caller.nonce());
      while (outcome instanceof NewGroup.Outcome.VSwitchElsewhere) {
        // The vSwitch was in no zone, and another request was faster, or it was deleted or made.
        // Now it is as it is found, and its zone is there, so this ends.
        preparation.checkZoneAgain(asked);
        outcome = write(caller, asked, id, now, token, null);
      }
    } catch (ApiException refusal) {
      outcome = answeredBefore(token).orElseThrow(() -> refusal);
    }
    return new CreateContainerGroupResponse(created(outcome).value(), null);
  }

  /**
   * What a request gets that is refused today, if its token stands for something already: prices,
   * zones and hosts may be gone since, and a client that has lost its answer still gets it. Only
   * asked then, because the write itself finds the token when nothing is in its way.
   */
  private Optional<NewGroup.Outcome> answeredBefore(@Nullable TokenClaim token) {
    return tokens.answered(
        token,
        first -> new NewGroup.Outcome.Replayed(new ContainerGroupId(first)),
        NewGroup.Outcome.TokenMismatch::new);
  }

  private NewGroup.Outcome write(
      Caller caller,
      GroupPreparation.Asked asked,
      ContainerGroupId id,
      Instant now,
      @Nullable TokenClaim token,
      @Nullable NonceUse nonce)
      throws NotWrittenException {
    GroupPreparation.Prepared prepared =
        preparation.prepare(caller, asked, id, now, preparation.look(caller.account(), asked));
    PickSettlement.Became became = PickSettlement.Became.NOTHING;
    load.begin();
    try {
      NewGroup.Outcome outcome = creations.write(NewGroup.of(prepared, token, nonce));
      if (outcome instanceof NewGroup.Outcome.Created created) {
        became = created.became();
        preparation.made(caller, asked);
      }
      return outcome;
    } finally {
      load.end(1);
      settlement.settle(prepared, became);
    }
  }

  private ContainerGroupId created(NewGroup.Outcome outcome) {
    return switch (outcome) {
      case NewGroup.Outcome.Created created -> {
        HostId host = created.host();
        Integer shard = created.shard();
        if (host != null && shard != null) {
          wakeUp.start(created.id(), host, shard);
        }
        yield created.id();
      }
      case NewGroup.Outcome.Replayed replayed -> {
        LogScope.concerns(replayed.id());
        yield replayed.id();
      }
      case NewGroup.Outcome.OverQuota(BeyondQuota beyond) -> throw beyond.refusal();
      case NewGroup.Outcome.DiskTaken(String disk) -> throw diskTaken(disk);
      case NewGroup.Outcome.TokenMismatch mismatch -> throw tokenMismatch();
      case NewGroup.Outcome.NonceUsed used -> throw nonceUsed();
      case NewGroup.Outcome.VSwitchElsewhere elsewhere ->
          throw new IllegalStateException("a vSwitch that is nowhere");
    };
  }

  /**
   * Ends a group: it is Terminating, and billed, until its last container stopped.
   *
   * @throws ApiException with every problem of the request, or if there is no such group of the
   *     caller
   * @throws NotWrittenException if it may not be durable
   */
  public DeleteContainerGroupResponse delete(
      Caller caller, Decoded<DeleteContainerGroupRequest> decoded) throws NotWrittenException {
    List<Problem> problems = new ArrayList<>();
    DeleteContainerGroupRequest asked = decoded.draft();
    RegionId region = regions.read(asked.regionId(), problems::add);
    TokenClaim.problemOf(asked.clientToken()).ifPresent(problems::add);
    OwnGroups.checkId(asked.containerGroupId(), problems::add);
    DeleteContainerGroupRequest request = decoded.orThrow(problems);
    ContainerGroupId id = OwnGroups.id(request.containerGroupId());
    boolean force = Boolean.TRUE.equals(request.force());
    GroupDeletion.Outcome outcome =
        deletions.write(
            new GroupDeletion(
                caller.account(),
                region,
                id,
                force,
                clock.instant(),
                TokenClaim.of(
                    caller.account(),
                    region,
                    Action.DELETE_CONTAINER_GROUP,
                    request.clientToken(),
                    () -> List.of(id.value(), force ? "force" : ""),
                    id.value()),
                caller.nonce()));
    settleNonce(caller.nonce());
    switch (outcome) {
      case GroupDeletion.Outcome.Deleted deleted -> {
        Integer shard = deleted.shard();
        if (shard != null) {
          wakeUp.wake(id, shard);
        }
      }
      case GroupDeletion.Outcome.AlreadyEnding ending -> {}
      case GroupDeletion.Outcome.Unknown unknown -> throw OwnGroups.unknown(id.value());
      case GroupDeletion.Outcome.TokenMismatch mismatch -> throw tokenMismatch();
      case GroupDeletion.Outcome.NonceUsed used -> throw nonceUsed();
    }
    return new DeleteContainerGroupResponse(null);
  }

  static ApiException diskTaken(String disk) {
    return new ApiException(
        ErrorCode.INCORRECT_STATUS,
        "Disk %s is not free any more: another container group has got it.".formatted(disk));
  }

  static ApiException tokenMismatch() {
    return new ApiException(
        ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH,
        "ClientToken was used for a request with other parameters.");
  }

  static ApiException nonceUsed() {
    return new ApiException(
        ErrorCode.SIGNATURE_NONCE_USED, "The nonce of the signature was used before.");
  }

  static void settleNonce(@Nullable NonceUse nonce) {
    if (nonce != null) {
      nonce.settle();
    }
  }
}
