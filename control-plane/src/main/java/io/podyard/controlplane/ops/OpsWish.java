package io.podyard.controlplane.ops;

import io.podyard.runtime.CaptureFilter;
import io.podyard.runtime.Occurrence;

/** What a task is to bring, and what the events of its group say of it. */
sealed interface OpsWish {

  OpsType type();

  /** It is under way from now on. */
  Occurrence begun();

  /** It ended without a result, and not because of a failure. */
  Occurrence closed();

  Occurrence failed(String why);

  /**
   * Packets in the network of the group.
   *
   * @param image that captures
   */
  record Packets(CaptureFilter filter, String image) implements OpsWish {

    @Override
    public OpsType type() {
      return OpsType.TCPDUMP;
    }

    @Override
    public Occurrence begun() {
      return Occurrence.normal(
          "CaptureStarted", "Packets of the group's network are being captured.");
    }

    Occurrence stored() {
      return Occurrence.normal("CaptureStored", "The captured packets can be downloaded.");
    }

    @Override
    public Occurrence closed() {
      return Occurrence.normal("CaptureClosed", "The capture of packets ended before it had any.");
    }

    @Override
    public Occurrence failed(String why) {
      return Occurrence.warning("CaptureFailed", "Packets could not be captured: " + why);
    }
  }

  /** The core dump of the next container that crashes. */
  record CoreDump() implements OpsWish {

    @Override
    public OpsType type() {
      return OpsType.COREDUMP;
    }

    @Override
    public Occurrence begun() {
      return Occurrence.normal(
          "CoreDumpEnabled", "The core dump of the next container that crashes will be kept.");
    }

    Occurrence stored(String container, int exitCode) {
      return Occurrence.normal(
          "CoreDumpStored",
          "The core dump of container %s, which ended with exit code %d, can be downloaded."
              .formatted(container, exitCode));
    }

    @Override
    public Occurrence closed() {
      return Occurrence.normal("CoreDumpDisabled", "Core dumps are not kept any more.");
    }

    @Override
    public Occurrence failed(String why) {
      return Occurrence.warning("CoreDumpFailed", "No core dump could be kept: " + why);
    }
  }
}
