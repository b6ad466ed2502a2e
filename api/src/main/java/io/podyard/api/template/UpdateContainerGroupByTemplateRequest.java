package io.podyard.api.template;

import io.podyard.api.wire.FreeText;
import org.jspecify.annotations.Nullable;

/**
 * Makes a group what a template says; it is the live group of the name that the template has.
 *
 * @param regionId null means this installation's own region
 * @param template a JSON object as ExportContainerGroupTemplate answers it
 * @param clientToken at most 64 ASCII characters; the same token and the same request changes the
 *     group once
 */
public record UpdateContainerGroupByTemplateRequest(
    @Nullable String regionId, @FreeText @Nullable String template, @Nullable String clientToken) {

  /** Never shows the template: there may be secrets in it. */
  @Override
  public String toString() {
    return "UpdateContainerGroupByTemplateRequest[regionId="
        + regionId
        + ", clientToken="
        + clientToken
        + "]";
  }
}
