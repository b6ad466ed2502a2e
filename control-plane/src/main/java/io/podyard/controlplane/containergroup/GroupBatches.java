package io.podyard.controlplane.containergroup;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.BatchCreateContainerGroupsRequest;
import io.podyard.api.containergroup.BatchCreateContainerGroupsResponse;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupsRequest;
import io.podyard.api.containergroup.DeleteContainerGroupsResponse;
import io.podyard.api.containergroup.DeleteContainerGroupsResponse.InstanceResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.idempotency.ClientTokens;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.quota.BeyondQuota;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.RegionId;
import jakarta.annotation.PreDestroy;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Several container groups by one request. Those that are created are created all or not at all,
 * since the answer has nothing but their ids; of those that are deleted each has an answer of its
 * own. A call returns when its effect is durable.
 */
@Component
public class GroupBatches {

  /** As many instances as one call to the vendor's servers makes; one transaction of the writer. */
  static final int MOST_GROUPS = 100;

  /** What a group that ends is answered, in the form of the vendor's other batch actions. */
  private static final String DONE = "200";

  private final GroupPreparation preparation;
  private final PickSettlement settlement;
  private final Regions regions;
  private final ClientTokens tokens;
  private final GroupWakeUp wakeUp;
  private final BindingLoad load;
  private final Clock clock;
  private final GroupIds ids = new GroupIds(new SecureRandom());
  private final BatchWriter<GroupBatch, GroupBatch.Outcome> creations;
  private final BatchWriter<DeletionBatch, DeletionBatch.Outcome> deletions;

  GroupBatches(
      GroupPreparation preparation,
      PickSettlement settlement,
      Regions regions,
      ClientTokens tokens,
      GroupWakeUp wakeUp,
      BindingLoad load,
      TransactionTemplate transaction,
      JdbcBatchCreation creation,
      DeletionBatch.Handler deletion,
      CommitPoints points,
      Clock clock) {
    this.preparation = preparation;
    this.settlement = settlement;
    this.regions = regions;
    this.tokens = tokens;
    this.wakeUp = wakeUp;
    this.load = load;
    this.clock = clock;
    this.creations =
        new BatchWriter<>(
            "createBatch", transaction, creation, points, JdbcBatchCreation.MOST_REQUESTS);
    this.deletions =
        new BatchWriter<>(
            "deleteBatch", transaction, deletion, points, DeletionBatch.Handler.MOST_REQUESTS);
  }

  @PreDestroy
  void close() {
    creations.close();
    deletions.close();
  }

  /**
   * Creates groups that are alike, or answers with those that the same client token made.
   *
   * @throws ApiException with every problem of the request, or why there can be no such groups
   * @throws NotWrittenException if they may not be durable; the caller tries again with its token
   */
  public BatchCreateContainerGroupsResponse create(
      Caller caller, Decoded<BatchCreateContainerGroupsRequest> decoded)
      throws NotWrittenException {
    int amount = Objects.requireNonNullElse(decoded.draft().amount(), 1);
    List<Problem> problems = new ArrayList<>();
    if (amount < 1 || amount > MOST_GROUPS) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              "Amount",
              String.valueOf(amount),
              "must be from 1 to " + MOST_GROUPS));
    }
    List<String> vSwitches = decoded.draft().vSwitchId();
    for (int i = 0; i < vSwitches.size(); i++) {
      if (!TextForms.isIdentifier(vSwitches.get(i))) {
        problems.add(
            new Problem(
                ErrorCode.INVALID_PARAMETER,
                "VSwitchId." + (i + 1),
                vSwitches.get(i),
                "must be an id: at most 128 letters, digits, '.', '_' and '-'"));
      }
    }
    Decoded<CreateContainerGroupRequest> ofEach =
        decoded.as(request -> request.group(TextForms::isIdentifier));
    if (amount > 1) {
      DiskRules.existing(ofEach.draft())
          .forEach(
              (parameter, disk) ->
                  problems.add(
                      new Problem(
                          ErrorCode.DISK_VOLUME_NOT_SUPPORT,
                          parameter,
                          disk,
                          "cannot be the disk of more than one group; Amount must be 1")));
    }
    GroupPreparation.Asked asked = preparation.read(caller.account(), ofEach, problems);
    GroupDraft draft = asked.draft();
    Instant now = clock.instant();
    if (draft.dryRun()) {
      throw preparation.dryRun(caller, asked, amount, now);
    }
    ContainerGroupId first = ids.next(now);
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            asked.region(),
            Action.BATCH_CREATE_CONTAINER_GROUPS,
            draft.clientToken(),
            () -> List.of(DraftMeaning.of(draft), String.valueOf(amount)),
            first.value());
    GroupBatch.Outcome outcome;
    try {
      preparation.checkToday(caller, asked);
      List<ContainerGroupId> all = GroupIds.together(first, amount);
      outcome = write(caller, asked, all, now, token, caller.nonce());
      ContainerGroups.settleNonce(caller.nonce());
      while (outcome instanceof GroupBatch.Outcome.VSwitchElsewhere) {
        // As for a single group: now the vSwitch is in a zone, so this ends.
        preparation.checkZoneAgain(asked);
        outcome = write(caller, asked, all, now, token, null);
      }
    } catch (ApiException refusal) {
      outcome = answeredBefore(token).orElseThrow(() -> refusal);
    }
    ContainerGroupId made = made(outcome, first);
    return new BatchCreateContainerGroupsResponse(
        GroupIds.together(made, amount).stream().map(ContainerGroupId::value).toList(), null);
  }

  private GroupBatch.Outcome write(
      Caller caller,
      GroupPreparation.Asked asked,
      List<ContainerGroupId> all,
      Instant now,
      @Nullable TokenClaim token,
      @Nullable NonceUse nonce)
      throws NotWrittenException {
    List<GroupPreparation.Prepared> prepared = new ArrayList<>();
    GroupBatch.Outcome.Created made = null;
    load.begin();
    try {
      VSwitchPicture picture = preparation.look(caller.account(), asked);
      for (ContainerGroupId id : all) {
        prepared.add(preparation.prepare(caller, asked, id, now, picture));
      }
      GroupBatch.Outcome outcome =
          creations.write(
              new GroupBatch(
                  prepared.stream().map(one -> NewGroup.of(one, null, null)).toList(),
                  token,
                  nonce));
      if (outcome instanceof GroupBatch.Outcome.Created created) {
        made = created;
        preparation.made(caller, asked);
        created.hosts().forEach((id, grant) -> wakeUp.start(id, grant.host(), grant.shard()));
      }
      return outcome;
    } finally {
      load.end(all.size());
      for (GroupPreparation.Prepared one : prepared) {
        settlement.settle(
            one, made == null ? PickSettlement.Became.NOTHING : made.became(one.record().id()));
      }
    }
  }

  private Optional<GroupBatch.Outcome> answeredBefore(@Nullable TokenClaim token) {
    return tokens.answered(
        token,
        first -> new GroupBatch.Outcome.Replayed(new ContainerGroupId(first)),
        GroupBatch.Outcome.TokenMismatch::new);
  }

  /** The first of the groups that there are now. */
  private static ContainerGroupId made(GroupBatch.Outcome outcome, ContainerGroupId first) {
    return switch (outcome) {
      case GroupBatch.Outcome.Created _ -> first;
      case GroupBatch.Outcome.Replayed(ContainerGroupId before) -> before;
      case GroupBatch.Outcome.OverQuota(BeyondQuota beyond) -> throw beyond.refusal();
      case GroupBatch.Outcome.DiskTaken(String disk) -> throw ContainerGroups.diskTaken(disk);
      case GroupBatch.Outcome.TokenMismatch _ -> throw ContainerGroups.tokenMismatch();
      case GroupBatch.Outcome.NonceUsed _ -> throw ContainerGroups.nonceUsed();
      case GroupBatch.Outcome.VSwitchElsewhere _ ->
          throw new IllegalStateException("a vSwitch that is nowhere");
    };
  }

  /**
   * Ends groups, each as its own deletion would; one that the caller has not is answered so and is
   * no reason against the others.
   *
   * @throws ApiException with every problem of the request
   * @throws NotWrittenException if it may not be durable
   */
  public DeleteContainerGroupsResponse delete(
      Caller caller, Decoded<DeleteContainerGroupsRequest> decoded) throws NotWrittenException {
    List<Problem> problems = new ArrayList<>();
    DeleteContainerGroupsRequest asked = decoded.draft();
    RegionId region = regions.read(asked.regionId(), problems::add);
    Set<String> named = new LinkedHashSet<>(asked.containerGroupIds());
    DeleteContainerGroupsRequest _ = decoded.orThrow(problems);
    Instant now = clock.instant();
    Map<ContainerGroupId, GroupDeletion> wanted = new LinkedHashMap<>();
    for (String id : named) {
      read(id)
          .ifPresent(
              known ->
                  wanted.put(
                      known,
                      new GroupDeletion(caller.account(), region, known, false, now, null, null)));
    }
    Map<String, GroupDeletion.Outcome> outcomes = new HashMap<>();
    if (!wanted.isEmpty()) {
      outcomes.putAll(write(caller, List.copyOf(wanted.values())));
    }
    return new DeleteContainerGroupsResponse(
        named.stream()
            .map(id -> answer(id, outcomes.getOrDefault(id, new GroupDeletion.Outcome.Unknown())))
            .toList(),
        null);
  }

  private Map<String, GroupDeletion.Outcome> write(Caller caller, List<GroupDeletion> wanted)
      throws NotWrittenException {
    DeletionBatch.Outcome outcome = deletions.write(new DeletionBatch(wanted, caller.nonce()));
    ContainerGroups.settleNonce(caller.nonce());
    return switch (outcome) {
      case DeletionBatch.Outcome.NonceUsed _ -> throw ContainerGroups.nonceUsed();
      case DeletionBatch.Outcome.Done(List<GroupDeletion.Outcome> each) -> {
        Map<String, GroupDeletion.Outcome> byId = new HashMap<>();
        for (int i = 0; i < each.size(); i++) {
          ContainerGroupId id = wanted.get(i).group();
          byId.put(id.value(), each.get(i));
          if (each.get(i) instanceof GroupDeletion.Outcome.Deleted(Integer shard)
              && shard != null) {
            wakeUp.wake(id, shard);
          }
        }
        yield byId;
      }
    };
  }

  private static InstanceResponse answer(String id, GroupDeletion.Outcome outcome) {
    return switch (outcome) {
      case GroupDeletion.Outcome.Deleted _, GroupDeletion.Outcome.AlreadyEnding _ ->
          new InstanceResponse(DONE, id, "success");
      case GroupDeletion.Outcome.Unknown _ -> {
        Problem unknown = OwnGroups.unknown(id).problems().getFirst();
        yield new InstanceResponse(unknown.code().code(), id, unknown.sentence());
      }
      case GroupDeletion.Outcome.TokenMismatch _, GroupDeletion.Outcome.NonceUsed _ ->
          throw new IllegalStateException("a deletion without token and nonce has them");
    };
  }

  private static Optional<ContainerGroupId> read(String id) {
    try {
      return Optional.of(new ContainerGroupId(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
