package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.containergroup.ImageNames;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.HostImage;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * That a host has an image.
 *
 * @param since when it was first seen there; as of the database
 */
record HostedImage(HostId host, RegionId region, Content content, Instant since) {

  /** Pulling less than this is not worth going to another host for; as Kubernetes has it. */
  static final long SMALLEST_BYTES = 23L << 20;

  /** So many of a host are kept, those that it fetched last. */
  static final int MOST_OF_HOST = 100;

  /** For everyone. */
  static final String EVERYONE = "";

  /**
   * What is there.
   *
   * @param account the only one that may use it there; {@link #EVERYONE} if everyone may
   * @param image its name as {@link KnownImage#text}
   * @param digest what the name stood for
   * @param bytes compressed
   */
  record Content(String account, String image, String digest, long bytes) {

    /** Whether a group of that account starts from it. */
    boolean serves(AccountId whose) {
      return account.equals(EVERYONE) || account.equals(whose.value());
    }
  }

  private record Name(String account, String image) {}

  /**
   * What is kept of the images of a host.
   *
   * @param images what was fetched last comes first
   */
  static Set<Content> kept(Collection<HostImage> images) {
    Set<Content> kept = new LinkedHashSet<>();
    Set<Name> names = new HashSet<>();
    for (HostImage image : images) {
      if (kept.size() == MOST_OF_HOST) {
        break;
      }
      if (image.bytes() < SMALLEST_BYTES || !ImageNames.isName(image.image())) {
        continue;
      }
      AccountId account = image.account();
      String whose = account == null ? EVERYONE : account.value();
      String name = KnownImage.of(image.image()).text();
      if (names.add(new Name(whose, name))) {
        kept.add(new Content(whose, name, image.digest(), image.bytes()));
      }
    }
    return kept;
  }
}
