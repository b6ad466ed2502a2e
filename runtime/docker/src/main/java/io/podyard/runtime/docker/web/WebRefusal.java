package io.podyard.runtime.docker.web;

import org.jspecify.annotations.Nullable;

/** A server is not asked, or not asked further; asking again would not help. */
public final class WebRefusal extends Exception {

  private static final long serialVersionUID = 1L;

  private final String words;

  WebRefusal(String words) {
    this(words, null);
  }

  WebRefusal(String words, @Nullable Throwable cause) {
    super(words, cause);
    this.words = words;
  }

  /** Why, for who named the server. */
  public String words() {
    return words;
  }
}
