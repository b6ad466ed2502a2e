package io.podyard.controlplane.quickstart;

import io.podyard.api.Action;
import io.podyard.api.PodyardCallException;
import io.podyard.api.PodyardClient;
import io.podyard.api.container.DescribeContainerLogRequest;
import io.podyard.api.container.DescribeContainerLogResponse;
import io.podyard.api.container.ExecContainerCommandRequest;
import io.podyard.api.container.ExecContainerCommandResponse;
import io.podyard.api.containergroup.CreateContainerGroupResponse;
import io.podyard.api.containergroup.DeleteContainerGroupRequest;
import io.podyard.api.containergroup.DeleteContainerGroupResponse;
import io.podyard.api.tag.Tag;
import io.podyard.api.tag.TagResourcesRequest;
import io.podyard.api.tag.TagResourcesResponse;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One group through its whole life: created, followed until it runs, read, entered, tagged,
 * deleted, billed; and once more from an image cache. It knows nothing but the HTTP API.
 */
final class Tour {

  /** A step did not do what it must. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message);
    }
  }

  private static final Duration SHORTEST_RUN = Duration.ofSeconds(3);
  private static final Duration LONGEST_END = Duration.ofMinutes(2);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final PodyardClient client;
  private final BillReader bill;
  private final GroupStart starts;
  private final DemoGroup demo;
  private final PrintStream out;

  Tour(PodyardClient client, BillReader bill, DemoGroup demo, PrintStream out) {
    this.client = client;
    this.bill = bill;
    this.starts = new GroupStart(client, out);
    this.demo = demo;
    this.out = out;
  }

  /**
   * @throws FailedException naming the step that failed
   */
  void run() throws FailedException {
    try {
      String id = create();
      GroupStart.Followed without = starts.follow(id);
      long running = System.nanoTime();
      logs(id);
      exec(id);
      tag(id);
      letItRun(running);
      delete(id);
      out.println();
      out.println("The bill, as GET /v1/usage?containerGroupId=" + id + " has it:");
      bill.print(id, out);
      out.println();
      cached(without);
    } catch (PodyardCallException e) {
      throw new FailedException(
          "%s answered %d %s: %s (request %s)"
              .formatted("the server", e.httpStatus(), e.code(), e.getMessage(), e.requestId()));
    }
  }

  private void cached(GroupStart.Followed without) throws FailedException {
    if (!demo.cacheable()) {
      out.println(
          "Image caches need an image of a registry; PODYARD_QUICKSTART_IMAGE names one to see.");
      return;
    }
    out.println(
        demo.real()
            ? "The same group without an image cache, and from one:"
            : "The same group without an image cache, and from one (simulated: the times are made up):");
    delete(new CachedStart(client, starts, demo, out).run(without));
  }

  private String create() throws FailedException {
    CreateContainerGroupResponse answer =
        client.call(
            Action.CREATE_CONTAINER_GROUP,
            demo.request(UUID.randomUUID().toString(), null),
            CreateContainerGroupResponse.class);
    String id = answer.containerGroupId();
    if (id == null) {
      throw new FailedException("CreateContainerGroup answered without an id");
    }
    out.printf(
        "CreateContainerGroup   %s: 2 vCPU, 4 GiB, image %s, an init container and two more%n",
        id, demo.image());
    return id;
  }

  private void logs(String id) {
    out.println("DescribeContainerLog");
    for (String container : List.of(DemoGroup.PREPARE, DemoGroup.WEB, DemoGroup.READER)) {
      DescribeContainerLogResponse answer =
          client.call(
              Action.DESCRIBE_CONTAINER_LOG,
              new DescribeContainerLogRequest(
                  id, container, null, null, null, null, null, null, null, null, null, 10, null),
              DescribeContainerLogResponse.class);
      String content = answer.content() == null ? "" : answer.content().strip();
      out.printf("  %-8s | %s%n", container, content.replace("\n", "\n           | "));
    }
  }

  private void exec(String id) throws FailedException {
    ExecContainerCommandResponse answer =
        client.call(
            Action.EXEC_CONTAINER_COMMAND,
            new ExecContainerCommandRequest(
                demo.exec(),
                id,
                DemoGroup.READER,
                null,
                null,
                null,
                null,
                null,
                false,
                true,
                false),
            ExecContainerCommandResponse.class);
    String response = answer.syncResponse();
    if (response == null || response.isBlank()) {
      throw new FailedException("ExecContainerCommand gave no output");
    }
    out.printf(
        "ExecContainerCommand   %s: %s -> %s%n",
        DemoGroup.READER, String.join(" ", demo.exec()), response.strip());
  }

  private void tag(String id) throws FailedException {
    TagResourcesResponse _ =
        client.call(
            Action.TAG_RESOURCES,
            new TagResourcesRequest(
                null,
                null,
                null,
                List.of(id),
                null,
                null,
                "ContainerGroup",
                List.of(new Tag("made-by", "quickstart"))),
            TagResourcesResponse.class);
    boolean there =
        starts.find(id).stream()
            .flatMap(group -> group.tags().stream())
            .anyMatch(tag -> "made-by".equals(tag.key()));
    if (!there) {
      throw new FailedException("the tag is not there");
    }
    out.println("TagResources           made-by=quickstart");
  }

  /** Only whole seconds are billed, and fast hosts are done with all of this within one. */
  private void letItRun(long sinceNanos) {
    long left = SHORTEST_RUN.toNanos() - (System.nanoTime() - sinceNanos);
    if (left > 0) {
      out.printf(
          "                       runs on until %d s are full: whole seconds are billed%n",
          SHORTEST_RUN.toSeconds());
      LockSupport.parkNanos(left);
    }
  }

  private void delete(String id) throws FailedException {
    long start = System.nanoTime();
    DeleteContainerGroupResponse _ =
        client.call(
            Action.DELETE_CONTAINER_GROUP,
            new DeleteContainerGroupRequest(null, id, null, null, null, null, null, null),
            DeleteContainerGroupResponse.class);
    while (starts.find(id).isPresent()) {
      if (System.nanoTime() - start > LONGEST_END.toNanos()) {
        throw new FailedException(id + " is still there after " + LONGEST_END);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    out.printf(
        Locale.ROOT,
        "DeleteContainerGroup   nothing is left after %.2f s%n",
        (System.nanoTime() - start) / 1e9);
  }
}
