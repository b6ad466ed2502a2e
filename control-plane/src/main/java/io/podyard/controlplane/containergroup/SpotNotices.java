package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.event.GroupEvents;
import io.podyard.controlplane.event.GroupHappening;
import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import io.podyard.runtime.Occurrence;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Tells spot groups that they are to be released (contract section 17): the notice and its event
 * are one transaction, the caller's. A group gets one notice, and never while it is protected; it
 * is its driver that stops it when the time is over.
 */
@Component
class SpotNotices {

  /** The reason of the event; the contract leaves it open. */
  static final String EVENT = "SpotToBeReleased";

  private record Noticed(ContainerGroupId group, AccountId account, Instant releaseAt) {}

  private final JdbcTemplate jdbc;
  private final GroupEvents events;
  private final Duration notice;
  private final Clock clock;

  SpotNotices(JdbcTemplate jdbc, GroupEvents events, PodyardSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.events = events;
    this.notice = settings.spot().notice();
    this.clock = clock;
  }

  /** They give way to a group that pays in full. */
  void giveWay(List<ContainerGroupId> groups, ContainerGroupId to) {
    give(groups, "CAPACITY", to, "its room is needed for a group that pays in full");
  }

  /**
   * Their price is above their limit.
   *
   * @param why the same with numbers
   */
  void tooDear(ContainerGroupId group, String why) {
    give(List.of(group), "PRICE", null, why);
  }

  private void give(
      List<ContainerGroupId> groups, String reason, @Nullable ContainerGroupId to, String why) {
    if (groups.isEmpty()) {
      return;
    }
    List<Noticed> noticed =
        jdbc.query(
            """
            update spot_group s
            set noticed_at = now(), release_at = now() + ?::int8 * interval '1 millisecond',
                release_reason = ?, gives_way_to = ?
            from container_group g
            where g.id = s.group_id and s.group_id = any(?::text[]) and s.noticed_at is null
              and s.protected_until <= now() and g.goal = 'RUN' and g.final_at is null
            returning s.group_id, g.account_id, s.release_at
            """,
            statement -> {
              statement.setLong(1, notice.toMillis());
              statement.setString(2, reason);
              statement.setString(3, to == null ? null : to.value());
              statement.setArray(
                  4,
                  statement
                      .getConnection()
                      .createArrayOf(
                          "text", groups.stream().map(ContainerGroupId::value).toArray()));
            },
            (row, n) ->
                new Noticed(
                    new ContainerGroupId(row.getString(1)),
                    new AccountId(row.getString(2)),
                    row.getObject(3, OffsetDateTime.class).toInstant()));
    Instant now = clock.instant();
    events.append(
        noticed.stream()
            .map(
                one ->
                    new GroupHappening(
                        one.group(),
                        one.account(),
                        Occurrence.warning(
                            EVENT,
                            "The spot group will be stopped at %s: %s."
                                .formatted(one.releaseAt().truncatedTo(ChronoUnit.SECONDS), why)),
                        now))
            .toList());
  }
}
