package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.containergroup.CreateContainerGroupRequest;
import io.podyard.billing.Metered;
import io.podyard.billing.Tariff;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.inventory.VSwitches;
import io.podyard.controlplane.placement.Placement;
import io.podyard.controlplane.quota.Quotas;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.controlplane.usage.Prices;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.GroupState;
import io.podyard.runtime.Occurrence;
import io.podyard.scheduler.PlacementRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What requests for one group and for several have in common before anything is written: they are
 * checked, and each group gets a place, a host if one has room, and its first record.
 */
@Component
class GroupPreparation {

  /**
   * A request that passed every check which needs no more than the request.
   *
   * @param disks the existing disks that it names
   * @param caches what it starts from of image caches
   * @param data what it mounts of data caches
   * @param ofToday what is wrong with it now and may not have been when it came first
   */
  record Asked(
      Decoded<CreateContainerGroupRequest> decoded,
      RegionId region,
      GroupDraft draft,
      GroupDisks.Found disks,
      GroupImageCaches.Found caches,
      DataCacheVolumes.Found data,
      List<Problem> ofToday) {}

  /**
   * A group that is ready to be written. The pick has to be settled whatever becomes of it, see
   * {@link PickSettlement}.
   *
   * @param vSwitch null if it is in none
   * @param noRoom what no host has room for, see {@link PlaceChoice.Chosen}
   */
  record Prepared(
      GroupRecord record,
      Optional<Placement.Pick> pick,
      Occurrence occurrence,
      VSwitches.@Nullable Placed vSwitch,
      List<PlacementRequest> noRoom) {}

  private final GroupDraftRules rules;
  private final AllowedCapabilities capabilities;
  private final AllowedHostPaths hostPaths;
  private final AllowedSysctls sysctls;
  private final GroupDisks disks;
  private final GroupImageCaches imageCaches;
  private final DataCacheVolumes dataCaches;
  private final Regions regions;
  private final Prices prices;
  private final GroupPlaces places;
  private final PlaceChoice choice;
  private final SpotBids bids;
  private final Quotas quotas;
  private final Placement placement;
  private final CostEstimate estimate;
  private final Duration schedulingDeadline;

  GroupPreparation(
      GroupDraftRules rules,
      AllowedCapabilities capabilities,
      AllowedHostPaths hostPaths,
      AllowedSysctls sysctls,
      GroupDisks disks,
      GroupImageCaches imageCaches,
      DataCacheVolumes dataCaches,
      Regions regions,
      Prices prices,
      GroupPlaces places,
      PlaceChoice choice,
      SpotBids bids,
      Quotas quotas,
      Placement placement,
      CostEstimate estimate,
      PodyardSettings settings) {
    this.rules = rules;
    this.capabilities = capabilities;
    this.hostPaths = hostPaths;
    this.sysctls = sysctls;
    this.disks = disks;
    this.imageCaches = imageCaches;
    this.dataCaches = dataCaches;
    this.regions = regions;
    this.prices = prices;
    this.places = places;
    this.choice = choice;
    this.bids = bids;
    this.quotas = quotas;
    this.placement = placement;
    this.estimate = estimate;
    this.schedulingDeadline = settings.schedulingDeadline();
  }

  /**
   * Reads a request.
   *
   * @param others what is wrong with parameters that are no group's
   * @throws ApiException with every problem of the request
   */
  Asked read(
      AccountId account, Decoded<CreateContainerGroupRequest> decoded, List<Problem> others) {
    CreateContainerGroupRequest asked = decoded.draft();
    List<Problem> problems = new ArrayList<>(others);
    RegionId region = regions.read(asked.regionId(), problems::add);
    List<Problem> ofToday = new ArrayList<>();
    Consumer<Problem> asSent = problem -> ofToday.add(decoded.asSent(problem));
    regions.checkZone(asked.regionId(), asked.zoneId(), ofToday::add);
    capabilities.check(asked, asSent);
    DataCacheVolumes.Found data = dataCaches.find(account, region, asked, asSent);
    hostPaths.check(asked, data.told(), asSent);
    sysctls.check(asked, asSent);
    GroupDisks.Found found = disks.find(account, region, asked, asSent);
    GroupImageCaches.Found caches = caches(account, region, asked, asSent);
    GroupDraft draft = rules.check(region, decoded, problems, ofToday);
    return new Asked(decoded, region, draft, found, caches, data, ofToday);
  }

  private GroupImageCaches.Found caches(
      AccountId account,
      RegionId region,
      CreateContainerGroupRequest asked,
      Consumer<Problem> problems) {
    ImageCacheWish wish = ImageCacheWish.of(asked);
    if (wish == null) {
      return GroupImageCaches.Found.NONE;
    }
    Collection<String> images = ImageCacheWish.images(asked);
    String snapshot = wish.snapshotId();
    return snapshot == null
        ? imageCaches.best(account, region, images)
        : imageCaches.named(account, region, snapshot, images, problems);
  }

  /** Has to be called when groups of a request were written. */
  void made(Caller caller, Asked asked) {
    ImageCacheWish wish = asked.draft().kept().imageCache();
    if (wish != null) {
      imageCaches.used(
          caller.account(), asked.region(), asked.caches(), asked.draft().spec(), wish.matches());
    }
  }

  /**
   * What no request can help that was fine when it came first: zones, prices, disks and what the
   * operator allows may go, and the account may owe money.
   *
   * @throws ApiException if it is not fine today
   */
  void checkToday(Caller caller, Asked asked) {
    caller.requireNoArrears();
    asked.decoded().orThrow(asked.ofToday());
    prices.require(
        asked.region(),
        Stream.concat(metered(asked).stream(), GroupDisks.metered(asked.draft())).toList());
  }

  /**
   * Looks once more for the zone of a request, after a vSwitch could not be registered there: the
   * zone may be gone, and this process hear of it later than others.
   *
   * @throws ApiException if it, or its region, is gone
   */
  void checkZoneAgain(Asked asked) {
    regions.renew();
    CreateContainerGroupRequest request = asked.decoded().draft();
    List<Problem> gone = new ArrayList<>();
    RegionId _ = regions.read(request.regionId(), gone::add);
    regions.checkZone(request.regionId(), request.zoneId(), gone::add);
    if (!gone.isEmpty()) {
      throw new ApiException(gone);
    }
  }

  /** What it may be billed for, one for each thing that will do. */
  private List<Metered> metered(Asked asked) {
    GroupSpec spec = asked.draft().spec();
    MachineWish machine = charged(asked);
    return machine == null
        ? List.of(EphemeralStorage.metered(spec, Tariff.STANDARD))
        : machine.options().stream()
            .map(option -> option.metered(spec, new Tariff(option.tariff())))
            .toList();
  }

  /** What the request named, with what each of it costs now. */
  private @Nullable MachineWish charged(Asked asked) {
    MachineWish machine = asked.draft().kept().machine();
    return machine == null
        ? null
        : machine.charged(option -> option.tariffOf(prices, asked.region()));
  }

  /**
   * What a request is told that would have made so many groups now (contract section 8), and what
   * they would cost.
   *
   * @throws ApiException if there can never be such a group, it costs more than it may, or the
   *     account may not have them
   */
  ApiException dryRun(Caller caller, Asked asked, int groups, Instant now) {
    checkToday(caller, asked);
    AccountId account = caller.account();
    VSwitchPicture picture = look(account, asked);
    Map<HostId, Integer> preferred = preferred(account, asked);
    SpotBids known = bids.asKnown();
    SpotBid bid = bid(asked, now);
    List<PlaceChoice.Chosen> made =
        choice.rehearse(
            groups,
            i -> known.ofNew(places(account, asked, preferred, picture, i), bid),
            isSpot(asked),
            picture);
    quotas.require(account, asked.region(), asked.draft().spec().size().cpu(), groups);
    PlaceChoice.Chosen last = made.getLast();
    if (last.pick().isEmpty()) {
      return new ApiException(
          ErrorCode.OPERATION_DENIED_NO_STOCK,
          made.size() == 1
              ? last.waits()
              : "There is room for %d of %d groups now.".formatted(made.size() - 1, groups));
    }
    return new ApiException(
        ErrorCode.DRY_RUN_OPERATION,
        "The request would have succeeded; nothing was created. "
            + estimate.sentence(account, asked, made));
  }

  /** The vSwitches of a request as they are now; for all the groups that it makes. */
  VSwitchPicture look(AccountId account, Asked asked) {
    return places.look(account, asked.region(), asked.draft());
  }

  /** Hosts that have of its images and data, for all the groups that it makes. */
  private Map<HostId, Integer> preferred(AccountId account, Asked asked) {
    GroupImageCaches.Found caches = asked.caches();
    Map<HostId, Integer> pulled =
        imageCaches.pulled(
            ImagesOfGroup.of(account, asked.region(), asked.draft().spec(), caches.images()));
    return PreferredHosts.of(asked.data().hosts(), PreferredHosts.more(caches.hosts(), pulled));
  }

  private List<GroupPlace> places(
      AccountId account,
      Asked asked,
      Map<HostId, Integer> preferred,
      VSwitchPicture picture,
      long seed) {
    return places.of(
        account, asked.region(), asked.draft(), asked.disks(), preferred, picture, seed);
  }

  /**
   * Gives a group a host, if one has room that others do not wait for.
   *
   * @throws ApiException if no host there could ever take the group, its vSwitches are full, it
   *     costs more than it may wherever it could be, or what it is to mount is not there any more
   */
  Prepared prepare(
      Caller caller, Asked asked, ContainerGroupId id, Instant now, VSwitchPicture picture) {
    dataCaches.use(id, asked.data());
    AccountId account = caller.account();
    List<GroupPlace> tries =
        places(account, asked, preferred(account, asked), picture, ScheduleStrategy.seed(id));
    PlaceChoice.Chosen chosen =
        choice.chooseNew(
            bids.ofNew(tries, bid(asked, now)),
            isSpot(asked),
            picture,
            decision -> placement.refused(account, null, decision));
    return new Prepared(
        record(caller, chosen, GroupPlaces.vSwitchTries(tries), asked, id, now),
        chosen.pick(),
        chosen.pick().isPresent()
            ? GroupBinding.HOST_FOUND
            : Occurrence.warning("FailedScheduling", chosen.waits()),
        chosen.place().vSwitch(),
        chosen.noRoom());
  }

  private static boolean isSpot(Asked asked) {
    return asked.draft().kept().spot() != null;
  }

  /** What a group of a request pays that is made now; null if that is the full price. */
  private @Nullable SpotBid bid(Asked asked, Instant now) {
    SpotWish spot = asked.draft().kept().spot();
    return spot == null ? null : SpotBid.of(spot, now, metered(asked));
  }

  private GroupRecord record(
      Caller caller,
      PlaceChoice.Chosen chosen,
      List<String> tries,
      Asked asked,
      ContainerGroupId id,
      Instant now) {
    GroupPlace place = chosen.place();
    VSwitches.Placed vSwitch = place.vSwitch();
    boolean waits = chosen.pick().isEmpty();
    GroupDraft draft = asked.draft();
    MachineWish machine = charged(asked);
    HostAttempt attempt = chosen.place().attempt();
    GroupSpec spec =
        DataCacheVolumes.complete(disks.complete(draft.spec(), asked.disks(), now), asked.data());
    if (asked.caches().use() != null) {
      spec = spec.withCachedImages(asked.caches().images());
    }
    KeptFields kept =
        draft
            .kept()
            .wishing(machine)
            .startingFrom(asked.caches().use())
            .withDataDisks(DataCacheVolumes.gib(asked.data()));
    if (machine != null && !waits) {
      spec = GpuRules.with(spec.withSize(attempt.size()), attempt.gpus());
      kept = kept.being(attempt.option());
    }
    return new GroupRecord(
        id,
        caller.account(),
        place.wanted().region(),
        // Of one that may be in any zone it is that of its host, once it has one: where it pays
        // enough may change while it waits.
        vSwitch == null ? draft.zone() : vSwitch.zone(),
        draft.name(),
        GroupStatus.SCHEDULING,
        waits ? "NoCapacity" : "",
        chosen.waits(),
        vSwitch == null ? spec : spec.inVSwitch(vSwitch.key().id()),
        vSwitch == null ? kept : kept.inVSwitch(vSwitch.key().id().value(), tries),
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
}
