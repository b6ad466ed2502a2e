package io.podyard.runtime.docker.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;

/** What went wrong on the way to an engine or a registry, in words; many exceptions have none. */
public final class Trouble {

  private Trouble() {}

  public static String words(IOException trouble) {
    String message = trouble.getMessage();
    if (message != null && !message.isBlank()) {
      return message;
    }
    return switch (trouble) {
      case ConnectException _ -> "connection refused";
      case UnknownHostException _ -> "unknown host";
      case HttpTimeoutException _ -> "no answer in time";
      case ClosedChannelException _ -> "connection closed";
      default -> trouble.getClass().getSimpleName();
    };
  }
}
