package io.podyard.controlplane.cache;

import java.util.List;

/**
 * Decides which hosts hold which caches of one kind and what follows of it. Level-triggered: a plan
 * looks at what is in the tables, under the lock of the cache's row, and writes the next step; any
 * process may do it at any time, and one that dies has done nothing.
 */
public interface CachePlans {

  /**
   * Caches of which something may be to be done, in the order of their ids.
   *
   * @param after only those that follow this id
   * @param most no more than so many
   */
  List<String> due(String after, int most);

  /** Caches that are looked at less often, likewise: fewer or other hosts hold them than should. */
  List<String> poor(String after, int most);

  /** Ends what hosts hold that are lost, being emptied, or no more. */
  void leaveHosts();

  /** Takes the next step with a cache, unless somebody else is at it. */
  void plan(String id);
}
