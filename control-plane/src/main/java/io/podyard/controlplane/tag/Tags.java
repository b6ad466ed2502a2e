package io.podyard.controlplane.tag;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.RpcCodec;
import io.podyard.api.tag.ListTagResourcesRequest;
import io.podyard.api.tag.ListTagResourcesResponse;
import io.podyard.api.tag.TagResourceResponse;
import io.podyard.api.tag.TagResourcesRequest;
import io.podyard.api.tag.TagResourcesResponse;
import io.podyard.api.tag.UntagResourcesRequest;
import io.podyard.api.tag.UntagResourcesResponse;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.idempotency.TokenClaim;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.RegionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The three tag actions (contract section 9). A change touches all resources named or none. */
@Component
public class Tags {

  private static final int ROWS_BY_DEFAULT = 50;
  private static final int MOST_ROWS = 100;

  private final Map<String, TaggedResources> byType = new TreeMap<>();
  private final Regions regions;

  Tags(List<TaggedResources> resources, Regions regions) {
    resources.forEach(kind -> byType.put(kind.type(), kind));
    this.regions = regions;
  }

  /**
   * Adds tags to resources.
   *
   * @throws ApiException with every problem of the request, or why a resource cannot have the tags
   * @throws NotWrittenException if it may not be durable
   */
  public TagResourcesResponse tag(Caller caller, TagResourcesRequest request)
      throws NotWrittenException {
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(request.regionId(), problems::add);
    List<String> resources = resources(request.resourceId(), problems);
    TaggedResources kind = kind(request.resourceType(), problems);
    if (request.tag().isEmpty()) {
      problems.add(Problem.missing("Tag"));
    }
    SortedMap<String, String> tags = TagRules.TAGGING.read(request.tag(), problems::add);
    if (kind == null || !problems.isEmpty()) {
      throw new ApiException(RpcCodec.ordered(Action.TAG_RESOURCES, problems));
    }
    TagEdit edit = new TagEdit.Put(tags);
    change(kind, new TagChange(caller.account(), region, resources, edit, null, caller.nonce()));
    return new TagResourcesResponse(null);
  }

  /**
   * Removes tags from resources.
   *
   * @throws ApiException with every problem of the request, or if there is no such resource
   * @throws NotWrittenException if it may not be durable
   */
  public UntagResourcesResponse untag(Caller caller, UntagResourcesRequest request)
      throws NotWrittenException {
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(request.regionId(), problems::add);
    List<String> resources = resources(request.resourceId(), problems);
    TaggedResources kind = kind(request.resourceType(), problems);
    TokenClaim.problemOf(request.clientToken()).ifPresent(problems::add);
    TagEdit edit = removal(request, problems);
    if (kind == null || !problems.isEmpty()) {
      throw new ApiException(RpcCodec.ordered(Action.UNTAG_RESOURCES, problems));
    }
    change(
        kind,
        new TagChange(
            caller.account(),
            region,
            resources,
            edit,
            TokenClaim.of(
                caller.account(),
                region,
                Action.UNTAG_RESOURCES,
                request.clientToken(),
                request,
                resources.getFirst()),
            caller.nonce()));
    return new UntagResourcesResponse(null);
  }

  private static TagEdit removal(UntagResourcesRequest request, List<Problem> problems) {
    List<String> keys = request.tagKey();
    if (keys.size() > TagRules.MOST_TAGS) {
      problems.add(
          Problem.of(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              "TagKey",
              "has at most %d entries, not %d".formatted(TagRules.MOST_TAGS, keys.size())));
    }
    if (!keys.isEmpty()) {
      return new TagEdit.Remove(Set.copyOf(keys));
    }
    if (!Boolean.TRUE.equals(request.all())) {
      problems.add(
          Problem.of(
              ErrorCode.MISSING_PARAMETER,
              "TagKey",
              "is required unless All is true, which removes every tag"));
    }
    return new TagEdit.RemoveAll();
  }

  /**
   * Lists all tags of the resources that match.
   *
   * @throws ApiException with every problem of the request
   */
  public ListTagResourcesResponse list(Caller caller, ListTagResourcesRequest request) {
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(request.regionId(), problems::add);
    int limit = limit(request.limit(), problems);
    TagRow after = TagPageToken.read(request.nextToken(), problems::add);
    TaggedResources kind = kind(request.resourceType(), problems);
    Map<String, @Nullable String> tags = TagRules.filter(request.tag(), problems::add);
    if (kind == null || !problems.isEmpty()) {
      throw new ApiException(RpcCodec.ordered(Action.LIST_TAG_RESOURCES, problems));
    }
    List<TagRow> rows =
        kind.list(
            new TagQuery(caller.account(), region, request.resourceId(), tags, after, limit + 1));
    boolean more = rows.size() > limit;
    List<TagRow> page = more ? rows.subList(0, limit) : rows;
    return new ListTagResourcesResponse(
        more ? TagPageToken.of(page.getLast()) : "",
        null,
        page.stream()
            .map(
                row -> new TagResourceResponse(row.resource(), kind.type(), row.key(), row.value()))
            .toList());
  }

  private static void change(TaggedResources kind, TagChange change) throws NotWrittenException {
    TagChange.Outcome outcome = kind.change(change);
    NonceUse nonce = change.nonce();
    if (nonce != null) {
      nonce.settle();
    }
    switch (outcome) {
      case TagChange.Outcome.Changed changed -> {}
      case TagChange.Outcome.Unknown(String resource) ->
          throw new ApiException(
              new Problem(
                  ErrorCode.INVALID_PARAMETER_NOT_FOUND,
                  "ResourceId",
                  resource,
                  "names no %s of this account and region".formatted(kind.type())));
      case TagChange.Outcome.TooMany(String resource, int tags) ->
          throw new ApiException(
              new Problem(
                  ErrorCode.NUMBER_EXCEED_TAGS,
                  "Tag",
                  resource,
                  "would make %d tags of a resource that can have %d"
                      .formatted(tags, TagRules.MOST_TAGS)));
      case TagChange.Outcome.TokenMismatch mismatch ->
          throw new ApiException(
              ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH,
              "ClientToken was used for a request with other parameters.");
      case TagChange.Outcome.NonceUsed used ->
          throw new ApiException(
              ErrorCode.SIGNATURE_NONCE_USED, "The nonce of the signature was used before.");
    }
  }

  private static List<String> resources(List<String> asked, List<Problem> problems) {
    if (asked.isEmpty()) {
      problems.add(Problem.missing("ResourceId"));
    }
    return asked.stream().distinct().toList();
  }

  private @Nullable TaggedResources kind(@Nullable String type, List<Problem> problems) {
    if (type == null || type.isEmpty()) {
      problems.add(Problem.missing("ResourceType"));
      return null;
    }
    TaggedResources kind = byType.get(type);
    if (kind == null) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "ResourceType",
              type,
              "is not a type of resource that can be tagged here; that is "
                  + String.join(", ", byType.keySet())));
    }
    return kind;
  }

  private static int limit(@Nullable Integer limit, List<Problem> problems) {
    if (limit == null) {
      return ROWS_BY_DEFAULT;
    }
    if (limit < 1 || limit > MOST_ROWS) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              "Limit",
              limit.toString(),
              "must be from 1 to " + MOST_ROWS));
    }
    return limit;
  }
}
