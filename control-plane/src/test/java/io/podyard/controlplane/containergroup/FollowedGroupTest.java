package io.podyard.controlplane.containergroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.controlplane.event.GroupEvent;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.event.GroupHappening;
import io.podyard.controlplane.testing.TestDatabase;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Occurrence;
import io.podyard.runtime.PullProgress;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class FollowedGroupTest {

  private static final class Told implements FollowedGroup.Listener {

    private final List<String> all = new ArrayList<>();

    @Override
    public void status(GroupStatus status) {
      all.add(status.wireName());
    }

    @Override
    public void event(GroupEvent event) {
      all.add(event.reason());
    }

    @Override
    public void pull(PullProgress pull) {
      all.add(pull.image());
    }

    @Override
    public void end(String reason) {
      all.add(reason);
    }
  }

  /** Does something before the looks at a group, one thing before each, and counts its readings. */
  private static final class Looks {

    private final List<Runnable> before;
    private int looks;
    private int readings;

    Looks(Runnable... before) {
      this.before = List.of(before);
    }

    String mark(Supplier<String> mark) {
      before.get(looks++).run();
      return mark.get();
    }

    KnownGroups.KnownGroup group(Supplier<KnownGroups.KnownGroup> group) {
      readings++;
      return group.get();
    }
  }

  @Test
  void aGroupIsReadAgainOnlyWhenSomethingHasHappened() throws IOException {
    try (TestDatabase database = TestDatabase.create();
        StoredGroups groups = new StoredGroups(database)) {
      ContainerGroupId id = groups.addWaiting("followed");
      GroupEvents events = new GroupEvents(database.jdbc());
      KnownGroups known = groups.known();
      AccountId account = new AccountId("a");
      Looks looks =
          new Looks(
              () -> {},
              () -> {},
              () ->
                  events.append(
                      List.of(
                          new GroupHappening(
                              id, account, Occurrence.normal("Seen", "once"), Instant.now()))),
              () -> groups.forget(id));
      FollowedGroup followed =
          new FollowedGroup(
              () -> looks.mark(() -> known.mark(id)),
              () -> looks.group(() -> known.require(account, id.value())),
              events,
              Instant.now(),
              _ -> {});
      Told told = new Told();
      followed.tell(told);
      assertThat(told.all)
          .containsExactly("Scheduling", "Seen", "the record of the container group is over");
      assertThat(looks.readings).as("the second look found nothing").isEqualTo(3);
    }
  }
}
