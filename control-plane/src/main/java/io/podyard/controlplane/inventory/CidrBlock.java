package io.podyard.controlplane.inventory;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * IPv4 addresses that begin with the same bits.
 *
 * @param first the lowest address as a number of 32 bits
 * @param prefix how many bits they begin with, 0 to 32
 */
public record CidrBlock(long first, int prefix) {

  private static final int BITS = 32;
  private static final long BYTE = 255;
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

  /** The first, and the last three of which one is the gateway: nobody's, as the vendor has it. */
  private static final int KEPT = 4;

  /** The largest and the smallest that a vSwitch may have. */
  public static final int SHORTEST_PREFIX = 16;

  public static final int LONGEST_PREFIX = 29;

  /** Where private networks may be (RFC 1918). */
  private static final List<CidrBlock> PRIVATE =
      List.of(
          new CidrBlock(10L << 24, 8),
          new CidrBlock(172L << 24 | 16L << 16, 12),
          new CidrBlock(192L << 24 | 168L << 16, 16));

  /**
   * Reads {@code a.b.c.d/n}; empty if it is none, or has bits beyond its prefix.
   *
   * @param text at most 18 characters
   */
  public static Optional<CidrBlock> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    long first = 0;
    for (int i = 1; i <= 4; i++) {
      int part = Integer.parseInt(form.group(i));
      if (part > BYTE) {
        return Optional.empty();
      }
      first = first << 8 | part;
    }
    int prefix = Integer.parseInt(form.group(5));
    if (prefix > BITS || first % (1L << (BITS - prefix)) != 0) {
      return Optional.empty();
    }
    CidrBlock block = new CidrBlock(first, prefix);
    return block.toString().equals(text) ? Optional.of(block) : Optional.empty();
  }

  /** Whether a vSwitch may have it (as at the vendor: /16 to /29 of a private range). */
  public boolean fitsVSwitch() {
    return prefix >= SHORTEST_PREFIX
        && prefix <= LONGEST_PREFIX
        && PRIVATE.stream().anyMatch(this::overlaps);
  }

  public boolean overlaps(CidrBlock other) {
    return first <= other.last() && other.first <= last();
  }

  /** How many addresses groups can have. */
  public int usable() {
    return (int) ((1L << (BITS - prefix)) - KEPT);
  }

  /**
   * An address that a group can have.
   *
   * @param number from 0 to {@link #usable()}, exclusive
   */
  public String address(int number) {
    if (number < 0 || number >= usable()) {
      throw new IllegalArgumentException("%s has no address %d".formatted(this, number));
    }
    return words(first + 1 + number);
  }

  /** The host's own address: the first of the last three. */
  public String gateway() {
    return words(last() - 2);
  }

  private long last() {
    return first + (1L << (BITS - prefix)) - 1;
  }

  @Override
  public String toString() {
    return words(first) + "/" + prefix;
  }

  private static String words(long address) {
    return "%d.%d.%d.%d"
        .formatted(address >> 24 & BYTE, address >> 16 & BYTE, address >> 8 & BYTE, address & BYTE);
  }
}
