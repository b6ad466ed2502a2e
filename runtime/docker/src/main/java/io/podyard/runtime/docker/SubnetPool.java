package io.podyard.runtime.docker;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Addresses out of which each network gets a subnet.
 *
 * @param range {@code a.b.c.d/n} with n from 8 to 28
 * @param prefix of a subnet, greater than n, at most 28
 */
public record SubnetPool(String range, int prefix) {

  /**
   * @throws IllegalArgumentException if the range or the prefix is not as said
   */
  public SubnetPool {
    Block block = Block.parse(range);
    if (block.prefix < 8 || block.prefix > 28 || prefix <= block.prefix || prefix > 28) {
      throw new IllegalArgumentException(
          "a pool of subnets needs a range of /8 to /28 and a longer prefix of at most /28, not "
              + range
              + " and /"
              + prefix);
    }
  }

  /**
   * Reads a pool.
   *
   * @param text {@code <range>:<prefix>}, for example {@code 10.200.0.0/13:24}
   * @throws IllegalArgumentException if it is none
   */
  static SubnetPool parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || !text.substring(colon + 1).matches("\\d{1,2}")) {
      throw new IllegalArgumentException(
          "a pool of subnets is written <range>:<prefix>, for example 10.200.0.0/13:24, not "
              + text);
    }
    return new SubnetPool(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** The first address for a host in a subnet; empty if it is none of four bytes. */
  static Optional<String> firstAddress(String subnet) {
    Block block = Block.parseOrNone(subnet);
    return block.first < 0 ? Optional.empty() : Optional.of(Block.address(block.first + 1));
  }

  /** Whether two networks have an address in common; those of other kinds have none. */
  static boolean overlap(String one, String other) {
    Block block = Block.parseOrNone(one);
    return block.first >= 0 && block.overlaps(Block.parseOrNone(other));
  }

  /** The first subnet that overlaps none of those taken; empty if the pool is used up. */
  Optional<String> free(Collection<String> taken) {
    Block all = Block.parse(range);
    long size = 1L << (32 - prefix);
    List<Block> inTheWay =
        taken.stream().map(Block::parseOrNone).filter(all::overlaps).distinct().toList();
    for (long at = all.first; at + size - 1 <= all.last(); at += size) {
      Block candidate = new Block(at, prefix);
      if (inTheWay.stream().noneMatch(candidate::overlaps)) {
        return Optional.of(candidate.toString());
      }
    }
    return Optional.empty();
  }

  /**
   * @param first lowest address as a number; a negative one is a block of no addresses
   */
  private record Block(long first, int prefix) {

    static Block parse(String text) {
      String[] parts = text.split("/", -1);
      String[] bytes = parts[0].split("\\.", -1);
      if (parts.length != 2 || bytes.length != 4) {
        throw new IllegalArgumentException("not of the form a.b.c.d/n: " + text);
      }
      long address = 0;
      for (String part : bytes) {
        int value = Integer.parseInt(part);
        if (value < 0 || value > 255) {
          throw new IllegalArgumentException("not of the form a.b.c.d/n: " + text);
        }
        address = address << 8 | value;
      }
      int prefix = number(parts[1], text);
      if (prefix < 0 || prefix > 32) {
        throw new IllegalArgumentException("not of the form a.b.c.d/n: " + text);
      }
      long size = 1L << (32 - prefix);
      return new Block(address / size * size, prefix);
    }

    private static int number(String digits, String text) {
      if (!digits.matches("\\d{1,3}")) {
        throw new IllegalArgumentException("not of the form a.b.c.d/n: " + text);
      }
      return Integer.parseInt(digits);
    }

    /** Networks with other kinds of addresses are in nobody's way. */
    static Block parseOrNone(String text) {
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        return new Block(-1, 32);
      }
    }

    long last() {
      return first + (1L << (32 - prefix)) - 1;
    }

    boolean overlaps(Block other) {
      return first <= other.last() && other.first <= last();
    }

    @Override
    public String toString() {
      return address(first) + "/" + prefix;
    }

    static String address(long number) {
      return (number >> 24)
          + "."
          + (number >> 16 & 255)
          + "."
          + (number >> 8 & 255)
          + "."
          + (number & 255);
    }
  }
}
