package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RealTimeTest {

  @Test
  void anErrorInATaskIsToldAndEndsNothingElse() throws Exception {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    CompletableFuture<String> next = new CompletableFuture<>();
    Error planted = new AssertionError("planted");
    try (RealTime time = new RealTime(InstantSource.system())) {
      time.after(
          Duration.ZERO,
          () ->
              Thread.currentThread()
                  .setUncaughtExceptionHandler((_, failure) -> told.complete(failure)));
      time.after(
          Duration.ZERO,
          () -> {
            throw planted;
          });
      time.after(Duration.ZERO, () -> next.complete("done"));
      assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo("done");
      assertThat(told.get(30, TimeUnit.SECONDS)).isSameAs(planted);
    }
  }
}
