package io.podyard.runtime.simulated;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.podyard.runtime.pod.ContainerEngine.EngineView;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.ImageView;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How requests, replies and fault plans are written as JSON. */
final class WireJson {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // In a fault plan numbers may be left out and are 0 then.
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .addMixIn(ImageView.class, ImageViewJson.class)
          .addMixIn(ContainerView.Status.class, StatusJson.class)
          .addMixIn(EngineView.class, EngineViewJson.class)
          .build();

  /** For clients who know neither of messages nor of bytes. */
  private static final JsonMapper FIRST_VERSION =
      MAPPER
          .rebuild()
          .addMixIn(ContainerView.Status.Exited.class, ExitedOfFirstVersion.class)
          .addMixIn(ImageView.Present.class, PresentOfFirstVersion.class)
          .addMixIn(ImageView.Pulling.class, PullingOfFirstVersion.class)
          .build();

  /** Reads replies, also of a process that says more than is known here. */
  static final JsonMapper TOLERANT =
      MAPPER.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private WireJson() {}

  /** Writes replies to a client. */
  static JsonMapper replies(int version) {
    return version < Call.CHECKS ? FIRST_VERSION : MAPPER;
  }

  @JsonIgnoreProperties({"totalBytes", "registryBytes", "cache", "held"})
  private interface PresentOfFirstVersion {}

  @JsonIgnoreProperties("registryBytes")
  private interface PullingOfFirstVersion {}

  @JsonIgnoreProperties("message")
  private interface ExitedOfFirstVersion {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ImageView.Absent.class, name = "absent"),
    @JsonSubTypes.Type(value = ImageView.Present.class, name = "present"),
    @JsonSubTypes.Type(value = ImageView.Pulling.class, name = "pulling"),
    @JsonSubTypes.Type(value = ImageView.Failed.class, name = "failed")
  })
  private interface ImageViewJson {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = ContainerView.Status.Created.class, name = "created"),
    @JsonSubTypes.Type(value = ContainerView.Status.Running.class, name = "running"),
    @JsonSubTypes.Type(value = ContainerView.Status.Exited.class, name = "exited")
  })
  private interface StatusJson {}

  @JsonIgnoreProperties("empty")
  private interface EngineViewJson {}
}
