package io.podyard.runtime.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The ranges that this machine has routes to, as the kernel lists them: a network of the engine in
 * one of them would hide whatever is there.
 */
final class HostRanges {

  private static final int DESTINATION = 1;
  private static final int MASK = 7;

  private HostRanges() {}

  /**
   * Reads {@code /proc/net/route}; empty where there is no such file.
   *
   * @return {@code a.b.c.d/n}, without the default route
   */
  static List<String> of(Path routes) {
    List<String> ranges = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(routes)) {
        String[] columns = line.strip().split("\\s+");
        if (columns.length > MASK && columns[MASK].matches("[0-9A-F]{8}")) {
          int prefix = Integer.bitCount(Integer.parseUnsignedInt(columns[MASK], 16));
          if (prefix > 0) {
            ranges.add(address(columns[DESTINATION]) + "/" + prefix);
          }
        }
      }
    } catch (IOException e) {
      System.getLogger(HostRanges.class.getName())
          .log(System.Logger.Level.DEBUG, "this machine's routes are not known", e);
    }
    return ranges;
  }

  /** The kernel writes the bytes in the order of the machine: the last one first. */
  private static String address(String hex) {
    int bytes = Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16));
    return (bytes >>> 24)
        + "."
        + (bytes >> 16 & 255)
        + "."
        + (bytes >> 8 & 255)
        + "."
        + (bytes & 255);
  }
}
