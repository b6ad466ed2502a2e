package io.podyard.api.signature;

/** What checking a version 3 signature found. */
public enum SignatureCheck {
  VALID,
  /** A header that must be covered by the signature is missing or not covered. */
  HEADER_NOT_SIGNED,
  /** The body is not the one whose hash was signed. */
  BODY_CHANGED,
  /** Another secret, or a request changed on its way. */
  MISMATCH
}
