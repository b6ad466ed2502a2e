package io.podyard.controlplane.usage;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;

/** Counts how often the database is asked. */
final class CountedQueries extends JdbcTemplate {

  private int queries;

  CountedQueries(DataSource dataSource) {
    super(dataSource);
  }

  int queries() {
    return queries;
  }

  @Override
  public <T extends @Nullable Object> T query(
      PreparedStatementCreator creator,
      @Nullable PreparedStatementSetter setter,
      ResultSetExtractor<T> extractor) {
    queries++;
    return super.query(creator, setter, extractor);
  }
}
