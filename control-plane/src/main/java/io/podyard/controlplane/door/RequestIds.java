package io.podyard.controlplane.door;

import java.util.Locale;
import java.util.UUID;

/** Ids of requests: a UUID in capitals, so nothing that JSON or a header would escape. */
public final class RequestIds {

  private RequestIds() {}

  public static String next() {
    return UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
  }
}
