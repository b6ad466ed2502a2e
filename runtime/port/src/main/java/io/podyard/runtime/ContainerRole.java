package io.podyard.runtime;

/** What a container is to its group (contract section 5). */
public enum ContainerRole {
  /** The group lives as long as one of these does. */
  NORMAL,
  /** Stopped once all normal containers ended for good; says nothing about how the group ended. */
  SIDECAR
}
