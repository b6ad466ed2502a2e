package io.podyard.runtime.docker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the addresses of networks are taken from.
 *
 * @param pools in the order in which they are used
 * @param enginesOwn whether the engine takes some of its own once these are used up; by default it
 *     has enough for about 30 networks
 */
public record Subnets(List<SubnetPool> pools, boolean enginesOwn) {

  private static final String ENGINE = "engine";

  /** 2048 networks of 253 groups in a range that few use, then the engine's own. */
  public static final Subnets DEFAULT = parse("10.200.0.0/13:24,engine");

  /**
   * @throws IllegalArgumentException if there would be no addresses at all
   */
  public Subnets {
    pools = List.copyOf(pools);
    if (pools.isEmpty() && !enginesOwn) {
      throw new IllegalArgumentException("networks need addresses from somewhere");
    }
  }

  /**
   * Reads a list divided by commas: pools such as {@code 10.200.0.0/13:24}, and {@code engine} for
   * the engine's own, which come last wherever they stand.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Subnets parse(String text) {
    List<SubnetPool> pools = new ArrayList<>();
    boolean enginesOwn = false;
    for (String part : text.split(",", -1)) {
      if (part.strip().equals(ENGINE)) {
        enginesOwn = true;
      } else {
        pools.add(SubnetPool.parse(part.strip()));
      }
    }
    return new Subnets(pools, enginesOwn);
  }

  /** The first subnet of the pools that overlaps none of those taken. */
  Optional<String> free(Collection<String> taken) {
    return pools.stream().flatMap(pool -> pool.free(taken).stream()).findFirst();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return Stream.concat(
            pools.stream().map(pool -> pool.range() + ":" + pool.prefix()),
            enginesOwn ? Stream.of(ENGINE) : Stream.empty())
        .collect(Collectors.joining(","));
  }
}
