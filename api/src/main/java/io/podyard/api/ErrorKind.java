package io.podyard.api;

/** Who has to act on an error. */
public enum ErrorKind {
  /** The request is wrong; the caller changes it. */
  CALLER,
  /** There is not enough of something; the caller waits or asks elsewhere. */
  CAPACITY,
  /** The request does not fit the present state; the caller looks again. */
  CONFLICT,
  /** We failed; the caller may try again, the operator looks. */
  INTERNAL
}
