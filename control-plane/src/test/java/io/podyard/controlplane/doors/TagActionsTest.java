package io.podyard.controlplane.doors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.api.Action;
import io.podyard.api.ErrorCode;
import io.podyard.api.PodyardCallException;
import io.podyard.api.tag.ListTagResourcesResponse;
import io.podyard.api.tag.TagResourcesResponse;
import io.podyard.api.tag.UntagResourcesResponse;
import io.podyard.controlplane.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tagging, untagging and listing (contract section 9). */
class TagActionsTest {

  private static final int MOST_TAGS = 20;

  private final Groups groups = Groups.ofNewAccount(TestServer.shared());
  private String first = "";
  private String second = "";

  @BeforeEach
  void createGroups() {
    first = groups.create(Groups.shell("sleep infinity", "Tag.1.Key=b", "Tag.1.Value=1"));
    second = groups.create(Groups.shell("sleep infinity"));
  }

  @AfterEach
  void deleteGroups() {
    for (String id : List.of(first, second)) {
      groups.delete(id, "Force=true");
      groups.untilGone(id);
    }
  }

  private static Map<String, String> request(List<String> ids, String... more) {
    Map<String, String> parameters = Groups.parameters("ResourceType=ContainerGroup");
    for (int i = 0; i < ids.size(); i++) {
      parameters.put("ResourceId." + (i + 1), ids.get(i));
    }
    parameters.putAll(Groups.parameters(more));
    return parameters;
  }

  private void tag(List<String> ids, String... more) {
    groups.client().call(Action.TAG_RESOURCES, request(ids, more), TagResourcesResponse.class);
  }

  private void untag(List<String> ids, String... more) {
    groups.client().call(Action.UNTAG_RESOURCES, request(ids, more), UntagResourcesResponse.class);
  }

  private ListTagResourcesResponse page(List<String> ids, String... more) {
    return groups
        .client()
        .call(Action.LIST_TAG_RESOURCES, request(ids, more), ListTagResourcesResponse.class);
  }

  private List<String> tags(List<String> ids, String... more) {
    return page(ids, more).tagResources().stream()
        .map(
            row -> {
              assertThat(row.resourceType()).isEqualTo("ContainerGroup");
              return (first.equals(row.resourceId()) ? "first " : "second ")
                  + row.tagKey()
                  + "="
                  + row.tagValue();
            })
        .toList();
  }

  private PodyardCallException refused(Action action, List<String> ids, String... more) {
    return groups.refusal(action, request(ids, more));
  }

  @Test
  void tagsAreAddedReplacedAndRemoved() {
    tag(List.of(first, second), "Tag.1.Key=a", "Tag.1.Value=x", "Tag.2.Key=b", "Tag.2.Value=2");
    assertThat(tags(List.of()))
        .containsExactly("second a=x", "second b=2", "first a=x", "first b=2");
    assertThat(groups.get(first).tags())
        .extracting(tag -> tag.key() + "=" + tag.value())
        .containsExactly("a=x", "b=2");

    untag(List.of(first, second), "TagKey.1=a", "TagKey.2=never-there");
    assertThat(tags(List.of())).containsExactly("second b=2", "first b=2");

    untag(List.of(second), "All=true");
    assertThat(tags(List.of())).containsExactly("first b=2");

    // Keys win over All, which only counts when there are none.
    tag(List.of(first), "Tag.1.Key=c");
    untag(List.of(first), "TagKey.1=c", "All=true");
    assertThat(tags(List.of())).containsExactly("first b=2");
  }

  @Test
  void aChangeTouchesAllResourcesOrNone() {
    PodyardCallException unknown =
        refused(Action.TAG_RESOURCES, List.of(first, "eci-unknown", second), "Tag.1.Key=new");
    assertThat(unknown.errorCode()).contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(unknown.getMessage()).contains("ResourceId", "eci-unknown");
    refused(Action.UNTAG_RESOURCES, List.of(first, "eci-unknown"), "All=true");
    assertThat(tags(List.of())).containsExactly("first b=1");
  }

  @Test
  void aResourceHasAtMostTwentyTags() {
    List<String> nineteen = new ArrayList<>();
    for (int i = 1; i < MOST_TAGS; i++) {
      nineteen.add("Tag.%d.Key=k%02d".formatted(i, i));
    }
    tag(List.of(first, second), nineteen.toArray(String[]::new));
    PodyardCallException full =
        refused(Action.TAG_RESOURCES, List.of(second, first), "Tag.1.Key=x", "Tag.2.Key=k01");
    assertThat(full.errorCode()).contains(ErrorCode.NUMBER_EXCEED_TAGS);
    assertThat(full.getMessage()).contains(first, "21", "20");
    assertThat(tags(List.of(second))).hasSize(MOST_TAGS - 1);
    tag(List.of(first), "Tag.1.Key=k01", "Tag.1.Value=replaced");
    assertThat(tags(List.of(first))).hasSize(MOST_TAGS).contains("first k01=replaced");

    nineteen.addAll(List.of("Tag.20.Key=y", "Tag.21.Key=z"));
    assertThat(
            refused(Action.TAG_RESOURCES, List.of(second), nineteen.toArray(String[]::new))
                .errorCode())
        .contains(ErrorCode.NUMBER_EXCEED_TAGS);
  }

  @Test
  void manyAtOnceNeverPassTheLimitNorLoseATag() throws Exception {
    List<Future<Boolean>> taggings = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 40; i++) {
        String key = "Tag.1.Key=race-%02d".formatted(i);
        taggings.add(
            threads.submit(
                () -> {
                  try {
                    tag(List.of(second), key);
                    return true;
                  } catch (PodyardCallException refused) {
                    assertThat(refused.errorCode()).contains(ErrorCode.NUMBER_EXCEED_TAGS);
                    return false;
                  }
                }));
      }
    }
    int taken = 0;
    for (Future<Boolean> tagging : taggings) {
      taken += tagging.get() ? 1 : 0;
    }
    assertThat(taken).isEqualTo(MOST_TAGS);
    assertThat(tags(List.of(second))).hasSize(MOST_TAGS);
  }

  @Test
  void listsAreFilteredByResourceAndTag() {
    tag(List.of(first, second), "Tag.1.Key=app", "Tag.1.Value=web");
    tag(List.of(second), "Tag.1.Key=env");
    assertThat(tags(List.of(), "Tag.1.Key=app"))
        .containsExactly("second app=web", "second env=", "first app=web", "first b=1");
    assertThat(tags(List.of(), "Tag.1.Key=app", "Tag.1.Value=web", "Tag.2.Key=env"))
        .containsExactly("second app=web", "second env=");
    assertThat(tags(List.of(), "Tag.1.Key=app", "Tag.1.Value=other")).isEmpty();
    assertThat(tags(List.of(first, "eci-unknown"), "Tag.1.Key=app"))
        .containsExactly("first app=web", "first b=1");
  }

  @Test
  void pagesShowEveryTagOnce() {
    tag(
        List.of(first, second),
        "Tag.1.Key=a:colon",
        "Tag.2.Key=Ä",
        "Tag.3.Key=Z",
        "Tag.4.Key=z",
        "Tag.5.Key=中");
    List<String> all = tags(List.of(), "Limit=100");
    assertThat(all).hasSize(11).doesNotHaveDuplicates();
    List<String> seen = new ArrayList<>();
    String next = "";
    int pages = 0;
    do {
      String token = "NextToken=" + next;
      ListTagResourcesResponse page = page(List.of(), "Limit=2", token);
      assertThat(page.tagResources()).hasSizeBetween(1, 2);
      seen.addAll(tags(List.of(), "Limit=2", token));
      next = page.nextToken() == null ? "" : page.nextToken();
      pages++;
    } while (!next.isEmpty());
    assertThat(seen).isEqualTo(all);
    assertThat(pages).isEqualTo(6);
  }

  @Test
  void anUntaggingWithATokenHappensOnce() {
    untag(List.of(first), "TagKey.1=b", "ClientToken=once");
    tag(List.of(first), "Tag.1.Key=b", "Tag.1.Value=back");
    untag(List.of(first), "TagKey.1=b", "ClientToken=once");
    assertThat(tags(List.of(first))).containsExactly("first b=back");
    assertThat(
            refused(Action.UNTAG_RESOURCES, List.of(first), "TagKey.1=other", "ClientToken=once")
                .errorCode())
        .contains(ErrorCode.IDEMPOTENT_PARAMETER_MISMATCH);

    // A refusal leaves the token free for when the request has become possible.
    for (int i = 0; i < 2; i++) {
      assertThat(
              refused(
                      Action.UNTAG_RESOURCES,
                      List.of("eci-unknown"),
                      "All=true",
                      "ClientToken=unknown")
                  .errorCode())
          .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    }
    untag(List.of(first), "All=true", "ClientToken=unknown");
    assertThat(tags(List.of(first))).isEmpty();
  }

  @Test
  void everythingWrongIsSaidAtOnceAndByName() {
    PodyardCallException refused =
        groups.refusal(
            Action.TAG_RESOURCES,
            Groups.parameters(
                "ResourceType=Strange",
                "ResourceId.1=" + first,
                "Tag.1.Key=acs:x",
                "Tag.2.Key=same",
                "Tag.3.Key=same",
                "Tag.4.Key=long",
                "Tag.4.Value=" + "v".repeat(129)));
    assertThat(refused.getMessage())
        .contains("ResourceType", "ContainerGroup", "Tag.1.Key", "Tag.3.Key", "Tag.4.Value");
    assertThat(refused(Action.UNTAG_RESOURCES, List.of(first)).getMessage())
        .contains("TagKey", "All");
    assertThat(refused(Action.LIST_TAG_RESOURCES, List.of(), "Tag.1.Value=x").getMessage())
        .contains("Tag.1.Key");
  }

  /** Of these types there are no resources yet, so each is as unknown as a foreign group. */
  @ParameterizedTest
  @ValueSource(strings = {"ImageCache", "DataCache", "VirtualNode"})
  void resourcesOfTheOtherTypesOfTheContractAreUnknown(String type) {
    PodyardCallException tagged =
        groups.refusal(
            Action.TAG_RESOURCES,
            Groups.parameters(
                "ResourceType=" + type,
                "ResourceId.1=" + first,
                "ResourceId.2=none-1",
                "Tag.1.Key=k"));
    assertThat(tagged.errorCode()).contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(tagged.getMessage()).contains("ResourceId.1: ", "ResourceId.2: ", type);
    assertThat(
            groups
                .refusal(
                    Action.UNTAG_RESOURCES,
                    Groups.parameters("ResourceType=" + type, "ResourceId.1=none-1", "All=true"))
                .errorCode())
        .contains(ErrorCode.INVALID_PARAMETER_NOT_FOUND);
    assertThat(
            groups
                .call(
                    Action.LIST_TAG_RESOURCES,
                    ListTagResourcesResponse.class,
                    "ResourceType=" + type,
                    "ResourceId.1=" + first)
                .tagResources())
        .isEmpty();
  }
}
