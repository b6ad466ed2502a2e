package io.podyard.controlplane.containergroup;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.RpcCodec;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.RestartContainerGroupRequest;
import io.podyard.api.containergroup.RestartContainerGroupResponse;
import io.podyard.api.containergroup.UpdateContainerGroupRequest;
import io.podyard.api.containergroup.UpdateContainerGroupResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.quota.BeyondQuota;
import io.podyard.controlplane.usage.Prices;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.RegionId;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Updating and restarting container groups (contract section 12). A call returns when the change is
 * durable; its host follows after that, and the group keeps its address.
 */
@Component
public class GroupChanges {

  /** A group that its driver writes all the time is read again this often. */
  private static final int MOST_TRIES = 20;

  private final GroupStore groups;
  private final AllowedCapabilities capabilities;
  private final AllowedHostPaths hostPaths;
  private final Regions regions;
  private final Prices prices;
  private final ClientTokens tokens;
  private final GroupWakeUp wakeUp;
  private final Clock clock;
  private final BatchWriter<GroupChange, GroupChange.Outcome> changes;

  GroupChanges(
      GroupStore groups,
      AllowedCapabilities capabilities,
      AllowedHostPaths hostPaths,
      Regions regions,
      Prices prices,
      ClientTokens tokens,
      GroupWakeUp wakeUp,
      TransactionTemplate transaction,
      JdbcGroupChanges handler,
      CommitPoints points,
      Clock clock) {
    this.groups = groups;
    this.capabilities = capabilities;
    this.hostPaths = hostPaths;
    this.regions = regions;
    this.prices = prices;
    this.tokens = tokens;
    this.wakeUp = wakeUp;
    this.clock = clock;
    this.changes = new BatchWriter<>("change", transaction, handler, points);
  }

  @PreDestroy
  void close() {
    changes.close();
  }

  /**
   * Changes a group.
   *
   * @throws ApiException with every problem of the request, or why the group cannot become so
   * @throws NotWrittenException if it may not be durable; the caller tries again with its token
   */
  public UpdateContainerGroupResponse update(
      Caller caller, Decoded<UpdateContainerGroupRequest> decoded) throws NotWrittenException {
    UpdateContainerGroupRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    TokenClaim.problemOf(asked.clientToken()).ifPresent(problems::add);
    OwnGroups.checkId(asked.containerGroupId(), problems::add);
    Findings ofRequest = new Findings();
    Optional<GroupRecord> first =
        problems.isEmpty() ? own(caller, region, asked.containerGroupId()) : Optional.empty();
    first.ifPresent(group -> UpdateRules.read(group, asked, ofRequest));
    problems.addAll(ofRequest.problems());
    List<Problem> ofToday = new ArrayList<>();
    CreateContainerGroupRequest asCreate = UpdateAsCreate.of(asked);
    capabilities.check(asCreate, ofToday::add);
    Set<Integer> kept = first.map(group -> DataCacheVolumes.kept(group, asCreate)).orElse(Set.of());
    hostPaths.check(asCreate, kept, ofToday::add);
    if (decoded.value() == null || !problems.isEmpty()) {
      problems.addAll(ofToday);
    }
    UpdateContainerGroupRequest request = decoded.orThrow(problems);
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.UPDATE_CONTAINER_GROUP,
            request.clientToken(),
            () -> meaning(request),
            String.valueOf(request.containerGroupId()));
    change(
        caller,
        region,
        request.containerGroupId(),
        ErrorCode.INCORRECT_STATUS,
        token,
        (group, nonce) -> {
          // What the operator allows may have been more when the token's first request came.
          decoded.orThrow(ofToday);
          Findings findings = new Findings();
          UpdateRules.Wanted wanted = UpdateRules.read(group, request, findings);
          if (findings.count() > 0) {
            // The group became another one since.
            throw new ApiException(
                RpcCodec.ordered(Action.UPDATE_CONTAINER_GROUP, findings.problems()));
          }
          prices.require(region, EphemeralStorage.metered(wanted.spec(), wanted.kept().tariff()));
          return updated(group, wanted, token, nonce);
        });
    return new UpdateContainerGroupResponse(null);
  }

  private GroupChange updated(
      GroupRecord group,
      UpdateRules.Wanted wanted,
      @Nullable TokenClaim token,
      @Nullable NonceUse nonce) {
    boolean concernsHost = !wanted.spec().equals(group.spec());
    if (!concernsHost && wanted.kept().equals(group.kept()) && wanted.tags().equals(group.tags())) {
      throw new ApiException(
          ErrorCode.NO_NEED_UPDATE, "The group is already as the request wants it.");
    }
    return new GroupChange(
        group,
        concernsHost ? GroupStatus.UPDATING : group.status(),
        concernsHost
            ? Revisions.changed(group.spec(), wanted.spec(), group.generation() + 1)
            : group.spec(),
        wanted.kept(),
        wanted.tags(),
        "The group was updated by its owner.",
        clock.instant(),
        token,
        nonce);
  }

  /**
   * Restarts all containers of a group, init containers first.
   *
   * @throws ApiException with every problem of the request, or why the group cannot be restarted
   * @throws NotWrittenException if it may not be durable; the caller tries again with its token
   */
  public RestartContainerGroupResponse restart(
      Caller caller, Decoded<RestartContainerGroupRequest> decoded) throws NotWrittenException {
    RestartContainerGroupRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(asked.regionId(), problems::add);
    TokenClaim.problemOf(asked.clientToken()).ifPresent(problems::add);
    OwnGroups.checkId(asked.containerGroupId(), problems::add);
    RestartContainerGroupRequest request = decoded.orThrow(problems);
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.RESTART_CONTAINER_GROUP,
            request.clientToken(),
            () -> List.of(String.valueOf(request.containerGroupId())),
            String.valueOf(request.containerGroupId()));
    change(
        caller,
        region,
        request.containerGroupId(),
        ErrorCode.INCORRECT_STATUS,
        token,
        (group, nonce) ->
            new GroupChange(
                group,
                GroupStatus.RESTARTING,
                Revisions.restarted(group.spec(), group.generation() + 1),
                group.kept(),
                group.tags(),
                "The group was restarted by its owner.",
                clock.instant(),
                token,
                nonce));
    return new RestartContainerGroupResponse(null);
  }

  /**
   * Decides and writes a change, anew as often as the group has moved on meanwhile.
   *
   * @param wrongStatus what is told of a group that cannot be changed as it is
   * @param decide refuses with an {@link ApiException}
   */
  void change(
      Caller caller,
      RegionId region,
      @Nullable String id,
      ErrorCode wrongStatus,
      @Nullable TokenClaim token,
      BiFunction<GroupRecord, @Nullable NonceUse, GroupChange> decide)
      throws NotWrittenException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      GroupChange.Outcome outcome;
      GroupRecord group = null;
      try {
        group = own(caller, region, id).orElseThrow(() -> OwnGroups.unknown(id));
        requireChangeable(group, wrongStatus);
        NonceUse nonce = caller.nonce();
        GroupChange change = decide.apply(group, nonce == null || nonce.settled() ? null : nonce);
        if (change.costsMore()) {
          caller.requireNoArrears();
        }
        outcome = changes.write(change);
        ContainerGroups.settleNonce(caller.nonce());
      } catch (ApiException refusal) {
        outcome = answeredBefore(token).orElseThrow(() -> refusal);
      }
      switch (outcome) {
        case GroupChange.Outcome.Changed _ -> {
          wake(group);
          return;
        }
        case GroupChange.Outcome.Replayed _ -> {
          return;
        }
        case GroupChange.Outcome.Stale _ -> {}
        case GroupChange.Outcome.NoRoom _ ->
            throw new ApiException(
                ErrorCode.OPERATION_DENIED_NO_STOCK,
                "The host of the group has no room for the size that is asked for,"
                    + " or it is kept for a group that waits.");
        case GroupChange.Outcome.OverQuota(BeyondQuota beyond) -> throw beyond.refusal();
        case GroupChange.Outcome.TokenMismatch _ ->
            throw new ApiException(
                ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH,
                "ClientToken was used for a request with other parameters.");
        case GroupChange.Outcome.NonceUsed _ ->
            throw new ApiException(
                ErrorCode.SIGNATURE_NONCE_USED, "The nonce of the signature was used before.");
      }
    }
    throw new ApiException(
        ErrorCode.OPERATION_CONFLICT, "The group is being changed by others. Try again.");
  }

  private static void requireChangeable(GroupRecord group, ErrorCode wrongStatus) {
    boolean may =
        (group.status() == GroupStatus.PENDING || group.status() == GroupStatus.RUNNING)
            && group.goal() == StoredGoal.RUN;
    if (!may) {
      throw new ApiException(
          wrongStatus,
          "The group is %s; it can be changed while it is Pending or Running."
              .formatted(group.status().wireName()));
    }
  }

  private Optional<GroupRecord> own(Caller caller, RegionId region, @Nullable String id) {
    return Optional.ofNullable(id)
        .map(OwnGroups::id)
        .flatMap(groups::find)
        .filter(group -> group.account().equals(caller.account()))
        .filter(group -> group.region().equals(region))
        .filter(group -> group.deletedAt() == null);
  }

  private Optional<GroupChange.Outcome> answeredBefore(@Nullable TokenClaim token) {
    return tokens.answered(
        token, _ -> new GroupChange.Outcome.Replayed(), GroupChange.Outcome.TokenMismatch::new);
  }

  private void wake(@Nullable GroupRecord group) {
    Integer shard = group == null ? null : group.shard();
    if (group != null && shard != null) {
      wakeUp.wake(group.id(), shard);
    }
  }

  /** What a request asks for; the indices of what it leaves out do not matter. */
  private static List<String> meaning(UpdateContainerGroupRequest request) {
    Map<String, String> parameters = new TreeMap<>(RpcCodec.encode(request));
    parameters.keySet().removeIf(name -> name.equals("ClientToken") || name.equals("RegionId"));
    return parameters.entrySet().stream().map(p -> p.getKey() + "=" + p.getValue()).toList();
  }
}
