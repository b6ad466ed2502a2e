package io.podyard.controlplane.ops;

import java.util.Arrays;
import java.util.Optional;

/** What operations tasks there are, by the names of the contract (section 15). */
public enum OpsType {
  /** Captures packets in a group's network. */
  TCPDUMP("tcpdump", ".pcap"),

  /** Keeps the core dump of the next container of a group that crashes. */
  COREDUMP("coredump", ".core");

  private final String wireName;
  private final String suffix;

  OpsType(String wireName, String suffix) {
    this.wireName = wireName;
    this.suffix = suffix;
  }

  static Optional<OpsType> named(String wireName) {
    return Arrays.stream(values()).filter(type -> type.wireName.equals(wireName)).findFirst();
  }

  String wireName() {
    return wireName;
  }

  /** Of the names of its results. */
  String suffix() {
    return suffix;
  }
}
