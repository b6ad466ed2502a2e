package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.tag.TagChange;
import io.podyard.controlplane.tag.TagQuery;
import io.podyard.controlplane.tag.TagRow;
import io.podyard.controlplane.tag.TaggedResources;
import io.podyard.controlplane.write.BatchWriter;
import io.podyard.controlplane.write.CommitPoints;
import io.podyard.controlplane.write.NotWrittenException;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The tags of container groups. */
@Component
class GroupTags implements TaggedResources {

  private final JdbcTemplate jdbc;
  private final BatchWriter<TagChange, TagChange.Outcome> changes;

  GroupTags(
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      JdbcGroupTagging handler,
      CommitPoints points) {
    this.jdbc = jdbc;
    this.changes = new BatchWriter<>("tag", transaction, handler, points);
  }

  @PreDestroy
  void close() {
    changes.close();
  }

  @Override
  public String type() {
    return "ContainerGroup";
  }

  @Override
  public TagChange.Outcome change(TagChange change) throws NotWrittenException {
    return changes.write(change);
  }

  @Override
  public List<TagRow> list(TagQuery query) {
    GroupFilter filter =
        GroupFilter.of(query.account(), query.region())
            .ids(query.resources().isEmpty() ? null : query.resources())
            .tags(query.tags());
    List<Object> arguments = new ArrayList<>(filter.arguments());
    String sql = filter.sql();
    TagRow after = query.after();
    if (after != null) {
      // Compared byte by byte, as ordered, whatever the language of the database is.
      sql += " and (id < ? or (id = ? and t.key collate \"C\" > ?))";
      arguments.addAll(List.of(after.resource(), after.resource(), after.key()));
    }
    arguments.add(query.limit());
    return jdbc.query(
        """
        select id, t.key, t.value from container_group cross join lateral jsonb_each_text(tags) t
        where %s order by id desc, t.key collate "C" limit ?
        """
            .formatted(sql),
        (row, n) -> new TagRow(row.getString(1), row.getString(2), row.getString(3)),
        arguments.toArray());
  }
}
