package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.cache.CopiedBytes;
import org.springframework.stereotype.Component;

/** How many bytes hosts have of an image cache. */
@Component
public class ImageCacheBytes {

  private final CopyStore copies;

  ImageCacheBytes(CopyStore copies) {
    this.copies = copies;
  }

  /** Of one that there is. */
  public CopiedBytes of(String id) {
    return copies.copied(id);
  }
}
