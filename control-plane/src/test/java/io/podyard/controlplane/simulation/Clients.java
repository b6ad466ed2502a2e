package io.podyard.controlplane.simulation;

import io.podyard.controlplane.containergroup.SteppedGroups;
import io.podyard.controlplane.containergroup.SteppedGroups.Answer;
import io.podyard.controlplane.containergroup.SteppedGroups.Asked;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.Size;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Clients that send a request again, with its token and to whichever process, until they are told
 * what came of it; and what they were told.
 */
final class Clients {

  /** A request that nobody has answered yet. */
  private sealed interface Request {

    String token();

    record Create(String token, Asked asked) implements Request {}

    record Delete(String token, ContainerGroupId group, boolean force) implements Request {}

    /** A restart, or a resize if there is a size. */
    record Change(String token, ContainerGroupId group, @Nullable Size size) implements Request {}
  }

  private final SplittableRandom random;
  private final RandomSpecs specs;
  private final List<Request> open = new ArrayList<>();
  private final Set<ContainerGroupId> created = new LinkedHashSet<>();
  private final Set<ContainerGroupId> deleting = new LinkedHashSet<>();
  private final Set<ContainerGroupId> deleted = new LinkedHashSet<>();
  private int requests;
  private int creates;
  private int tries;

  Clients(SplittableRandom random, Features features) {
    this.random = random;
    this.specs = new RandomSpecs(random, features);
  }

  /** Thinks of a new request, or takes one up again that was not answered. */
  String next(int mostGroups) {
    if (open.isEmpty() || random.nextInt(3) == 0) {
      open.add(another(mostGroups));
      return open.getLast().toString();
    }
    open.addLast(open.remove(random.nextInt(open.size())));
    return "again " + open.getLast().token();
  }

  private Request another(int mostGroups) {
    String token = "t" + ++requests;
    if (creates < mostGroups && (created.isEmpty() || random.nextBoolean())) {
      return new Request.Create(token, specs.next("g" + ++creates));
    }
    if (created.isEmpty()) {
      return new Request.Delete(token, new ContainerGroupId("nobody"), false);
    }
    ContainerGroupId group = List.copyOf(created).get(random.nextInt(created.size()));
    return switch (random.nextInt(5)) {
      case 0 -> new Request.Change(token, group, null);
      case 1, 2 -> new Request.Change(token, group, specs.size());
      default -> delete(token, group, random.nextBoolean());
    };
  }

  private Request delete(String token, ContainerGroupId group, boolean force) {
    deleting.add(group);
    return new Request.Delete(token, group, force);
  }

  /** Has the groups deleted. */
  void deleteAll(List<ContainerGroupId> groups) {
    groups.forEach(group -> open.add(delete("t" + ++requests, group, random.nextBoolean())));
  }

  /** Sends the request that was taken up last; what is not answered stays open. */
  String send(SteppedGroups process) {
    Request request = open.getLast();
    try {
      String answer = answer(request, process);
      open.remove(request);
      return answer;
    } catch (NotWrittenException e) {
      return "no answer";
    }
  }

  private String answer(Request request, SteppedGroups process) throws NotWrittenException {
    return switch (request) {
      case Request.Create(String token, Asked asked) -> {
        ContainerGroupId fresh = new ContainerGroupId(asked.spec().name() + "-" + ++tries);
        ContainerGroupId made = process.create(token, fresh, asked);
        created.add(made);
        yield "made " + made;
      }
      case Request.Delete(String token, ContainerGroupId group, boolean force) -> {
        Answer answer = process.delete(token, group, force);
        if (answer == Answer.DONE) {
          deleted.add(group);
        }
        known(group, answer);
        yield answer.toString();
      }
      case Request.Change(String token, ContainerGroupId group, Size size) -> {
        Answer answer = process.change(token, group, size);
        known(group, answer);
        yield answer.toString();
      }
    };
  }

  /** A group that was created is known until somebody wants it deleted. */
  private void known(ContainerGroupId group, Answer answer) {
    boolean mustBe = created.contains(group) && !deleting.contains(group);
    if (answer == Answer.UNKNOWN_GROUP && mustBe) {
      throw new AssertionError(group + " was created, not deleted, and is unknown");
    }
    // The one that deletes it is told so, unless somebody else's delete was sent as well.
    if (answer != Answer.UNKNOWN_GROUP && !created.contains(group)) {
      throw new AssertionError(group + " was never created and is known");
    }
  }

  boolean waitForAnswers() {
    return !open.isEmpty();
  }

  int waiting() {
    return open.size();
  }

  /** Takes up the request that has waited longest. */
  void takeUpFirst() {
    open.addLast(open.removeFirst());
  }

  Set<ContainerGroupId> created() {
    return created;
  }

  Set<ContainerGroupId> deleted() {
    return deleted;
  }
}
