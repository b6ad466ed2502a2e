package io.podyard.controlplane.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.judge.Judge;
import io.podyard.model.ContainerGroupId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** What clients asked for and what they were told: it must be true for ever. */
final class Told {

  private final Map<String, ContainerGroupId> created = new ConcurrentHashMap<>();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Set<ContainerGroupId> deleting = ConcurrentHashMap.newKeySet();
  private final Set<ContainerGroupId> deleted = ConcurrentHashMap.newKeySet();
  private @Nullable ContainerGroupId kept;
  private final List<String> unexpected = new CopyOnWriteArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger unavailable = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final LongAccumulator slowest = new LongAccumulator(Math::max, 0);

  void asked(String token) {
    asked.add(token);
  }

  void created(String token, ContainerGroupId id) {
    ContainerGroupId before = created.putIfAbsent(token, id);
    if (before != null && !before.equals(id)) {
      unexpected("token %s made %s and then %s".formatted(token, before, id));
    }
  }

  /** Whether a client may try to delete a group, which is noted then. */
  synchronized boolean deleting(ContainerGroupId id) {
    if (id.equals(kept)) {
      return false;
    }
    deleting.add(id);
    return true;
  }

  /**
   * From now on nobody deletes one of these groups, until another one is kept, so that there is one
   * to be looked at however fast clients are.
   *
   * @return false if somebody tried to delete each of them
   */
  synchronized boolean keepOne(Collection<ContainerGroupId> groups) {
    kept = groups.stream().filter(id -> !deleting.contains(id)).findFirst().orElse(null);
    return kept != null;
  }

  void deleted(ContainerGroupId id, @Nullable String requestId) {
    if (requestId == null) {
      unexpected("the delete of " + id + " was answered without a request id");
    }
    deleted.add(id);
  }

  void unexpected(String what) {
    unexpected.add(what);
  }

  void answered(long nanos) {
    answers.incrementAndGet();
    slowest.accumulate(nanos);
  }

  void unavailable(long nanos) {
    unavailable.incrementAndGet();
    slowest.accumulate(nanos);
  }

  void unanswered() {
    unanswered.incrementAndGet();
  }

  /** Acknowledged creates. */
  int groups() {
    return created.size();
  }

  int deletes() {
    return deleted.size();
  }

  /** Answers that said that the server cannot do it now. */
  int refusals() {
    return unavailable.get();
  }

  Duration slowest() {
    return Duration.ofNanos(slowest.get());
  }

  Set<ContainerGroupId> deletedGroups() {
    return Set.copyOf(deleted);
  }

  /** Acknowledged groups that nobody tried to delete and that do not end by themselves. */
  Set<ContainerGroupId> steady() {
    Set<ContainerGroupId> steady = ConcurrentHashMap.newKeySet();
    created.forEach(
        (token, id) -> {
          if (GroupKinds.runsOn(token) && !deleting.contains(id)) {
            steady.add(id);
          }
        });
    return steady;
  }

  /** Fails unless all of it is true; to be asked when deletes had time to end. */
  void mustHold(Judge judge, JdbcTemplate jdbc) {
    assertThat(unexpected).isEmpty();
    assertThat(created.keySet()).containsExactlyInAnyOrderElementsOf(asked);
    assertThat(judge.acknowledged(created.values(), deleted)).isEmpty();
    assertThat(
            jdbc.queryForList(
                """
                select name from (select name from container_group
                                  union all select name from container_group_history) all_groups
                group by name having count(*) > 1
                """,
                String.class))
        .as("groups made twice")
        .isEmpty();
    assertThat(
            jdbc.queryForObject(
                """
                select count(*) from (select id from container_group
                                      union all select id from container_group_history) all_groups
                """,
                Integer.class))
        .as("groups that nobody was told of")
        .isEqualTo(created.size());
  }

  @Override
  public String toString() {
    return "%d groups, %d deletes, %d answers, %d times unavailable, %d times no answer, slowest %d ms"
        .formatted(
            groups(),
            deletes(),
            answers.get(),
            unavailable.get(),
            unanswered.get(),
            slowest().toMillis());
  }
}
