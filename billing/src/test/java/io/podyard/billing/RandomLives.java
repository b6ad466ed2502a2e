package io.podyard.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.podyard.billing.PlainRecount.Event;
import io.podyard.billing.PlainRecount.What;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Logs of what happens to groups, drawn at random: they start, are changed and restarted, and stop
 * for one of many reasons. Now and then somebody sets the clock by an hour.
 */
public final class RandomLives {

  /** What happens. */
  public enum Kind {
    STARTED,
    RESIZED,
    STORAGE_RAISED,
    RESTARTED,
    ENDED,
    DELETED,
    /** The server crashed and learns later when the containers ended. */
    LEARNT_LATE,
    /** Its last proof of life counts, not when the loss was noticed. */
    HOST_LOST
  }

  /** A line of a log, and what it is about. */
  public record Happening(Kind kind, Event event) {}

  private record Has(int milliCpu, int memoryMib, int gpuMilli, int storageGib) {}

  private static final int HOUR = 3600;

  private final Random random;
  private final Map<Kind, Integer> happened = new EnumMap<>(Kind.class);
  private int setBack;
  private int setForward;
  private int wentOn;
  private int backwards;

  public RandomLives(Random random) {
    this.random = random;
  }

  /**
   * A log, in the order in which things became known.
   *
   * @param starts how often it starts at most; container groups do so once
   */
  public List<Happening> next(int starts) {
    List<Happening> log = new ArrayList<>();
    long now = random.nextLong(HOUR);
    long clock = 0;
    for (int start = 0; start < starts; start++) {
      clock = stepped(clock);
      Has has = new Has(milliCpu(), memoryMib(), gpuMilli(), storageGib());
      add(log, Kind.STARTED, now, now + clock, has);
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        now += random.nextLong(2000);
        clock = stepped(clock);
        Kind kind =
            List.of(Kind.RESIZED, Kind.STORAGE_RAISED, Kind.RESTARTED).get(random.nextInt(3));
        has =
            switch (kind) {
              case RESIZED -> new Has(milliCpu(), memoryMib(), has.gpuMilli, has.storageGib);
              case STORAGE_RAISED ->
                  new Has(
                      has.milliCpu,
                      has.memoryMib,
                      has.gpuMilli,
                      has.storageGib + 1 + random.nextInt(500));
              default -> has;
            };
        add(log, kind, now, now + clock, has);
      }
      now += random.nextLong(4000);
      clock = stepped(clock);
      switch (random.nextInt(5)) {
        case 0 -> {
          wentOn++;
          return log;
        }
        case 1 -> add(log, Kind.LEARNT_LATE, now + random.nextLong(2 * HOUR), now + clock, has);
        case 2 -> add(log, Kind.HOST_LOST, now + 60, now + clock - random.nextLong(10), has);
        case 3 -> add(log, Kind.DELETED, now, now + clock, has);
        default -> add(log, Kind.ENDED, now, now + clock, has);
      }
      now = Math.max(now, log.getLast().event().knownAt()) + random.nextLong(1000);
    }
    return log;
  }

  /** Otherwise a run of so many lives said nothing about them. */
  public void assertThatEverythingHappened(int lives) {
    assertThat(happened).hasSize(Kind.values().length);
    assertThat(happened.values()).allSatisfy(times -> assertThat(times).isGreaterThan(lives / 10));
    assertThat(List.of(setBack, setForward, wentOn))
        .allSatisfy(times -> assertThat(times).isGreaterThan(lives / 20));
    assertThat(backwards).isGreaterThan(lives / 50);
  }

  private long stepped(long clock) {
    return switch (random.nextInt(20)) {
      case 0 -> {
        setBack++;
        yield clock - HOUR;
      }
      case 1 -> {
        setForward++;
        yield clock + HOUR;
      }
      default -> clock;
    };
  }

  private void add(List<Happening> log, Kind kind, long knownAt, long second, Has has) {
    happened.merge(kind, 1, Integer::sum);
    if (!log.isEmpty() && second < log.getLast().event().second()) {
      backwards++;
    }
    log.add(
        new Happening(
            kind,
            new Event(
                switch (kind) {
                  case STARTED -> What.STARTED;
                  case RESIZED, STORAGE_RAISED -> What.RESIZED;
                  case RESTARTED -> What.RESTARTED;
                  case ENDED, DELETED, LEARNT_LATE, HOST_LOST -> What.STOPPED;
                },
                knownAt,
                second,
                random.nextInt(1_000_000_000),
                has.milliCpu,
                has.memoryMib,
                has.gpuMilli,
                has.storageGib)));
  }

  private int milliCpu() {
    return 250 * (1 + random.nextInt(64));
  }

  private int memoryMib() {
    return 1 + random.nextInt(65_536);
  }

  /** Some of one, or several whole ones. */
  private int gpuMilli() {
    return switch (random.nextInt(8)) {
      case 0 -> 1 + random.nextInt(999);
      case 1 -> 1000 * (1 + random.nextInt(8));
      default -> 0;
    };
  }

  private int storageGib() {
    return random.nextInt(3) == 0 ? random.nextInt(5_000) : 0;
  }
}
