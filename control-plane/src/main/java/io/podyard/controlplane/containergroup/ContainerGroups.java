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
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.logging.LogScope;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.quota.BeyondQuota;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.usage.Prices;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.scheduler.Explanation;
import io.podyard.scheduler.PlacementRequest;
import jakarta.annotation.PreDestroy;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
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

  private final GroupDraftRules rules;
  private final AllowedCapabilities capabilities;
  private final AllowedHostPaths hostPaths;
  private final GroupDisks disks;
  private final Regions regions;
  private final Prices prices;
  private final GroupPlaces places;
  private final Quotas quotas;
  private final ClientTokens tokens;
  private final Placement placement;
  private final GroupWakeUp wakeUp;
  private final StartTimes startTimes;
  private final Clock clock;
  private final Duration schedulingDeadline;
  private final GroupIds ids = new GroupIds(new SecureRandom());
  private final BatchWriter<NewGroup, NewGroup.Outcome> creations;
  private final BatchWriter<GroupDeletion, GroupDeletion.Outcome> deletions;

  ContainerGroups(
      GroupDraftRules rules,
      AllowedCapabilities capabilities,
      AllowedHostPaths hostPaths,
      GroupDisks disks,
      Regions regions,
      Prices prices,
      GroupPlaces places,
      Quotas quotas,
      ClientTokens tokens,
      Placement placement,
      GroupWakeUp wakeUp,
      StartTimes startTimes,
      TransactionTemplate transaction,
      JdbcGroupCreation creation,
      JdbcGroupDeletion deletion,
      CommitPoints points,
      PodyardSettings settings,
      Clock clock) {
    this.rules = rules;
    this.capabilities = capabilities;
    this.hostPaths = hostPaths;
    this.disks = disks;
    this.regions = regions;
    this.prices = prices;
    this.places = places;
    this.quotas = quotas;
    this.tokens = tokens;
    this.placement = placement;
    this.wakeUp = wakeUp;
    this.startTimes = startTimes;
    this.clock = clock;
    this.schedulingDeadline = settings.schedulingDeadline();
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
    CreateContainerGroupRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    List<Problem> ofToday = new ArrayList<>();
    regions.checkZone(asked.regionId(), asked.zoneId(), ofToday::add);
    capabilities.check(asked, problem -> ofToday.add(decoded.asSent(problem)));
    hostPaths.check(asked, problem -> ofToday.add(decoded.asSent(problem)));
    GroupDisks.Found found =
        disks.find(
            caller.account(), region, asked, problem -> ofToday.add(decoded.asSent(problem)));
    GroupDraft draft = rules.check(region, decoded, problems, ofToday);
    if (draft.dryRun()) {
      checkToday(decoded, ofToday, region, draft);
      throw dryRun(caller.account(), places.choose(caller.account(), region, draft, found));
    }
    Instant now = clock.instant();
    ContainerGroupId id = ids.next(now);
    LogScope.concerns(id);
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.CREATE_CONTAINER_GROUP,
            draft.clientToken(),
            () -> List.of(DraftMeaning.of(draft)),
            id.value());
    NewGroup.Outcome outcome;
    try {
      checkToday(decoded, ofToday, region, draft);
      outcome = write(caller, region, draft, found, id, now, token, caller.nonce());
      settleNonce(caller.nonce());
      while (outcome instanceof NewGroup.Outcome.VSwitchElsewhere) {
        // The vSwitch was in no zone, and another request was faster. Now it is in one, so this
        // ends.
        outcome = write(caller, region, draft, found, id, now, token, null);
      }
    } catch (ApiException refusal) {
      outcome = answeredBefore(token).orElseThrow(() -> refusal);
    }
    return new CreateContainerGroupResponse(created(outcome).value(), null);
  }

  /**
   * What no request can help that was fine when it came first: zones, prices, disks and what the
   * operator allows may go.
   */
  private void checkToday(
      Decoded<CreateContainerGroupRequest> decoded,
      List<Problem> ofToday,
      RegionId region,
      GroupDraft draft) {
    decoded.orThrow(ofToday);
    prices.require(region, draft.spec().size());
  }

  /**
   * What a request gets that is refused today, if its token stands for something already: prices,
   * zones and hosts may be gone since, and a client that has lost its answer still gets it. Only
   * asked then, because the write itself finds the token when nothing is in its way.
   */
  private Optional<NewGroup.Outcome> answeredBefore(@Nullable TokenClaim token) {
    return Optional.ofNullable(token)
        .flatMap(tokens::find)
        .map(
            outcome ->
                switch (outcome) {
                  case TokenClaim.Outcome.Replay(String first) ->
                      new NewGroup.Outcome.Replayed(new ContainerGroupId(first));
                  case TokenClaim.Outcome.Mismatch mismatch -> new NewGroup.Outcome.TokenMismatch();
                  case TokenClaim.Outcome.Granted granted ->
                      throw new IllegalStateException("a look at a token granted it");
                });
  }

  /** What a request is told that would have made a group now (contract section 8). */
  private ApiException dryRun(AccountId account, GroupPlace place) {
    Explanation explanation = places.explain(place);
    PlacementRequest wanted = place.wanted();
    quotas.require(account, wanted.region(), wanted.size().cpu());
    return explanation.hostsFitting() > 0
        ? new ApiException(
            ErrorCode.DRY_RUN_OPERATION, "The request would have succeeded; nothing was created.")
        : new ApiException(ErrorCode.OPERATION_DENIED_NO_STOCK, explanation.sentence());
  }

  private NewGroup.Outcome write(
      Caller caller,
      RegionId region,
      GroupDraft draft,
      GroupDisks.Found found,
      ContainerGroupId id,
      Instant now,
      @Nullable TokenClaim token,
      @Nullable NonceUse nonce)
      throws NotWrittenException {
    GroupPlace place = places.choose(caller.account(), region, draft, found);
    Optional<Placement.Pick> pick = places.pick(place);
    NewGroup.Outcome outcome = null;
    try {
      Explanation waits = pick.isPresent() ? null : places.explain(place);
      GroupSpec spec = disks.complete(draft.spec(), found, now);
      GroupRecord record = record(caller, place, draft, spec, id, now, waits);
      Occurrence occurrence =
          waits == null
              ? GroupBinding.HOST_FOUND
              : Occurrence.warning("FailedScheduling", waits.sentence());
      outcome =
          creations.write(
              new NewGroup(
                  record,
                  pick.map(Placement.Pick::host).orElse(null),
                  List.of(occurrence),
                  place.registers(),
                  token,
                  nonce));
      return outcome;
    } finally {
      settle(pick, outcome, now);
    }
  }

  private GroupRecord record(
      Caller caller,
      GroupPlace place,
      GroupDraft draft,
      GroupSpec spec,
      ContainerGroupId id,
      Instant now,
      @Nullable Explanation waits) {
    VSwitches.Key vSwitch = place.vSwitch();
    return new GroupRecord(
        id,
        caller.account(),
        place.wanted().region(),
        place.wanted().zone(),
        draft.name(),
        GroupStatus.SCHEDULING,
        waits == null ? "" : "NoCapacity",
        waits == null ? "" : waits.sentence(),
        vSwitch == null ? spec : spec.inVSwitch(vSwitch.id()),
        vSwitch == null ? draft.kept() : draft.kept().inVSwitch(vSwitch.id().value()),
        draft.tags(),
        GroupState.initial(spec),
        1,
        1,
        null,
        null,
        StoredGoal.RUN,
        "",
        null,
        now.plus(schedulingDeadline),
        false,
        now,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private void settle(
      Optional<Placement.Pick> pick, NewGroup.@Nullable Outcome outcome, Instant createdAt) {
    pick.ifPresent(
        taken -> {
          if (outcome instanceof NewGroup.Outcome.Created created && created.host() != null) {
            placement.written(taken);
            startTimes.placed(createdAt, clock.instant());
          } else {
            placement.notWritten(taken);
          }
        });
  }

  private ContainerGroupId created(NewGroup.Outcome outcome) {
    return switch (outcome) {
      case NewGroup.Outcome.Created created -> {
        Integer shard = created.shard();
        if (shard != null) {
          wakeUp.wake(created.id(), shard);
        }
        yield created.id();
      }
      case NewGroup.Outcome.Replayed replayed -> {
        LogScope.concerns(replayed.id());
        yield replayed.id();
      }
      case NewGroup.Outcome.OverQuota(BeyondQuota beyond) -> throw beyond.refusal();
      case NewGroup.Outcome.DiskTaken(String disk) ->
          throw new ApiException(
              ErrorCode.INCORRECT_STATUS,
              "Disk %s is not free any more: another container group has got it.".formatted(disk));
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

  private static ApiException tokenMismatch() {
    return new ApiException(
        ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH,
        "ClientToken was used for a request with other parameters.");
  }

  private static ApiException nonceUsed() {
    return new ApiException(
        ErrorCode.SIGNATURE_NONCE_USED, "The nonce of the signature was used before.");
  }

  private static void settleNonce(@Nullable NonceUse nonce) {
    if (nonce != null) {
      nonce.settle();
    }
  }
}
