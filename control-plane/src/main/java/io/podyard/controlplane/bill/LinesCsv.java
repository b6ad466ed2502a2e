package io.podyard.controlplane.bill;

import io.podyard.billing.BillMonth;
import io.podyard.billing.Csv;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settled lines as comma-separated values. */
final class LinesCsv {

  private final BillMonth month;
  private final Csv csv;

  /** Writes the header. */
  LinesCsv(BillMonth month, Appendable out) {
    this.month = month;
    this.csv = new Csv(out);
    csv.row(Arrays.stream(LineColumn.values()).map(LineColumn::title).toList());
  }

  void add(StoredLine line) {
    List<@Nullable String> fields = new ArrayList<>();
    for (LineColumn column : LineColumn.values()) {
      fields.add(column.of(line, month));
    }
    csv.row(fields);
  }
}
