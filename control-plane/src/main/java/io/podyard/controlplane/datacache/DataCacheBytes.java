package io.podyard.controlplane.datacache;

import io.podyard.controlplane.cache.CopiedBytes;
import org.springframework.stereotype.Component;

/** How many bytes hosts have of a data cache. */
@Component
public class DataCacheBytes {

  private final DataCopyStore copies;

  DataCacheBytes(DataCopyStore copies) {
    this.copies = copies;
  }

  /** Of one that there is. */
  public CopiedBytes of(String id) {
    return copies.copied(id);
  }
}
