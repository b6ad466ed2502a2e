package io.podyard.bench.dockerstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Histograms of durations among a server's metrics. */
final class Histograms {

  private static final String OURS = "podyard_";
  private static final String SUM = "_seconds_sum";
  private static final String COUNT = "_seconds_count";

  private Histograms() {}

  /** One line for each of Podyard's own histograms and each of its labels. */
  static List<String> means(URI server) {
    Map<String, Double> sums = new TreeMap<>();
    Map<String, Double> counts = new TreeMap<>();
    for (String line : read(server.resolve("/actuator/prometheus")).lines().toList()) {
      int end = line.lastIndexOf(' ');
      if (!line.startsWith(OURS) || end < 0) {
        continue;
      }
      String name = line.substring(0, end);
      double value = Double.parseDouble(line.substring(end + 1));
      if (name.contains(SUM)) {
        sums.put(name.replace(SUM, ""), value);
      } else if (name.contains(COUNT)) {
        counts.put(name.replace(COUNT, ""), value);
      }
    }
    List<String> lines = new ArrayList<>();
    sums.forEach(
        (name, seconds) -> {
          double count = counts.getOrDefault(name, 0.0);
          if (count > 0) {
            lines.add(
                String.format(Locale.ROOT, "%s  %.0f  %.1f", name, count, seconds / count * 1e3));
          }
        });
    return lines;
  }

  private static String read(URI address) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
