package io.podyard.runtime;

import java.util.List;

/** What became of the type and the options of a data source. */
public sealed interface DataSourceReading {

  record Understood(DataSource source) implements DataSourceReading {}

  /**
   * @param reasons at least one, each naming the option
   */
  record Refused(List<String> reasons) implements DataSourceReading {
    public Refused {
      reasons = List.copyOf(reasons);
    }
  }
}
