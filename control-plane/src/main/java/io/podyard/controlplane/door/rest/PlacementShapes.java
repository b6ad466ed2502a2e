package io.podyard.controlplane.door.rest;

import io.podyard.api.wire.OneOf;
import io.podyard.api.wire.Required;
import io.podyard.controlplane.containergroup.GroupPlacements.GroupPlacement;
import io.podyard.controlplane.inventory.DeclarationReading;
import io.podyard.controlplane.placement.DecisionFacts;
import io.podyard.controlplane.placement.MadeDecision;
import io.podyard.model.HostId;
import io.podyard.model.MemoryMib;
import io.podyard.model.ZoneId;
import io.podyard.scheduler.Candidate;
import io.podyard.scheduler.Room;
import io.podyard.scheduler.RuledOut;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What is asked and answered about decisions of placement. */
final class PlacementShapes {

  private static final int MILLI_DIGITS = 3;

  private PlacementShapes() {}

  record GroupPlacementRequest(@Nullable String containerGroupId) {}

  record PlacementsRequest(
      @Nullable Integer limit, @Nullable String nextToken, @Nullable String outcome) {}

  /** What may be asked for without making it. */
  record WhatIfRequest(
      @Nullable String regionId,
      @Nullable String zoneId,
      @Required @Nullable BigDecimal cpu,
      @Required @Nullable BigDecimal memory,
      @Nullable BigDecimal disk,
      @Nullable Integer gpus,
      @Nullable BigDecimal gpuShare,
      @Nullable String gpuModel,
      @Nullable String architecture,
      @Nullable String computeCategory,
      @Nullable String instanceType,
      @Nullable String labels,
      @Nullable String poolId) {}

  /** A page of decisions, newest first. */
  record PlacementsResponse(List<PlacementResponse> placements, @Nullable String nextToken) {}

  /** Hosts that were ruled out, by the first reason that holds. */
  record RuledOutResponse(String reason, int hosts) {

    static List<RuledOutResponse> all(Map<RuledOut, Integer> counts) {
      List<RuledOutResponse> all = new ArrayList<>();
      for (RuledOut reason : RuledOut.values()) {
        Integer hosts = counts.get(reason);
        if (hosts != null) {
          all.add(new RuledOutResponse(reason.term(), hosts));
        }
      }
      return all;
    }
  }

  /** What is asked for, offered, free or lacking; only of what is asked for. */
  record RoomResponse(
      BigDecimal cpu,
      BigDecimal memory,
      @Nullable BigDecimal disk,
      @Nullable Integer gpus,
      @Nullable BigDecimal gpuShare) {

    static RoomResponse of(Room room, Room wanted) {
      boolean disk = wanted.diskMib() > 0 && room.diskMib() < Integer.MAX_VALUE;
      return new RoomResponse(
          room.size().cpu().vcpu(),
          room.size().memory().gib(),
          disk ? MemoryMib.of(room.diskMib()).gib() : null,
          wanted.gpus() > 0 ? room.gpus() : null,
          wanted.gpuMilli() > 0
              ? BigDecimal.valueOf(room.gpuMilli(), MILLI_DIGITS).stripTrailingZeros()
              : null);
    }
  }

  /** A part of a score. */
  record ScorePartResponse(String name, long value) {

    static List<ScorePartResponse> all(Candidate candidate) {
      return candidate.parts().entrySet().stream()
          .map(part -> new ScorePartResponse(part.getKey().term(), part.getValue()))
          .toList();
    }
  }

  /** Tells in which shard a host is, as far as it is known. */
  interface ShardOf {
    @Nullable Integer of(HostId host);
  }

  /** One of the best hosts; its names are for operators. */
  record CandidateResponse(
      int rank,
      @Nullable String hostId,
      @Nullable String poolId,
      @Nullable Integer shard,
      String policy,
      long score,
      List<ScorePartResponse> scoreParts,
      List<Integer> gpuDevices) {

    static CandidateResponse of(int rank, Candidate candidate, @Nullable ShardOf shards) {
      return new CandidateResponse(
          rank,
          shards == null ? null : candidate.host().value(),
          shards == null ? null : candidate.pool().value(),
          shards == null ? null : shards.of(candidate.host()),
          DeclarationReading.name(candidate.policy()),
          candidate.score(),
          ScorePartResponse.all(candidate),
          LongStream.of(candidate.gpuDevices())
              .flatMap(
                  bits ->
                      IntStream.range(0, Long.SIZE)
                          .filter(n -> (bits >> n & 1) == 1)
                          .asLongStream())
              .mapToObj(Math::toIntExact)
              .toList());
    }
  }

  /** A decision: of a group, of a request that made none, or of one that was not made at all. */
  record PlacementResponse(
      @Nullable String containerGroupId,
      @Nullable String accountId,
      String regionId,
      @Nullable String zoneId,
      @OneOf({"Placed", "Waiting", "Refused"}) String outcome,
      @OneOf({"AsDecided", "AsOfNow"}) String basis,
      Instant decidedTime,
      int times,
      String message,
      RoomResponse wanted,
      int hostsLookedAt,
      int hostsFitting,
      List<RuledOutResponse> ruledOut,
      boolean couldEverFit,
      RoomResponse largest,
      RoomResponse mostFree,
      RoomResponse lacking,
      List<CandidateResponse> candidates,
      @Nullable String hostId,
      @Nullable Integer shard,
      @Nullable String decidedBy,
      @Nullable Long snapshotVersion) {

    /**
     * @param shards null unless an operator asks, who sees the names of hosts and processes
     */
    static PlacementResponse of(GroupPlacement placement, @Nullable ShardOf shards) {
      MadeDecision made = placement.decision();
      DecisionFacts facts = made.facts();
      boolean names = shards != null;
      HostId host = made.host();
      ZoneId zone = facts.zone();
      Room wanted = facts.wanted();
      return new PlacementResponse(
          made.group() == null ? null : made.group().value(),
          names ? made.account().value() : null,
          made.region().value(),
          zone == null ? null : zone.value(),
          name(made.outcome()),
          placement.kept() ? "AsDecided" : "AsOfNow",
          made.at().truncatedTo(ChronoUnit.MILLIS),
          made.times(),
          facts.sentence(),
          RoomResponse.of(wanted, wanted),
          facts.hostsLookedAt(),
          facts.hostsFitting(),
          RuledOutResponse.all(facts.ruledOut()),
          facts.couldEverFit(),
          RoomResponse.of(facts.largest(), wanted),
          RoomResponse.of(facts.mostFree(), wanted),
          RoomResponse.of(facts.lacking(), wanted),
          IntStream.range(0, facts.best().size())
              .mapToObj(n -> CandidateResponse.of(n + 1, facts.best().get(n), shards))
              .toList(),
          names && host != null ? host.value() : null,
          names ? placement.shard() : null,
          names ? made.decidedBy() : null,
          names ? made.version() : null);
    }
  }

  static String name(MadeDecision.Outcome outcome) {
    return outcome.name().charAt(0) + outcome.name().substring(1).toLowerCase(Locale.ROOT);
  }
}
