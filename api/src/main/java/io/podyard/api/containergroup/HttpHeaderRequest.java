package io.podyard.api.containergroup;

import org.jspecify.annotations.Nullable;

/** A header a hook sends. */
public record HttpHeaderRequest(@Nullable String name, @Nullable String value) {

  /** Never shows the value: it may be a secret. */
  @Override
  public String toString() {
    return "HttpHeaderRequest[name=" + name + ", value=" + (value == null ? "null" : "***") + "]";
  }
}
