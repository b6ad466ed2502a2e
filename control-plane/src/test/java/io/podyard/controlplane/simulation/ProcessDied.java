package io.podyard.controlplane.simulation;

/** A process ends where it is: no code of it catches this or goes on after it. */
final class ProcessDied extends Error {

  private static final long serialVersionUID = 1L;

  private final String process;

  ProcessDied(String process, String where) {
    super(process + " died " + where, null, false, false);
    this.process = process;
  }

  String process() {
    return process;
  }
}
