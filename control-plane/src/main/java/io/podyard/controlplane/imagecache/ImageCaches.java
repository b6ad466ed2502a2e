package io.podyard.controlplane.imagecache;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.imagecache.CreateImageCacheRequest;
import io.podyard.api.imagecache.CreateImageCacheResponse;
import io.podyard.api.imagecache.DeleteImageCacheRequest;
import io.podyard.api.imagecache.DeleteImageCacheResponse;
import io.podyard.api.imagecache.UpdateImageCacheRequest;
import io.podyard.api.imagecache.UpdateImageCacheResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.hosttask.RegistryAccess;
import io.podyard.controlplane.idempotency.OnceForRequest;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.quota.QuotaKind;
import io.podyard.controlplane.quota.QuotaPlace;
import io.podyard.controlplane.secret.SecretBox;
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
public class ImageCaches {

  private final ImageCacheStore store;
  private final CacheEvents events;
  private final Regions regions;
  private final OnceForRequest once;
  private final CacheRoom room;
  private final SecretBox secrets;
  private final Duration deadline;
  private final Clock clock;
  private final RandomGenerator random = new SecureRandom();

  ImageCaches(
      ImageCacheStore store,
      CacheEvents events,
      Regions regions,
      OnceForRequest once,
      CacheRoom room,
      SecretBox secrets,
      PodyardSettings settings,
      Clock clock) {
    this.store = store;
    this.events = events;
    this.regions = regions;
    this.once = once;
    this.room = room;
    this.secrets = secrets;
    this.deadline = settings.imageCaches().deadline();
    this.clock = clock;
  }

  /**
   * Has a cache made, or answers with the one that the same client token made.
   *
   * @throws ApiException with every problem of the request, or if the account may have no more
   */
  public CreateImageCacheResponse create(Caller caller, Decoded<CreateImageCacheRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    CreateImageCacheRequest asked = decoded.draft();
    RegionId region = regions.read(asked.regionId(), problems::add);
    regions.checkZone(asked.regionId(), asked.zoneId(), problems::add);
    CacheWish wish = wish(decoded, problems);
    Instant now = clock.instant();
    String id = ImageCacheIds.next(now, random);
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.CREATE_IMAGE_CACHE,
            asked.clientToken(),
            wish::meaning,
            id);
    String made =
        once.have(
            caller.nonce(),
            token,
            () -> {
              caller.requireNoArrears();
              room.make(new QuotaPlace(caller.account(), region), QuotaKind.IMAGE_CACHE);
              store.insert(
                  id,
                  caller.account(),
                  region,
                  wish,
                  wish.access().sealed(secrets, id),
                  false,
                  now,
                  deadline);
              events.normal(id, "Preparing", "The image cache is to be made.", now);
              return id;
            });
    return new CreateImageCacheResponse(null, made, null);
  }

  private static CacheWish wish(Decoded<CreateImageCacheRequest> decoded, List<Problem> problems) {
    ImageCacheRules rules = new ImageCacheRules();
    CacheWish wish = rules.read(decoded.draft());
    // What is required the codec has found missing itself.
    problems.addAll(rules.problems());
    CreateImageCacheRequest _ = decoded.orThrow(problems);
    return wish;
  }

  /**
   * Changes a cache.
   *
   * @throws ApiException with every problem of the request, if there is no such cache, it is not in
   *     a status to be changed, or nothing would change
   */
  public UpdateImageCacheResponse update(Caller caller, Decoded<UpdateImageCacheRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(decoded.draft().regionId(), problems::add);
    ImageCacheRules rules = new ImageCacheRules();
    CacheChange change = rules.read(decoded.draft());
    problems.addAll(rules.problems());
    UpdateImageCacheRequest request = decoded.orThrow(problems);
    String id = Objects.requireNonNull(request.imageCacheId());
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.UPDATE_IMAGE_CACHE,
            request.clientToken(),
            () -> change.meaning(id),
            id);
    String _ =
        once.have(
            caller.nonce(),
            token,
            () -> {
              ImageCacheRow row =
                  store.lock(caller.account(), region, id).orElseThrow(() -> unknown(id));
              update(caller, row, change);
              return id;
            });
    return new UpdateImageCacheResponse(null);
  }

  private void update(Caller caller, ImageCacheRow row, CacheChange change) {
    if (row.status() != ImageCacheStatus.READY && row.status() != ImageCacheStatus.UPDATE_FAILED) {
      throw new ApiException(
          new Problem(
              ErrorCode.IMAGE_CACHE_INCORRECT_STATUS,
              "ImageCacheId",
              row.id(),
              "names an image cache that is %s; one can be changed that is Ready or UpdateFailed"
                  .formatted(row.status().wireName())));
    }
    CacheWish.Content content = change.applied(row.content());
    String access = store.access(row.id(), row.revision());
    boolean otherLogins =
        !change.credentials().isEmpty()
            && !change
                .credentials()
                .equals(RegistryAccess.opened(secrets, access, row.id()).credentials());
    // What could not be made may be tried again with the same words.
    boolean again =
        row.status() == ImageCacheStatus.UPDATE_FAILED
            && (!change.images().isEmpty() || !change.credentials().isEmpty());
    boolean anew = otherLogins || again || !content.equals(row.content());
    if (!anew && !changesRow(row, change)) {
      throw new ApiException(
          ErrorCode.NO_NEED_UPDATE, "Image cache %s is like that already.".formatted(row.id()));
    }
    Instant now = clock.instant();
    Integer days = change.retentionDays();
    store.change(row, change, days == null ? row.expiresAt() : now.plus(Duration.ofDays(days)));
    if (anew) {
      caller.requireNoArrears();
      int revision = row.lastRevision() + 1;
      if (otherLogins) {
        access =
            RegistryAccess.opened(secrets, access, row.id())
                .loggingIn(change.credentials())
                .sealed(secrets, row.id());
      }
      store.insertRevision(row.id(), revision, content, access, now, deadline);
      store.beginUpdate(row.id(), revision);
      events.normal(row.id(), "Updating", "The image cache is made anew.", now);
    }
  }

  private static boolean changesRow(ImageCacheRow row, CacheChange change) {
    return (change.name() != null && !change.name().equals(row.name()))
        || !Objects.equals(change.eliminationAfter(row.elimination()), row.elimination())
        || (change.retentionDays() != null && !change.retentionDays().equals(row.retentionDays()))
        || (change.resourceGroup() != null && !change.resourceGroup().equals(row.resourceGroup()))
        || (!change.tags().isEmpty() && !change.tags().equals(row.tags()))
        || !change.applied(row.kept()).equals(row.kept());
  }

  /**
   * Deletes a cache; groups that started from it go on.
   *
   * @throws ApiException with every problem of the request, or if there is no such cache
   */
  public DeleteImageCacheResponse delete(Caller caller, Decoded<DeleteImageCacheRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(decoded.draft().regionId(), problems::add);
    ImageCacheRules rules = new ImageCacheRules();
    rules.clientToken(decoded.draft().clientToken());
    rules.cacheId(decoded.draft().imageCacheId());
    problems.addAll(rules.problems());
    DeleteImageCacheRequest request = decoded.orThrow(problems);
    String id = Objects.requireNonNull(request.imageCacheId());
    TokenClaim token =
        TokenClaim.of(
            caller.account(),
            region,
            Action.DELETE_IMAGE_CACHE,
            request.clientToken(),
            () -> List.of(id),
            id);
    String _ =
        once.have(
            caller.nonce(),
            token,
            () -> {
              ImageCacheRow row =
                  store.lock(caller.account(), region, id).orElseThrow(() -> unknown(id));
              store.delete(row.id());
              return id;
            });
    return new DeleteImageCacheResponse(null);
  }

  static ApiException unknown(String id) {
    return new ApiException(
        new Problem(
            ErrorCode.INVALID_PARAMETER_NOT_FOUND,
            "ImageCacheId",
            id,
            "names no image cache of this account and region"));
  }
}
