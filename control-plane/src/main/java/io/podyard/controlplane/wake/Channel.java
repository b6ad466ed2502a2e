package io.podyard.controlplane.wake;

/** What there is to tell. */
public enum Channel {
  /** Groups were written that want their driver; the words are the numbers of their shards. */
  ATTENTION("podyard_attention"),

  /** Hosts have room again; the words say nothing more. */
  CAPACITY("podyard_capacity"),

  /** Hosts do not answer just now, or do again; the words say which. */
  HOSTS("podyard_hosts");

  private final String wireName;

  Channel(String wireName) {
    this.wireName = wireName;
  }

  /** The name of the channel in the database: letters and underscores only. */
  String wireName() {
    return wireName;
  }
}
