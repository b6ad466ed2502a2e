package io.podyard.controlplane.door;

import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where clients reach this server, for the addresses in answers. */
public final class PublicAddress {

  /** Path of the page about error codes, which is asked for one by the parameter {@code q}. */
  public static final String ERROR_HELP = "/errors";

  private static final ScopedValue<HttpCall> CALL = ScopedValue.newInstance();

  private final @Nullable String configured;

  /**
   * @param configured the address; null or blank to believe what clients say
   * @throws IllegalArgumentException if it is no address
   */
  public PublicAddress(@Nullable String configured) {
    this.configured =
        configured == null || configured.isBlank()
            ? null
            : URI.create(configured.strip()).toString().replaceFirst("/+$", "");
  }

  /** The address as the client of a call knows it, without a slash at its end. */
  public String of(HttpCall call) {
    return configured == null ? call.scheme() + "://" + call.host() : configured;
  }

  /** The same for the call that this thread answers. */
  public String ofThisCall() {
    return of(CALL.get());
  }

  /** Answers a call whose client may be given addresses. */
  static <T> T answering(HttpCall call, Supplier<T> answer) {
    return ScopedValue.where(CALL, call).call(answer::get);
  }
}
