package io.podyard.controlplane.datacache;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.datacache.CopyDataCacheRequest;
import io.podyard.api.datacache.CopyDataCacheResponse;
import io.podyard.api.datacache.CreateDataCacheRequest;
import io.podyard.api.datacache.CreateDataCacheResponse;
import io.podyard.api.datacache.DeleteDataCacheRequest;
import io.podyard.api.datacache.DeleteDataCacheResponse;
import io.podyard.api.datacache.UpdateDataCacheRequest;
import io.podyard.api.datacache.UpdateDataCacheResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.hosttask.TimedIds;
import io.podyard.controlplane.idempotency.OnceForRequest;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.RegionId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.springframework.stereotype.Component;

/** Takes wishes about caches; a call returns when its wish is durable. */
@Component
public class DataCaches {

  private static final String PREFIX = "edc-";

  private final DataCacheStore store;
  private final DataCacheMaking making;
  private final DataCacheEvents events;
  private final Regions regions;
  private final OnceForRequest once;
  private final Duration deadline;
  private final Clock clock;
  private final RandomGenerator random = new SecureRandom();

  DataCaches(
      DataCacheStore store,
      DataCacheMaking making,
      DataCacheEvents events,
      Regions regions,
      OnceForRequest once,
      PodyardSettings settings,
      Clock clock) {
    this.store = store;
    this.making = making;
    this.events = events;
    this.regions = regions;
    this.once = once;
    this.deadline = settings.dataCaches().deadline();
    this.clock = clock;
  }

  /**
   * Has a cache made, or answers with the one that the same client token made.
   *
   * @throws ApiException with every problem of the request, if there is one at that place, or if
   *     the account may have no more
   */
  public CreateDataCacheResponse create(Caller caller, Decoded<CreateDataCacheRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    CreateDataCacheRequest asked = decoded.draft();
    RegionId region = regions.read(asked.regionId(), problems::add);
    DataCacheRules rules = new DataCacheRules();
    DataCacheWish wish = rules.read(asked);
    problems.addAll(rules.problems());
    CreateDataCacheRequest _ = decoded.orThrow(problems);
    Instant now = clock.instant();
    String id = TimedIds.next(PREFIX, now, random);
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.CREATE_DATA_CACHE,
            asked.clientToken(),
            wish::meaning,
            id);
    String made =
        once.have(
            caller.nonce(),
            token,
            () -> {
              caller.requireNoArrears();
              making.make(
                  id,
                  caller.account(),
                  region,
                  wish,
                  making.revision(caller.account(), region, wish.source(), wish.sizeGib()),
                  now);
              return id;
            });
    return new CreateDataCacheResponse(made, null);
  }

  /**
   * Has a cache made of another region, or another place in the same one, from one that can be
   * used.
   *
   * @throws ApiException with every problem of the request, if there is no such cache or it cannot
   *     be used, if there is one at that place, or if the account may have no more
   */
  public CopyDataCacheResponse copy(Caller caller, Decoded<CopyDataCacheRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    CopyDataCacheRequest asked = decoded.draft();
    RegionId from = regions.read(asked.regionId(), problems::add);
    RegionId to = regions.read("DestinationRegionId", asked.destinationRegionId(), problems::add);
    DataCacheRules rules = new DataCacheRules();
    DataCacheCopyWish wish = rules.read(asked);
    problems.addAll(rules.problems());
    CopyDataCacheRequest _ = decoded.orThrow(problems);
    Instant now = clock.instant();
    String id = TimedIds.next(PREFIX, now, random);
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            from,
            Action.COPY_DATA_CACHE,
            asked.clientToken(),
            () -> wish.meaning(to.value()),
            id);
    String made =
        once.have(
            caller.nonce(),
            token,
            () -> {
              caller.requireNoArrears();
              DataCacheRow cache =
                  store
                      .find(caller.account(), from, wish.from())
                      .orElseThrow(() -> unknown("DataCacheId", wish.from()));
              NewRevision revision =
                  making.copyOf(cache, cache.sizeGib(), "DataCacheId", cache.id());
              making.make(
                  id, caller.account(), to, wish.of(cache, revision.source()), revision, now);
              return id;
            });
    return new CopyDataCacheResponse(made, null);
  }

  /**
   * Changes a cache.
   *
   * @throws ApiException with every problem of the request, if there is no such cache, it is not in
   *     a status to be changed, or another one is where it is to be
   */
  public UpdateDataCacheResponse update(Caller caller, Decoded<UpdateDataCacheRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(decoded.draft().regionId(), problems::add);
    DataCacheRules rules = new DataCacheRules();
    DataCacheChange change = rules.read(decoded.draft());
    problems.addAll(rules.problems());
    UpdateDataCacheRequest request = decoded.orThrow(problems);
    String id = Objects.requireNonNull(request.dataCacheId());
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.UPDATE_DATA_CACHE,
            request.clientToken(),
            () -> change.meaning(id),
            id);
    String _ =
        once.have(
            caller.nonce(),
            token,
            () -> {
              // Always the quota before a cache: whoever makes one checks its place like this.
              making.lock(caller.account(), region);
              DataCacheRow row =
                  store
                      .lock(caller.account(), region, id)
                      .orElseThrow(() -> unknown("DataCacheId", id));
              update(caller, row, change);
              return id;
            });
    return new UpdateDataCacheResponse(null);
  }

  private void update(Caller caller, DataCacheRow row, DataCacheChange change) {
    if (row.status() != DataCacheStatus.AVAILABLE
        && row.status() != DataCacheStatus.UPDATE_FAILED) {
      throw new ApiException(
          new Problem(
              ErrorCode.INCORRECT_STATUS,
              "DataCacheId",
              row.id(),
              "names a data cache that is %s; one can be changed that is Available or UpdateFailed"
                  .formatted(row.status().wireName())));
    }
    Instant now = clock.instant();
    String bucket = change.bucket();
    if (bucket != null && !bucket.equals(row.bucket())) {
      making.requireFree(row.account(), row.region(), bucket, row.path(), "Bucket");
    }
    Integer days = change.retentionDays();
    store.change(row, change, days == null ? row.expiresAt() : now.plus(Duration.ofDays(days)));
    Integer size = change.sizeGib();
    StoredSource source = change.source();
    if (source == null) {
      if (size != null) {
        DataCacheMaking.requireFits(row.content(), size);
        store.resize(row, size);
      }
      return;
    }
    caller.requireNoArrears();
    NewRevision revision =
        making.revision(row.account(), row.region(), source, size == null ? row.sizeGib() : size);
    store.beginUpdate(row, revision, now, deadline);
    events.normal(row.id(), "Updating", "The data cache is made anew.", now);
  }

  /**
   * Deletes a cache; groups that mount it go on.
   *
   * @throws ApiException with every problem of the request, or if there is no such cache
   */
  public DeleteDataCacheResponse delete(Caller caller, Decoded<DeleteDataCacheRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    DeleteDataCacheRequest asked = decoded.draft();
    RegionId region = regions.read(asked.regionId(), problems::add);
    DataCacheRules rules = new DataCacheRules();
    rules.clientToken(asked.clientToken());
    DataCachePlace place = DataCachePlace.read(asked, rules);
    problems.addAll(rules.problems());
    DeleteDataCacheRequest request = decoded.orThrow(problems);
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.DELETE_DATA_CACHE,
            request.clientToken(),
            place::meaning,
            place.name());
    String _ =
        once.have(
            caller.nonce(),
            token,
            () -> {
              String id =
                  place
                      .find(store, caller.account(), region)
                      .map(DataCacheRow::id)
                      .orElseThrow(place::unknown);
              DataCacheRow row =
                  store.lock(caller.account(), region, id).orElseThrow(place::unknown);
              store.delete(row.id());
              return row.id();
            });
    return new DeleteDataCacheResponse(null);
  }

  static ApiException unknown(String parameter, String id) {
    return new ApiException(
        new Problem(
            ErrorCode.INVALID_PARAMETER_NOT_FOUND,
            parameter,
            id,
            "names no data cache of this account and region"));
  }
}
