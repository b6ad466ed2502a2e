package io.podyard.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import io.podyard.runtime.docker.testing.RawEngine;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class EngineCallsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static String id(String answer) throws Exception {
    try (RawEngine engine = new RawEngine(null, RawEngine.answering(answer));
        EngineCalls calls = new EngineCalls(engine.address(), Duration.ofSeconds(5))) {
      return calls.<String, RuntimeException>exchange(
          EngineRequest.get("/containers/app/json"),
          CallScope.reading(Duration.ofSeconds(5)),
          read -> JSON.readTree(read.getBody()).path("Id").asString(""));
    }
  }

  private static String answer(int length, String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + body;
  }

  @Test
  void aWholeAnswerIsRead() throws Exception {
    assertThat(id(answer(12, "{\"Id\":\"one\"}"))).isEqualTo("one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"Id\":\"o", "<html>no engine</html>"})
  void anAnswerThatCannotBeParsedMeansThatTheEngineIsUnavailable(String body) {
    assertThatThrownBy(() -> id(answer(body.length(), body)))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("is not readable");
  }

  @Test
  void anAnswerThatBreaksOffMeansThatTheEngineIsUnavailable() {
    assertThatThrownBy(() -> id(answer(100, "{\"Id\":\"o")))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("engine");
  }
}
