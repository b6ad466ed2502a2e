package io.podyard.controlplane.mishap;

/** What goes on for as long as the process does, whatever goes wrong in it. */
public enum Loop {
  /** Takes, renews and drops leases of shards. */
  LEASES("leases"),
  /** Commits writes in batches. */
  WRITE("write"),
  /** Gives waiting groups their hosts. */
  WAITING("waiting"),
  /** Asks the tables for work. */
  POLL("poll"),
  /** Drives groups. */
  DRIVE("drive"),
  /** Asks hosts what they have. */
  SWEEP("sweep"),
  /** Reaches the hosts that operators declare. */
  INVENTORY("inventory"),
  /** Has hosts forget the logs of ended groups. */
  FORGET("forget"),
  /** Looks at what groups use, and makes coarser records of it. */
  SAMPLE("sample"),
  /** Makes images of containers. */
  COMMIT("commit"),
  /** Has hosts hold image caches. */
  IMAGE_CACHES("image-caches"),
  /** Has hosts hold data caches. */
  DATA_CACHES("data-caches"),
  /** Carries out operations tasks. */
  OPS("ops"),
  /** Charges accounts for hours. */
  SETTLE("settle"),
  /** Closes bills. */
  BILLS("bills"),
  /** Compares charges with budgets, and tells webhooks. */
  BUDGETS("budgets"),
  /** Removes disks from hosts. */
  VOLUMES("volumes"),
  /** Tells the other processes what was committed. */
  ANNOUNCE("announce"),
  /** Hears what other processes tell. */
  LISTEN("listen");

  private final String tag;

  Loop(String tag) {
    this.tag = tag;
  }

  /** Its name in metrics. */
  public String tag() {
    return tag;
  }
}
