package io.podyard.runtime.pod;

import io.podyard.runtime.pod.ContainerEngine.EngineView;
import java.util.Map;

/**
 * What an engine shows of a group at one moment.
 *
 * @param images the images asked for, by name
 */
public record Observation(EngineView view, Map<String, ImageView> images) {
  public Observation {
    images = Map.copyOf(images);
  }
}
