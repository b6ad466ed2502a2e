package io.podyard.controlplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.podyard.controlplane.containergroup.SteppedTables.Plant;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Whole lives of installations, each drawn from a seed, with processes that die, stand still and
 * hear nothing of what they did. {@code -Dpodyard.seed=N} plays one alone and prints its story;
 * {@code -Dpodyard.seeds=N} plays so many.
 */
class LifecycleSimulationTest {

  private static final long SEEDS =
      Long.getLong("podyard.seeds", Boolean.getBoolean("podyard.long") ? 30_000 : 1_000);

  /** Seeds that are tried until a planted bug is found. */
  private static final int UNTIL_FOUND = 400;

  /**
   * Each with a database of its own: twice as many as the reference machine has cores, for half of
   * the time a thread waits for its database.
   */
  private static final int THREADS = 4;

  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.podyard");

  private static Level before;

  private record Failure(long seed, Throwable cause, List<String> story) {

    @Override
    public String toString() {
      return "seed %d (replay with -Dpodyard.seed=%d): %s%n%s%nits story:%n%s"
          .formatted(seed, seed, cause, trace(cause), String.join("\n", story));
    }

    private static String trace(Throwable cause) {
      StringWriter text = new StringWriter();
      cause.printStackTrace(new PrintWriter(text));
      return text.toString();
    }
  }

  /** Processes that lose their leases thousands of times would fill the log with it. */
  @BeforeAll
  static void beQuiet() {
    before = LOG.getLevel();
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(before);
  }

  private static Optional<Failure> play(long seed, Ground ground, Plant plant) {
    Simulation simulation = new Simulation(seed, ground, plant);
    try {
      simulation.play();
      return Optional.empty();
    } catch (Exception | Error failure) {
      return Optional.of(new Failure(seed, failure, simulation.story()));
    }
  }

  @Test
  void whateverHappensAllComesToRestAndNothingIsLeft() throws Exception {
    Long one = Long.getLong("podyard.seed");
    if (one != null) {
      try (Ground ground = new Ground()) {
        Simulation simulation = new Simulation(one, ground, Plant.NONE);
        try {
          simulation.play();
        } finally {
          simulation.story().forEach(System.out::println);
        }
      }
      return;
    }
    long began = System.nanoTime();
    AtomicLong next = new AtomicLong();
    List<Failure> failures = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        threads.execute(() -> playAll(next, failures));
      }
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    System.out.printf("%d simulated lives in %d s%n", Math.min(next.get(), SEEDS), seconds);
    if (!failures.isEmpty()) {
      throw new AssertionError(
          "%d seeds fail: %s; the first: %s"
              .formatted(
                  failures.size(),
                  failures.stream().map(Failure::seed).toList(),
                  failures.getFirst()));
    }
  }

  private static void playAll(AtomicLong next, List<Failure> failures) {
    try (Ground ground = new Ground()) {
      for (long seed = next.incrementAndGet();
          seed <= SEEDS && failures.size() < 20;
          seed = next.incrementAndGet()) {
        play(seed, ground, Plant.NONE).ifPresent(failures::add);
      }
    } catch (RuntimeException | Error e) {
      failures.add(new Failure(next.get(), e, List.of()));
    }
  }

  @Test
  void theSameSeedHasTheSameStory() throws Exception {
    try (Ground ground = new Ground();
        Ground other = new Ground()) {
      List<String> first = story(7, ground);
      assertThat(story(8, ground)).isNotEqualTo(first);
      assertThat(story(7, ground)).isEqualTo(first);
      assertThat(story(7, other)).isEqualTo(first);
    }
  }

  private static List<String> story(long seed, Ground ground) throws Exception {
    Simulation simulation = new Simulation(seed, ground, Plant.NONE);
    simulation.play();
    return simulation.story();
  }

  @ParameterizedTest
  @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aBugIsFound(Plant plant) {
    try (Ground ground = new Ground()) {
      for (long seed = 1; seed <= UNTIL_FOUND; seed++) {
        Optional<Failure> found = play(seed, ground, plant);
        if (found.isPresent()) {
          System.out.printf("%s is found by seed %d: %s%n", plant, seed, found.get().cause());
          return;
        }
      }
    }
    throw new AssertionError("%d seeds do not find %s".formatted(UNTIL_FOUND, plant));
  }
}
