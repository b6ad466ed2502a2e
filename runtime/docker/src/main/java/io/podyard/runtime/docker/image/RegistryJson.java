package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.web.Busy;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The small documents that registries send. */
final class RegistryJson {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final int LARGEST_REASON = 64 * 1024;
  private static final int LONGEST_REASON = 500;

  private RegistryJson() {}

  static byte[] read(InputStream in, int most) throws IOException {
    byte[] bytes = in.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new IOException("the registry's answer is larger than " + most + " bytes");
    }
    return bytes;
  }

  static JsonNode parse(byte[] bytes) throws FetchFailure {
    try {
      return MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw FetchFailure.pull("the registry's answer is no JSON", e);
    }
  }

  /** What a registry says that cannot answer now. */
  static Busy busy(Answer answer) throws IOException {
    String reasons = errors(answer.body().readNBytes(LARGEST_REASON));
    String word = answer.status() == 429 ? "429 too many requests" : "status " + answer.status();
    return new Busy(word + reasons, answer);
  }

  /** The registry's own reasons, with a colon before; empty if it gave none. */
  static String errors(byte[] body) {
    List<String> reasons = new ArrayList<>();
    try {
      JsonNode json = MAPPER.readTree(body);
      for (JsonNode error : json.path("errors")) {
        String code = error.path("code").asString("");
        String message = error.path("message").asString("");
        reasons.add(code.isEmpty() || message.isEmpty() ? code + message : code + ": " + message);
      }
      if (reasons.isEmpty()) {
        String message = json.path("message").asString(json.path("details").asString(""));
        if (!message.isEmpty()) {
          reasons.add(message);
        }
      }
    } catch (JacksonException e) {
      return "";
    }
    String all = String.join("; ", reasons);
    if (all.isEmpty()) {
      return "";
    }
    return ": " + (all.length() > LONGEST_REASON ? all.substring(0, LONGEST_REASON) : all);
  }
}
