package io.podyard.controlplane.door.rest;

import io.podyard.api.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the document says of an operation.
 *
 * @param topic under which it is listed
 * @param summary a few words
 * @param description sentences
 * @param errors codes it can answer besides those that every operation can
 * @param example a body to start from; null if there is no body
 * @param answerExample an answer, where its fields alone do not say enough; else null
 */
record RouteText(
    String topic,
    String summary,
    String description,
    List<ErrorCode> errors,
    @Nullable String example,
    @Nullable String answerExample) {

  static final String GROUPS = "Container groups";
  static final String CONTAINERS = "Containers";
  static final String VOLUMES = "Volumes";
  static final String IMAGE_CACHES = "Image caches";
  static final String DATA_CACHES = "Data caches";
  static final String NETWORK = "Network";
  static final String TAGS = "Tags";
  static final String USAGE = "Usage";
  static final String BILLS = "Bills";
  static final String REGIONS = "Regions";
  static final String ADMINISTRATION = "Administration";

  RouteText {
    errors = List.copyOf(errors);
  }

  static RouteText of(String topic, String summary, String description) {
    return new RouteText(topic, summary, description, List.of(), null, null);
  }

  RouteText errors(ErrorCode... codes) {
    return new RouteText(topic, summary, description, List.of(codes), example, answerExample);
  }

  RouteText example(String json) {
    return new RouteText(topic, summary, description, errors, json, answerExample);
  }

  RouteText answerExample(String json) {
    return new RouteText(topic, summary, description, errors, example, json);
  }
}
