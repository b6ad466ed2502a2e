package io.podyard.controlplane.metric;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** How fine records are kept, each in a table of its own. */
enum Resolution {
  /** As they were taken, a record a row. */
  SAMPLE("metric_sample", "at", Duration.ZERO, Duration.ZERO, "yyyyMMddHH", Duration.ofHours(1)),

  /** Of a minute each, those of ten minutes in a row. */
  MINUTE(
      "metric_minutes",
      "start_at",
      Duration.ofMinutes(1),
      Duration.ofMinutes(10),
      "yyyyMMdd",
      Duration.ofDays(1)),

  /** Of ten minutes each, those of six hours in a row. */
  TEN_MINUTES(
      "metric_ten_minutes",
      "start_at",
      Duration.ofMinutes(10),
      Duration.ofHours(6),
      "yyyyMMdd",
      Duration.ofDays(1));

  /** How long records can be asked for; what they are kept at by then is {@link #TEN_MINUTES}. */
  static final Duration KEPT = Duration.ofDays(30);

  private static final Duration SAMPLES_KEPT = Duration.ofHours(1);
  private static final Duration MINUTES_KEPT = Duration.ofHours(48);

  private final String table;
  private final String timeColumn;
  private final Duration window;
  private final Duration row;
  private final DateTimeFormatter partitionName;
  private final Duration partition;

  Resolution(
      String table,
      String timeColumn,
      Duration window,
      Duration row,
      String partitionName,
      Duration partition) {
    this.table = table;
    this.timeColumn = timeColumn;
    this.window = window;
    this.row = row;
    this.partitionName = DateTimeFormatter.ofPattern(partitionName).withZone(ZoneOffset.UTC);
    this.partition = partition;
  }

  String table() {
    return table;
  }

  /** The column with the time of a row: of its sample, or the start of what it covers. */
  String timeColumn() {
    return timeColumn;
  }

  /** What a record stands for; zero for a sample. */
  Duration window() {
    return window;
  }

  /** What the records of a row cover; zero for a sample. */
  Duration row() {
    return row;
  }

  /** What a partition covers. */
  Duration partition() {
    return partition;
  }

  /** How long what is kept at this resolution is kept, at least. */
  Duration kept() {
    return switch (this) {
      case SAMPLE -> SAMPLES_KEPT;
      case MINUTE -> MINUTES_KEPT;
      case TEN_MINUTES -> KEPT;
    };
  }

  /** The partition that begins then. */
  String partitionName(Instant start) {
    return table + "_" + partitionName.format(start);
  }

  /** The start of the stretch of that length that a moment is in; they are aligned to the epoch. */
  static Instant floor(Instant at, Duration length) {
    long seconds = length.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
  }
}
