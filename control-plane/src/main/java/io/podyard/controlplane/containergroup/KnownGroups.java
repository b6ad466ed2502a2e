package io.podyard.controlplane.containergroup;

import io.podyard.api.ApiException;
import io.podyard.api.containergroup.ContainerGroupEventsResponse;
import io.podyard.api.containergroup.ContainerGroupResponse;
import io.podyard.controlplane.event.EventSource;
import io.podyard.controlplane.event.GroupEvent;
import io.podyard.controlplane.event.GroupEvents;
import io.podyard.model.AccountId;
import io.podyard.model.ContainerGroupId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** An account's groups by their ids, in any region, also those whose record is history. */
@Component
public class KnownGroups {

  /**
   * A group as it is, or as it was last.
   *
   * @param over whether its record is over; DescribeContainerGroups does not show it any more
   */
  public record KnownGroup(GroupRecord group, boolean over) {}

  private final JdbcTemplate jdbc;
  private final GroupRows rows;
  private final GroupAnswers answers;
  private final GroupEvents events;

  KnownGroups(JdbcTemplate jdbc, GroupRows rows, GroupAnswers answers, GroupEvents events) {
    this.jdbc = jdbc;
    this.rows = rows;
    this.answers = answers;
    this.events = events;
  }

  /**
   * The group that the parameter ContainerGroupId names.
   *
   * @throws ApiException if the account has and had no such group, whoever else may have
   */
  public KnownGroup require(AccountId account, @Nullable String id) {
    return requireOf(account, id);
  }

  /**
   * The same of whatever account, for operators.
   *
   * @throws ApiException if there is and was no such group
   */
  KnownGroup requireOfAny(@Nullable String id) {
    return requireOf(null, id);
  }

  private KnownGroup requireOf(@Nullable AccountId account, @Nullable String id) {
    ContainerGroupId wanted = OwnGroups.id(id);
    Optional<GroupRecord> present =
        find(
            "select %s from container_group where id = ? and account_id = coalesce(?, account_id)",
            account, wanted);
    if (present.isPresent()) {
      return new KnownGroup(present.get(), present.get().deletedAt() != null);
    }
    return find(
            """
            select %s
            from (select record from container_group_history where id = ? and account_id = coalesce(?, account_id)
                  order by ended_at desc limit 1) ended
            cross join lateral jsonb_populate_record(null::container_group, ended.record) as row
            """,
            account, wanted)
        .map(group -> new KnownGroup(group, true))
        .orElseThrow(() -> OwnGroups.unknown(wanted.value()));
  }

  /**
   * Costs little to ask for, unlike the record: another one after each change of how a group is and
   * after each of its events, and empty when its record is over.
   */
  String mark(ContainerGroupId id) {
    return jdbc
        .query(
            """
            select g.version || ' ' || coalesce(
              (select sum(e.count) from group_event e where e.group_id = g.id), 0)
            from container_group g where g.id = ?
            """,
            (row, n) -> row.getString(1),
            id.value())
        .stream()
        .findFirst()
        .orElse("");
  }

  private Optional<GroupRecord> find(String sql, @Nullable AccountId account, ContainerGroupId id) {
    return jdbc
        .query(
            sql.formatted(GroupRows.COLUMNS),
            rows,
            id.value(),
            account == null ? null : account.value())
        .stream()
        .findFirst();
  }

  /**
   * What happened to a group, oldest of its newest events first.
   *
   * @param source only what this one reports, null for both
   */
  public ContainerGroupEventsResponse events(KnownGroup known, @Nullable EventSource source) {
    GroupRecord group = known.group();
    return new ContainerGroupEventsResponse(
        null,
        group.id().value(),
        events.newest(List.of(group.id()), source).getOrDefault(group.id(), List.of()).stream()
            .map(event -> event.full(group.name()))
            .toList(),
        group.name(),
        GroupEvent.NAMESPACE,
        group.id().value());
  }

  /** In the shape of the contract, with its newest events. */
  public ContainerGroupResponse answer(GroupRecord group) {
    return answers.answer(
        group,
        events.newest(List.of(group.id()), null).getOrDefault(group.id(), List.of()).stream()
            .map(GroupEvent::brief)
            .toList());
  }
}
