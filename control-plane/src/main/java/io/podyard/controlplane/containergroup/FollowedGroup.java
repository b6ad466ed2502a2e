package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.controlplane.event.GroupEvent;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.PullProgress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * A group while things happen to it: its status, its events and how far its images are. It ends
 * when the group has.
 */
public final class FollowedGroup extends OpenStreams.Stream {

  private static final Logger log = LoggerFactory.getLogger(FollowedGroup.class);

  /**
   * Between two looks. Any process may drive the group, so the tables say what happened; how far an
   * image is gets there twenty times in a fetch at most.
   */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Takes what is told. Any of it fails if the client is gone. */
  public interface Listener {

    void status(GroupStatus status) throws IOException;

    /** Something happened, perhaps once more. */
    void event(GroupEvent event) throws IOException;

    /** A fetch of an image began, went on, failed or ended. */
    void pull(PullProgress pull) throws IOException;

    /** Nothing more comes, for this reason. */
    void end(String reason) throws IOException;
  }

  private final Supplier<String> mark;
  private final Supplier<KnownGroups.KnownGroup> group;
  private final GroupEvents events;
  private final @Nullable Instant since;
  private final Consumer<FollowedGroup> over;
  private final Map<String, PullProgress> pulls = new HashMap<>();
  private @Nullable Map<String, Integer> counts;
  private @Nullable GroupStatus status;
  private @Nullable String told;

  /**
   * @param mark says whether there is anything new to look at, see {@link KnownGroups#mark}
   * @param group looks at it; fails with {@link ApiException} if nobody knows it any more
   * @param since no event that happened last then or before is told; null for any
   */
  FollowedGroup(
      Supplier<String> mark,
      Supplier<KnownGroups.KnownGroup> group,
      GroupEvents events,
      @Nullable Instant since,
      Consumer<FollowedGroup> over) {
    this.mark = mark;
    this.group = group;
    this.events = events;
    this.since = since;
    this.over = over;
  }

  /**
   * Tells how it is and then what happens, waiting for the listener where it has to.
   *
   * @throws IOException if the listener does not take it
   */
  public void tell(Listener listener) throws IOException {
    while (goesOn()) {
      try {
        // In this order: what happened before it was over is found by the look that follows, and
        // what happens after the mark has another mark.
        String now = mark.get();
        if (!now.equals(told)) {
          KnownGroups.KnownGroup known = group.get();
          tell(known.group(), newest(known.group().id()), listener);
          if (known.over() || known.group().status().isFinal()) {
            listener.end("the container group has ended");
            return;
          }
          told = now;
        }
      } catch (ApiException e) {
        listener.end("the record of the container group is over");
        return;
      } catch (DataAccessException e) {
        log.debug("what happens to a group is not known now: {}", e.getMessage());
      }
      pause(PAUSE);
    }
    listener.end("the server is stopping");
  }

  private List<GroupEvent> newest(ContainerGroupId id) {
    return events.newest(List.of(id), null).getOrDefault(id, List.of()).stream()
        .sorted(Comparator.comparing(GroupEvent::lastAt))
        .toList();
  }

  private void tell(GroupRecord now, List<GroupEvent> newest, Listener listener)
      throws IOException {
    if (now.status() != status) {
      status = now.status();
      listener.status(now.status());
    }
    Map<String, Integer> before = counts;
    Map<String, Integer> seen = new HashMap<>();
    for (GroupEvent event : newest) {
      String key = event.reason() + " " + event.name();
      seen.put(key, event.count());
      boolean news =
          before == null
              ? since == null || event.lastAt().isAfter(since)
              : event.count() > before.getOrDefault(key, 0);
      if (news) {
        listener.event(event);
      }
    }
    counts = seen;
    for (PullProgress pull : now.state().pulls()) {
      if (!pull.equals(pulls.put(pull.image(), pull))) {
        listener.pull(pull);
      }
    }
  }

  /** Ends it, whoever waits. */
  @Override
  public void close() {
    super.close();
    over.accept(this);
  }
}
