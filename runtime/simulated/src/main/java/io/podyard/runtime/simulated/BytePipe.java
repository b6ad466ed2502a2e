package io.podyard.runtime.simulated;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes on their way from one thread to another, few enough to be held in memory. */
final class BytePipe {

  /** As much as a pipe of an operating system holds. */
  static final int MOST_BYTES = 64 * 1024;

  private final byte[] bytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int from;
  private int filled;
  private boolean ended;
  private boolean broken;

  BytePipe() {
    this(MOST_BYTES);
  }

  BytePipe(int mostBytes) {
    bytes = new byte[mostBytes];
  }

  /**
   * Waits until all of it is in the pipe.
   *
   * @return false if nobody takes it any more
   */
  boolean write(byte[] all) {
    lock.lock();
    try {
      int at = 0;
      while (at < all.length) {
        while (filled == bytes.length && !broken) {
          changed.awaitUninterruptibly();
        }
        if (broken || ended) {
          return false;
        }
        int to = (from + filled) % bytes.length;
        int n = Math.min(all.length - at, Math.min(bytes.length - filled, bytes.length - to));
        System.arraycopy(all, at, bytes, to, n);
        at += n;
        filled += n;
        changed.signalAll();
      }
      return !broken && !ended;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for some.
   *
   * @return nothing once there will be no more
   */
  byte[] read(int most) {
    lock.lock();
    try {
      while (filled == 0 && !ended && !broken) {
        changed.awaitUninterruptibly();
      }
      if (broken) {
        return new byte[0];
      }
      byte[] some = new byte[Math.min(most, Math.min(filled, bytes.length - from))];
      System.arraycopy(bytes, from, some, 0, some.length);
      from = (from + some.length) % bytes.length;
      filled -= some.length;
      changed.signalAll();
      return some;
    } finally {
      lock.unlock();
    }
  }

  /** What is in it can still be read. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes both sides; what is in it is lost. */
  void close() {
    lock.lock();
    try {
      broken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
