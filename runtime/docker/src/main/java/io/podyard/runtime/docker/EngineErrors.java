package io.podyard.runtime.docker;

import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.exception.NotFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The engine's refusals: one type per status, and the engine's own words. */
final class EngineErrors {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private EngineErrors() {}

  static DockerException of(int status, String body) {
    return switch (status) {
      case 400 -> new BadRequestException(body);
      case 404 -> new NotFoundException(body);
      case 409 -> new ConflictException(body);
      case 500 -> new InternalServerErrorException(body);
      default -> new DockerException(body, status);
    };
  }

  /** What the engine said, without what was put around it. */
  static String words(DockerException e) {
    String text = String.valueOf(e.getMessage());
    int brace = text.indexOf('{');
    if (brace < 0) {
      return text.strip();
    }
    try {
      return JSON.readTree(text.substring(brace)).path("message").asString(text).strip();
    } catch (JacksonException notJson) {
      return text.strip();
    }
  }
}
