package io.podyard.controlplane.inventory;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Ranges that no vSwitch can have, because hosts take networks from them.
 *
 * @param ranges each {@code a.b.c.d/n}
 */
record ReservedRanges(List<CidrBlock> ranges) {

  ReservedRanges {
    ranges = List.copyOf(ranges);
  }

  /**
   * Those of the setting of the networks of Docker hosts.
   *
   * @param subnets ranges with the prefix of each network behind a colon, divided by commas; what
   *     is no range names none
   */
  static ReservedRanges of(String subnets) {
    return new ReservedRanges(
        Stream.of(subnets.split(",", -1))
            .map(part -> part.strip().split(":", 2)[0])
            .map(CidrBlock::parse)
            .flatMap(Optional::stream)
            .toList());
  }

  Optional<CidrBlock> overlapping(CidrBlock cidr) {
    return ranges.stream().filter(cidr::overlaps).findFirst();
  }
}
