package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import java.io.IOException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Settled lines as objects of JSON, each ended by a line feed. Their fields are the columns of
 * {@link LineColumn}; what is not there is absent. Amounts and prices are texts, since many
 * programs read numbers of JSON as floating-point ones.
 */
final class LinesJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final BillMonth month;
  private final Appendable out;

  LinesJson(BillMonth month, Appendable out) {
    this.month = month;
    this.out = out;
  }

  void add(StoredLine line) throws IOException {
    ObjectNode row = JSON.createObjectNode();
    for (LineColumn column : LineColumn.values()) {
      if (column == LineColumn.REVISION) {
        row.put(column.title(), line.line().revision());
      } else if (column == LineColumn.TAGS) {
        ObjectNode tags = row.putObject(column.title());
        line.facts().tags().forEach(tags::put);
      } else {
        String value = column.of(line, month);
        if (value != null) {
          row.put(column.title(), value);
        }
      }
    }
    out.append(JSON.writeValueAsString(row)).append('\n');
  }
}
