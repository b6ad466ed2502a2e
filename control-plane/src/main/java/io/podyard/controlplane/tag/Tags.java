package io.podyard.controlplane.tag;

import io.podyard.api.Action;
import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
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
import java.util.Objects;
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

  /** The types of the contract; of those that no feature makes yet there are no resources. */
  private static final List<String> TYPES =
      List.of("ContainerGroup", "ImageCache", "DataCache", "VirtualNode");

  Tags(List<TaggedResources> resources, Regions regions) {
    TYPES.forEach(type -> byType.put(type, new NoResources(type)));
    resources.forEach(kind -> byType.put(kind.type(), kind));
    this.regions = regions;
  }

  /**
   * Adds tags to resources.
   *
   * @throws ApiException with every problem of the request, or why a resource cannot have the tags
   * @throws NotWrittenException if it may not be durable
   */
  public TagResourcesResponse tag(Caller caller, Decoded<TagResourcesRequest> decoded)
      throws NotWrittenException {
    List<Problem> problems = new ArrayList<>();
    TagResourcesRequest asked = decoded.draft();
    RegionId region = regions.read(asked.regionId(), problems::add);
    checkResources(asked.resourceId(), problems);
    checkKind(asked.resourceType(), problems);
    if (asked.tag().isEmpty()) {
      problems.add(Problem.missing("Tag"));
    }
    SortedMap<String, String> tags = TagRules.TAGGING.read(asked.tag(), problems::add);
    TagResourcesRequest request = decoded.orThrow(problems);
    List<String> resources = distinct(request.resourceId());
    TagEdit edit = new TagEdit.Put(tags);
    TagChange change =
        new TagChange(caller.account(), region, resources, edit, null, caller.nonce());
    change(kind(request.resourceType()), change, decoded, request.resourceId());
    return new TagResourcesResponse(null);
  }

  /**
   * Removes tags from resources.
   *
   * @throws ApiException with every problem of the request, or if there is no such resource
   * @throws NotWrittenException if it may not be durable
   */
  public UntagResourcesResponse untag(Caller caller, Decoded<UntagResourcesRequest> decoded)
      throws NotWrittenException {
    List<Problem> problems = new ArrayList<>();
    UntagResourcesRequest asked = decoded.draft();
    RegionId region = regions.read(asked.regionId(), problems::add);
    checkResources(asked.resourceId(), problems);
    checkKind(asked.resourceType(), problems);
    TokenClaim.problemOf(asked.clientToken()).ifPresent(problems::add);
    TagEdit edit = removal(decoded, problems);
    UntagResourcesRequest request = decoded.orThrow(problems);
    TaggedResources kind = kind(request.resourceType());
    List<String> resources = distinct(request.resourceId());
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
                () -> meaning(kind, resources, edit),
                resources.getFirst()),
            caller.nonce()),
        decoded,
        request.resourceId());
    return new UntagResourcesResponse(null);
  }

  private static List<String> meaning(TaggedResources kind, List<String> resources, TagEdit edit) {
    List<String> meaning = new ArrayList<>();
    meaning.add(kind.type());
    meaning.add(String.valueOf(resources.size()));
    meaning.addAll(resources);
    switch (edit) {
      case TagEdit.Put(Map<String, String> tags) ->
          new TreeMap<>(tags).forEach((key, value) -> meaning.addAll(List.of(key, value)));
      case TagEdit.Remove(Set<String> keys) -> keys.stream().sorted().forEach(meaning::add);
      case TagEdit.RemoveAll all -> {} // as no removal of none at all can be asked for
    }
    return meaning;
  }

  private static TagEdit removal(Decoded<UntagResourcesRequest> decoded, List<Problem> problems) {
    UntagResourcesRequest asked = decoded.draft();
    List<String> keys = asked.tagKey();
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
    // An All that could not be read may have meant true.
    if (!Boolean.TRUE.equals(asked.all()) && !decoded.isUnread("All")) {
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
  public ListTagResourcesResponse list(Caller caller, Decoded<ListTagResourcesRequest> decoded) {
    List<Problem> problems = new ArrayList<>();
    ListTagResourcesRequest asked = decoded.draft();
    RegionId region = regions.read(asked.regionId(), problems::add);
    int limit = limit(asked.limit(), problems);
    TagRow after = TagPageToken.read(asked.nextToken(), problems::add);
    checkKind(asked.resourceType(), problems);
    Map<String, @Nullable String> tags = TagRules.filter(asked.tag(), problems::add);
    ListTagResourcesRequest request = decoded.orThrow(problems);
    TaggedResources kind = kind(request.resourceType());
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

  /**
   * Makes a change.
   *
   * @param asked the ids of the resources as the request lists them
   */
  private static void change(
      TaggedResources kind, TagChange change, Decoded<?> decoded, List<String> asked)
      throws NotWrittenException {
    TagChange.Outcome outcome = kind.change(change);
    NonceUse nonce = change.nonce();
    // Where nothing was written, the nonce is left for the door to burn.
    if (nonce != null && !(kind instanceof NoResources)) {
      nonce.settle();
    }
    switch (outcome) {
      case TagChange.Outcome.Changed changed -> {}
      case TagChange.Outcome.Unknown(Set<String> resources) ->
          decoded.orThrow(unknown(kind, asked, resources));
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

  private static List<Problem> unknown(
      TaggedResources kind, List<String> asked, Set<String> resources) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      if (resources.contains(asked.get(i))) {
        problems.add(
            new Problem(
                ErrorCode.INVALID_PARAMETER_NOT_FOUND,
                "ResourceId." + (i + 1),
                asked.get(i),
                "names no %s of this account and region".formatted(kind.type())));
      }
    }
    return problems;
  }

  private static void checkResources(List<String> asked, List<Problem> problems) {
    if (asked.isEmpty()) {
      problems.add(Problem.missing("ResourceId"));
    }
  }

  private static List<String> distinct(List<String> resources) {
    return resources.stream().distinct().toList();
  }

  private void checkKind(@Nullable String type, List<Problem> problems) {
    if (type == null || type.isEmpty()) {
      problems.add(Problem.missing("ResourceType"));
    } else if (!byType.containsKey(type)) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "ResourceType",
              type,
              "is not a type of resource that can be tagged here; that is "
                  + String.join(", ", byType.keySet())));
    }
  }

  /** The resources of a type that is known to be one. */
  private TaggedResources kind(@Nullable String type) {
    return Objects.requireNonNull(byType.get(Objects.requireNonNull(type)));
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
