package io.podyard.runtime.docker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import org.junit.jupiter.api.Test;

class TroubleTest {

  @Test
  void whatComesWithoutWordsIsTold() {
    assertThat(Trouble.words(new ConnectException())).isEqualTo("connection refused");
    assertThat(Trouble.words(new EOFException())).isEqualTo("EOFException");
    assertThat(Trouble.words(new IOException(" "))).isEqualTo("IOException");
  }

  @Test
  void wordsThatAreThereAreKept() {
    assertThat(Trouble.words(new HttpTimeoutException("after 3 s"))).isEqualTo("after 3 s");
  }
}
