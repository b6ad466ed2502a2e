package io.podyard.runtime.docker.image;

import io.podyard.model.AccountId;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.pod.PullOrder;
import org.jspecify.annotations.Nullable;

/**
 * One image that somebody wants to have on the engine.
 *
 * @param account for whom
 * @param cached which image of that name it is to be if it can be had; null if the registry says
 * @param always whether the registry is asked nevertheless
 * @param holder for whom the content is kept as well, null for nobody
 */
record WantedImage(
    AccountId account,
    ImageReference image,
    RegistryAccess access,
    @Nullable CachedImage cached,
    boolean always,
    @Nullable String holder) {

  static WantedImage of(PullOrder order, ImageReference image) {
    return new WantedImage(
        order.account(),
        image,
        RegistryAccess.of(image, order),
        order.cached(),
        order.always(),
        null);
  }

  static WantedImage of(ImageCopyOrder order, ImageReference image, String holder) {
    return new WantedImage(
        order.account(), image, RegistryAccess.of(image, order), null, true, holder);
  }

  /** Whose the image is from then on; null for everyone. */
  @Nullable AccountId owner() {
    return access.credential() == null ? null : account;
  }
}
