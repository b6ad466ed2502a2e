package io.podyard.bench;

import java.util.ArrayList;
import java.util.List;

/** Figures of one kind from repeated runs. */
public final class Figures {

  private final List<Double> values = new ArrayList<>();

  public void add(double value) {
    values.add(value);
  }

  /** In the order they were added. */
  public List<Double> values() {
    return List.copyOf(values);
  }

  public double mean() {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  public double median() {
    return quantile(0.5);
  }

  /**
   * The smallest value that at least this share of all does not exceed.
   *
   * @param share 0 to 1
   * @return not a number if there are no values
   */
  public double quantile(double share) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }
}
