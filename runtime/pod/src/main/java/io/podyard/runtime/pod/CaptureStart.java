package io.podyard.runtime.pod;

import io.podyard.runtime.CaptureOrder;
import io.podyard.runtime.CaptureRefusedException;
import io.podyard.runtime.Fence;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import java.util.List;

/** Brings a capture's image to the host and begins it beside the group's containers. */
final class CaptureStart {

  private CaptureStart() {}

  /**
   * @return false as long as the image is being fetched
   */
  static boolean begin(ContainerEngine engine, CaptureOrder order, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException, CaptureRefusedException {
    SandboxView sandbox =
        engine.view(order.installation(), order.group()).sandboxes().stream()
            .filter(SandboxView::running)
            .findFirst()
            .orElseThrow(
                () -> new CaptureRefusedException("the group has no network at the moment"));
    switch (engine.image(order.group(), order.image())) {
      case ImageView.Present _ -> {}
      case ImageView.Pulling _ -> {
        return false;
      }
      case ImageView.Absent _ -> {
        engine.beginPull(pull(order), fence);
        return false;
      }
      case ImageView.Failed _ -> {
        // A fetch of an earlier capture may have failed; this one's own fails for good.
        engine.beginPull(pull(order), fence);
        if (engine.image(order.group(), order.image()) instanceof ImageView.Failed failed) {
          throw new CaptureRefusedException(
              "the image %s cannot be fetched: %s".formatted(order.image(), failed.message()));
        }
        return false;
      }
    }
    try {
      engine.beginCapture(sandbox.engineId(), order, fence);
    } catch (CaptureRefusedException e) {
      throw new CaptureRefusedException(PlainWords.message(String.valueOf(e.getMessage())), e);
    }
    return true;
  }

  private static PullOrder pull(CaptureOrder order) {
    return new PullOrder(
        order.account(),
        order.group(),
        order.image(),
        order.retry(),
        List.of(),
        List.of(),
        List.of());
  }
}
