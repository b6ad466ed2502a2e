package io.podyard.runtime;

/** When an image is fetched before its container is made. */
public enum PullPolicy {
  ALWAYS,
  IF_NOT_PRESENT,
  NEVER
}
