package io.podyard.controlplane.app;

import io.podyard.controlplane.write.CommitPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ends or freezes the process at a named moment, for the tests that prove that it may die or stand
 * still anywhere. {@code PODYARD_CRASH_AT=<what>:<before|after>:<n>} halts it at the n-th such
 * moment, without a shutdown hook, as {@code kill -9} would; {@code PODYARD_FREEZE_AT}, of the same
 * form, stops all its threads as {@code kill -STOP} does, until {@code kill -CONT}. What is a
 * writer ({@code create}, {@code delete}, {@code transition}, {@code bind}, {@code nonce}) or a
 * call of an engine ({@code createSandbox}, {@code beginPull}, {@code createContainer}, {@code
 * startContainer}, {@code beginStop}, {@code removeContainer}, {@code removeSandbox}).
 */
final class CrashPoints implements CommitPoints {

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z]+):(before|after):([1-9][0-9]{0,8})");
  private static final int KILLED = 137;

  private final String name;
  private final Side side;
  private final AtomicInteger left;
  private final Runnable fault;

  private CrashPoints(String name, Side side, int occurrence, Runnable fault) {
    this.name = name;
    this.side = side;
    this.left = new AtomicInteger(occurrence);
    this.fault = fault;
  }

  /**
   * The points that the settings name; empty ones name none.
   *
   * @throws IllegalArgumentException if a setting is of another form
   */
  static CommitPoints of(String crashAt, String freezeAt) {
    List<CommitPoints> all = new ArrayList<>();
    if (!crashAt.isEmpty()) {
      all.add(parse("PODYARD_CRASH_AT", crashAt, () -> Runtime.getRuntime().halt(KILLED)));
    }
    if (!freezeAt.isEmpty()) {
      all.add(parse("PODYARD_FREEZE_AT", freezeAt, CrashPoints::freeze));
    }
    return all.isEmpty()
        ? CommitPoints.NONE
        : (what, when) -> all.forEach(points -> points.reached(what, when));
  }

  private static CrashPoints parse(String setting, String value, Runnable fault) {
    Matcher parts = FORM.matcher(value);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          setting + " must be <what>:<before|after>:<n>, not " + value);
    }
    return new CrashPoints(
        parts.group(1),
        Side.valueOf(parts.group(2).toUpperCase(Locale.ROOT)),
        Integer.parseInt(parts.group(3)),
        fault);
  }

  private static void freeze() {
    try {
      // It comes back from this only when somebody lets the process go on.
      new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void reached(String what, Side when) {
    if (when == side && what.equals(name) && left.decrementAndGet() == 0) {
      fault.run();
    }
  }
}
