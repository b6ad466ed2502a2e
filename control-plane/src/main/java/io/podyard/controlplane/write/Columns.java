package io.podyard.controlplane.write;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.PreparedStatementSetter;

/**
 * The columns of a multi-row statement: one array parameter a column, for {@code unnest(?, ?,
 * ...)}. In the statement each parameter is cast to its array type.
 */
public final class Columns<T> implements PreparedStatementSetter {

  private record Column(String type, @Nullable Object[] values) {}

  private final List<T> rows;
  private final List<Column> columns = new ArrayList<>();

  private Columns(List<T> rows) {
    this.rows = rows;
  }

  public static <T> Columns<T> of(List<T> rows) {
    return new Columns<>(rows);
  }

  public Columns<T> text(Function<T, @Nullable String> value) {
    return add("text", value::apply);
  }

  public Columns<T> integer(ToIntFunction<T> value) {
    return add("int4", value::applyAsInt);
  }

  public Columns<T> bigint(ToLongFunction<T> value) {
    return add("int8", value::applyAsLong);
  }

  public Columns<T> bool(Function<T, Boolean> value) {
    return add("bool", value::apply);
  }

  public Columns<T> instant(Function<T, @Nullable Instant> value) {
    return add(
        "timestamptz",
        row -> {
          Instant instant = value.apply(row);
          return instant == null ? null : instant.atOffset(ZoneOffset.UTC).toString();
        });
  }

  /** The whole numbers of an array in a result; none if it is null. */
  public static List<Integer> integers(ResultSet row, int column) throws SQLException {
    Array array = row.getArray(column);
    return array == null ? List.of() : List.of((Integer[]) array.getArray());
  }

  /** The texts of an array in a result; none if it is null. */
  public static List<String> texts(ResultSet row, int column) throws SQLException {
    Array array = row.getArray(column);
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  private Columns<T> add(String type, Function<T, @Nullable Object> value) {
    @Nullable Object[] values = new @Nullable Object[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(rows.get(i));
    }
    columns.add(new Column(type, values));
    return this;
  }

  @Override
  public void setValues(PreparedStatement statement) throws SQLException {
    int _ = setValues(statement, 1);
  }

  /**
   * Sets the parameters of one of several statements.
   *
   * @param first the number of its first parameter
   * @return the number of the first parameter of the next one
   */
  int setValues(PreparedStatement statement, int first) throws SQLException {
    int next = first;
    for (Column column : columns) {
      statement.setArray(
          next++, statement.getConnection().createArrayOf(column.type(), column.values()));
    }
    return next;
  }
}
