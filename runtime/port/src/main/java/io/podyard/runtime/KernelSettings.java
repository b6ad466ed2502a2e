package io.podyard.runtime;

/**
 * What the containers of a group have in common besides their network (contract section 11).
 *
 * @param sharedProcesses whether they see and may signal one another's processes; process 1 is then
 *     the sandbox's
 */
public record KernelSettings(boolean sharedProcesses) {

  /** What a group has that asks for nothing. */
  public static final KernelSettings DEFAULT = new KernelSettings(false);
}
