package io.podyard.runtime;

/**
 * How far a host has come with a group. Which status of ECI users see is the control plane's say.
 */
public enum GroupPhase {
  /** Nothing is on the host yet, or only the sandbox. Free of charge. */
  PREPARING,
  /**
   * The first pull begins, or there was nothing to pull and the first container is made. It stays
   * so while any container has yet to run for the first time.
   */
  STARTING,
  /**
   * Init containers ended well; every other container has run at least once, unless it ended for
   * good before, and at least one runs or is between two attempts.
   */
  RUNNING,
  /**
   * Containers that were made from an older spec are being stopped, to be made anew: {@link
   * #STARTING} comes next. The sandbox and its address stay, and so does the meter.
   */
  REPLACING,
  /** All containers ended well and none will start again. */
  SUCCEEDED,
  /** All containers ended, at least one badly, or the group could not be started. */
  FAILED,
  /** The containers are being stopped because the group is to end. */
  STOPPING,
  /** No container runs any more; their end is known. What they left is being removed. */
  STOPPED,
  /** Nothing of the group is on the host any more: the runtime's proof. */
  GONE
}
