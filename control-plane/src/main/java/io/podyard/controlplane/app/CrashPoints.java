package io.podyard.controlplane.app;

import io.podyard.controlplane.write.CommitPoints;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ends the process at a named moment, for the tests that prove that it may die anywhere. {@code
 * PODYARD_CRASH_AT=<what>:<before|after>:<n>} halts it at the n-th such moment, without a shutdown
 * hook, as {@code kill -9} would. What is a writer ({@code create}, {@code delete}, {@code
 * createBatch}, {@code deleteBatch}, {@code change}, {@code transition}, {@code bind}, {@code
 * nonce}, {@code advanceCommit}, {@code finishCommit}, {@code clearCommit}, {@code beginOps},
 * {@code finishOps}, {@code clearOps}, {@code removedDisk}, {@code hostLost}, {@code giveWay},
 * {@code spotPrice}, {@code listHours}, {@code lateUsage}, {@code settle}, {@code closeBills},
 * {@code closeBillsWritten}, {@code planImageCache}, {@code heldCopy}, {@code clearCopy}, {@code
 * planDataCache}, {@code heldData}, {@code clearData}) or a call of an engine ({@code
 * createSandbox}, {@code beginPull}, {@code createContainer}, {@code startContainer}, {@code
 * beginStop}, {@code removeContainer}, {@code removeSandbox}, {@code commitImage}, {@code
 * pushImage}, {@code removeImage}, {@code beginCapture}, {@code endCapture}, {@code removeCapture},
 * {@code removeDisk}, {@code holdImages}, {@code releaseImages}, {@code holdData}, {@code
 * releaseData}).
 */
final class CrashPoints implements CommitPoints {

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z]+):(before|after):([1-9][0-9]{0,8})");
  private static final int KILLED = 137;

  private final String name;
  private final Side side;
  private final AtomicInteger left;

  private CrashPoints(String name, Side side, int occurrence) {
    this.name = name;
    this.side = side;
    this.left = new AtomicInteger(occurrence);
  }

  /**
   * The point that the setting names.
   *
   * @throws IllegalArgumentException if the setting is of another form
   */
  static CrashPoints of(String crashAt) {
    Matcher parts = FORM.matcher(crashAt);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "PODYARD_CRASH_AT must be <what>:<before|after>:<n>, not " + crashAt);
    }
    return new CrashPoints(
        parts.group(1),
        Side.valueOf(parts.group(2).toUpperCase(Locale.ROOT)),
        Integer.parseInt(parts.group(3)));
  }

  @Override
  public void reached(String what, Side when) {
    if (when == side && what.equals(name) && left.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(KILLED);
    }
  }
}
