import com.fasterxml.jackson.core.JsonProcessingException;
import io.podyard.client.ApiClient;
import io.podyard.client.ApiException;
import io.podyard.client.api.ContainerGroupsApi;
import io.podyard.client.api.ContainerGroupsApi.APICreateContainerGroupRequest;
import io.podyard.client.api.ContainerGroupsApi.APIDeleteContainerGroupRequest;
import io.podyard.client.api.ContainerGroupsApi.APIDescribeContainerGroupEventsRequest;
import io.podyard.client.api.ContainerGroupsApi.APIDescribeContainerGroupRequest;
import io.podyard.client.api.ContainerGroupsApi.APIDescribeContainerGroupsRequest;
import io.podyard.client.api.ContainerGroupsApi.APIRestartContainerGroupRequest;
import io.podyard.client.api.ContainerGroupsApi.APIUpdateContainerGroupRequest;
import io.podyard.client.api.ContainersApi;
import io.podyard.client.api.ContainersApi.APIDescribeContainerLogRequest;
import io.podyard.client.api.ContainersApi.APIExecContainerCommandRequest;
import io.podyard.client.api.TagsApi;
import io.podyard.client.api.TagsApi.APIListTagResourcesRequest;
import io.podyard.client.api.TagsApi.APITagResourcesRequest;
import io.podyard.client.api.TagsApi.APIUntagResourcesRequest;
import io.podyard.client.api.UsageApi;
import io.podyard.client.api.UsageApi.APIDescribeUsageRequest;
import io.podyard.client.model.Container;
import io.podyard.client.model.ContainerGroupEvent;
import io.podyard.client.model.ContainerRequest;
import io.podyard.client.model.Cost;
import io.podyard.client.model.CreateContainerGroupRequest;
import io.podyard.client.model.DescribeContainerGroupResponse;
import io.podyard.client.model.DescribeContainerGroupsResponse;
import io.podyard.client.model.ExecContainerCommandRequest;
import io.podyard.client.model.InitContainerRequest;
import io.podyard.client.model.ListedGroup;
import io.podyard.client.model.ProblemDetails;
import io.podyard.client.model.ProblemDetailsFieldError;
import io.podyard.client.model.RestartContainerGroupRequest;
import io.podyard.client.model.Tag;
import io.podyard.client.model.TagResource;
import io.podyard.client.model.TagResourcesRequest;
import io.podyard.client.model.UpdateContainerGroupRequest;
import io.podyard.client.model.UpdateContainerRequest;
import io.podyard.client.model.UsageGroup;
import io.podyard.client.model.VolumeMountRequest;
import io.podyard.client.model.VolumeRequest;
import io.podyard.client.model.VolumeRequestEmptyDirVolume;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What Podyard is there for, with the client that OpenAPI Generator makes of its document. Takes
 * the endpoint and an access key from {@code PODYARD_ENDPOINT}, {@code KEY} and {@code SECRET};
 * prints what it did; ends with an exception if anything is not as it should be.
 */
public final class MainJob {

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final BigDecimal PER_SECOND = new BigDecimal("0.00012252");

  private final ApiClient client;
  private final ContainerGroupsApi groups;
  private final ContainersApi containers;
  private final TagsApi tags;
  private final UsageApi usage;

  private MainJob(ApiClient client) {
    this.client = client;
    this.groups = new ContainerGroupsApi(client);
    this.containers = new ContainersApi(client);
    this.tags = new TagsApi(client);
    this.usage = new UsageApi(client);
  }

  private static ApiClient client(String endpoint, String key, String secret) {
    // tag::client[]
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((key + ":" + secret).getBytes(StandardCharsets.UTF_8));
    ApiClient client = new ApiClient();
    client.updateBaseUri(endpoint);
    client.setRequestInterceptor(request -> request.header("Authorization", basic));
    // end::client[]
    return client;
  }

  private static CreateContainerGroupRequest twoContainersAndAFolder() {
    List<VolumeMountRequest> shared =
        List.of(new VolumeMountRequest().name("shared").mountPath("/shared"));
    // tag::create[]
    return new CreateContainerGroupRequest()
        .containerGroupName("java-client")
        .cpu(BigDecimal.valueOf(2))
        .memory(BigDecimal.valueOf(4))
        .addVolumeItem(
            new VolumeRequest()
                .name("shared")
                .type("EmptyDirVolume")
                .emptyDirVolume(new VolumeRequestEmptyDirVolume()))
        .addInitContainerItem(
            new InitContainerRequest()
                .name("prepare")
                .image("busybox:1.37")
                .command(List.of("sh", "-c", "echo prepared"))
                .volumeMount(shared))
        .addContainerItem(
            new ContainerRequest().name("web").image("nginx:1.29").volumeMount(shared))
        .addContainerItem(
            new ContainerRequest().name("reader").image("busybox:1.37").volumeMount(shared))
        .addTagItem(new Tag().key("job").value("java"));
    // end::create[]
  }

  private static CreateContainerGroupRequest small(String name) {
    return new CreateContainerGroupRequest()
        .containerGroupName(name)
        .addContainerItem(new ContainerRequest().name("main").image("nginx:1.29"))
        .addTagItem(new Tag().key("job").value("java"));
  }

  private String create(CreateContainerGroupRequest request, String key) throws ApiException {
    return groups
        .createContainerGroup(
            APICreateContainerGroupRequest.newBuilder()
                .createContainerGroupRequest(request)
                .idempotencyKey(key)
                .build())
        .getContainerGroupId();
  }

  private DescribeContainerGroupResponse read(String id) throws ApiException {
    return groups.describeContainerGroup(
        APIDescribeContainerGroupRequest.newBuilder().containerGroupId(id).build());
  }

  private DescribeContainerGroupResponse await(
      String what, String id, Predicate<DescribeContainerGroupResponse> reached)
      throws ApiException, InterruptedException {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (true) {
      DescribeContainerGroupResponse group = read(id);
      if (reached.test(group)) {
        return group;
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException("%s: %s is %s".formatted(what, id, group.getStatus()));
      }
      Thread.sleep(50);
    }
  }

  private DescribeContainerGroupResponse awaitRunning(String id)
      throws ApiException, InterruptedException {
    return await("runs", id, group -> group.getStatus().equals("Running"));
  }

  private String log(String id, String container) throws ApiException {
    return containers
        .describeContainerLog(
            APIDescribeContainerLogRequest.newBuilder()
                .containerGroupId(id)
                .containerName(container)
                .tail(100)
                .startTime(OffsetDateTime.now(ZoneOffset.ofHours(8)).minusHours(1))
                .build())
        .getContent();
  }

  /** Something that can be refused. */
  private interface Call {
    void make() throws ApiException;
  }

  /** The problem that a call is refused with. */
  private ProblemDetails refused(int status, Call call) throws JsonProcessingException {
    try {
      call.make();
    } catch (ApiException e) {
      check(e.getCode() == status, "status " + e.getCode() + ": " + e.getResponseBody());
      // tag::problem[]
      ProblemDetails problem =
          client.getObjectMapper().readValue(e.getResponseBody(), ProblemDetails.class);
      // end::problem[]
      check(problem.getStatus() == status, "status in the body");
      check(
          e.getResponseHeaders()
              .firstValue("x-acs-request-id")
              .orElse("")
              .equals(problem.getRequestId()),
          "request id");
      return problem;
    }
    throw new IllegalStateException("it was not refused");
  }

  private void aWrongCreateIsRefused() throws JsonProcessingException {
    ProblemDetails problem =
        refused(
            400,
            () ->
                create(
                    small("Not a name").restartPolicy("Sometimes").cpu(BigDecimal.valueOf(-1)),
                    null));
    List<String> fields =
        problem.getErrors().stream().map(ProblemDetailsFieldError::getParameter).sorted().toList();
    check(
        fields.equals(List.of("containerGroupName", "cpu", "restartPolicy")),
        "wrong fields " + fields);
    check(problem.getCode().startsWith("InvalidParameter"), problem.getCode());
    System.out.println("refused " + problem.getCode() + " " + fields);
    check(
        refused(400, () -> create(small("fine").dryRun(true), null))
            .getCode()
            .equals("DryRunOperation"),
        "dry run");
  }

  private String aGroupRuns() throws ApiException, InterruptedException {
    String id = create(twoContainersAndAFolder(), "java-1");
    check(create(twoContainersAndAFolder(), "java-1").equals(id), "a second group of one key");
    DescribeContainerGroupResponse group = awaitRunning(id);
    check(group.getCpu().compareTo(BigDecimal.valueOf(2)) == 0, "cpu " + group.getCpu());
    check(group.getIntranetIp() != null, "no address");
    check(group.getInitContainers().getFirst().getReady(), "the init container is not done");
    check(
        group.getVolumes().getFirst().getType().equals("EmptyDirVolume"), "no volume of the group");
    check(!group.getEnded(), "it has ended");
    System.out.println("running " + id + " at " + group.getIntranetIp());
    return id;
  }

  private void itsContainersCanBeLookedInto(String id) throws ApiException {
    check(log(id, "web").contains("nginx:1.29"), "log of web");
    check(log(id, "prepare").contains("prepared"), "log of the init container");
    String said =
        containers
            .execContainerCommand(
                APIExecContainerCommandRequest.newBuilder()
                    .containerGroupId(id)
                    .containerName("reader")
                    .execContainerCommandRequest(
                        new ExecContainerCommandRequest()
                            .addCommandItem("echo")
                            .addCommandItem("grüße aus java")
                            .sync(true))
                    .build())
            .getSyncResponse();
    check("grüße aus java\n".equals(said), "exec said " + said);
    Set<String> reasons = new TreeSet<>();
    for (ContainerGroupEvent event :
        groups
            .describeContainerGroupEvents(
                APIDescribeContainerGroupEventsRequest.newBuilder().containerGroupId(id).build())
            .getEvents()) {
      check(event.getCount() >= 1, "count of " + event.getReason());
      check(!event.getLastTimestamp().isBefore(event.getFirstTimestamp()), "times");
      check(event.getInvolvedObject().getUid().equals(id), "whose event");
      reasons.add(event.getReason());
    }
    check(reasons.containsAll(Set.of("Scheduled", "Pulled", "Started")), "events " + reasons);
    System.out.println("looked into " + id);
  }

  private static Container container(DescribeContainerGroupResponse group, String name) {
    return group.getContainers().stream()
        .filter(container -> container.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void itIsChangedAndRestarted(String id) throws ApiException, InterruptedException {
    groups.updateContainerGroup(
        APIUpdateContainerGroupRequest.newBuilder()
            .containerGroupId(id)
            .updateContainerGroupRequest(
                new UpdateContainerGroupRequest()
                    .updateType("IncrementalUpdate")
                    .addContainerItem(
                        new UpdateContainerRequest().name("reader").image("busybox:1.38")))
            .build());
    DescribeContainerGroupResponse changed =
        await(
            "is changed",
            id,
            group ->
                group.getStatus().equals("Running")
                    && container(group, "reader").getImage().equals("busybox:1.38"));
    check(container(changed, "web").getRestartCount() == 0, "web was not to be touched");
    groups.restartContainerGroup(
        APIRestartContainerGroupRequest.newBuilder()
            .containerGroupId(id)
            .restartContainerGroupRequest(
                new RestartContainerGroupRequest().clientToken("java-restart"))
            .build());
    await(
        "is restarted",
        id,
        group ->
            group.getStatus().equals("Running") && container(group, "web").getRestartCount() == 1);
    System.out.println("changed and restarted " + id);
  }

  private List<String> tagsOf(String id) throws ApiException {
    List<String> found = new ArrayList<>();
    for (TagResource row :
        tags.listTagResources(
                APIListTagResourcesRequest.newBuilder()
                    .resourceType("ContainerGroup")
                    .resourceId(List.of(id))
                    .build())
            .getTagResources()) {
      found.add(row.getTagKey() + "=" + row.getTagValue());
    }
    found.sort(null);
    return found;
  }

  private void itIsTagged(String id) throws ApiException {
    tags.tagResources(
        APITagResourcesRequest.newBuilder()
            .tagResourcesRequest(
                new TagResourcesRequest()
                    .resourceType("ContainerGroup")
                    .addResourceIdItem(id)
                    .addTagItem(new Tag().key("team").value("blue & green")))
            .build());
    check(tagsOf(id).equals(List.of("job=java", "team=blue & green")), "tags " + tagsOf(id));
    tags.untagResources(
        APIUntagResourcesRequest.newBuilder()
            .resourceType("ContainerGroup")
            .resourceId(List.of(id))
            .tagKey(List.of("team"))
            .build());
    check(tagsOf(id).equals(List.of("job=java")), "tags " + tagsOf(id));
    System.out.println("tagged " + id);
  }

  /** All groups with the tag, two on a page. */
  private Set<String> listed() throws ApiException {
    // tag::pages[]
    Set<String> ids = new TreeSet<>();
    String next = null;
    do {
      DescribeContainerGroupsResponse page =
          groups.describeContainerGroups(
              APIDescribeContainerGroupsRequest.newBuilder()
                  .tag(List.of("job=java"))
                  .limit(2)
                  .nextToken(next)
                  .build());
      for (ListedGroup group : page.getContainerGroups()) {
        ids.add(group.getContainerGroupId());
      }
      next = page.getNextToken();
    } while (next != null && !next.isEmpty());
    // end::pages[]
    return ids;
  }

  private void itIsBilled(String id) throws ApiException, InterruptedException {
    Cost cost = await("is billed", id, group -> group.getCost().getSeconds() >= 1).getCost();
    check(cost.getMetering(), "the meter runs");
    check(cost.getPricePerSecond().equals(PER_SECOND.toPlainString()), cost.getPricePerSecond());
    UsageGroup used =
        usage
            .describeUsage(
                APIDescribeUsageRequest.newBuilder()
                    .containerGroupId(id)
                    .from(OffsetDateTime.now(ZoneOffset.ofHours(8)).minusHours(1))
                    .build())
            .getGroups()
            .getFirst();
    BigDecimal amount = new BigDecimal(used.getAmounts().getFirst().getAmount());
    check(
        amount.compareTo(PER_SECOND.multiply(BigDecimal.valueOf(used.getSeconds()))) == 0,
        "%s for %d s".formatted(amount, used.getSeconds()));
    System.out.println("billed " + id + " " + amount + " " + cost.getCurrency());
  }

  private void end(String id) throws ApiException, InterruptedException, JsonProcessingException {
    groups.deleteContainerGroup(
        APIDeleteContainerGroupRequest.newBuilder().containerGroupId(id).build());
    DescribeContainerGroupResponse gone =
        await("is gone", id, DescribeContainerGroupResponse::getEnded);
    check(gone.getStatus().equals("Deleted"), gone.getStatus());
    check(!gone.getCost().getMetering(), "the meter has stopped");
    ProblemDetails problem =
        refused(
            404,
            () ->
                groups.deleteContainerGroup(
                    APIDeleteContainerGroupRequest.newBuilder().containerGroupId(id).build()));
    check(problem.getCode().equals("InvalidParameter.NotFound"), problem.getCode());
    System.out.println("gone " + id);
  }

  private static void check(boolean right, String what) {
    if (!right) {
      throw new IllegalStateException(what);
    }
  }

  public static void main(String[] args) throws Exception {
    MainJob job =
        new MainJob(
            client(
                System.getenv("PODYARD_ENDPOINT"), System.getenv("KEY"), System.getenv("SECRET")));
    job.aWrongCreateIsRefused();
    String id = job.aGroupRuns();
    job.itsContainersCanBeLookedInto(id);
    job.itIsChangedAndRestarted(id);
    job.itIsTagged(id);
    Set<String> ids = new TreeSet<>(Set.of(id));
    for (int i = 0; i < 4; i++) {
      ids.add(job.create(small("java-client-" + i), null));
    }
    check(job.listed().equals(ids), "listed " + job.listed() + ", not " + ids);
    System.out.println("listed " + ids.size());
    job.itIsBilled(id);
    for (String one : ids) {
      job.end(one);
    }
    check(job.listed().isEmpty(), "something is left");
    System.out.println("done");
  }
}
