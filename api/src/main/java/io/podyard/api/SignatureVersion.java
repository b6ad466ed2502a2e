package io.podyard.api;

/** How a client signs (contract section 3). */
public enum SignatureVersion {
  /** HMAC-SHA1 over the parameters, which travel in a form body. */
  V1,
  /** HMAC-SHA256 over query, headers and body; the parameters travel in the query. */
  V3
}
