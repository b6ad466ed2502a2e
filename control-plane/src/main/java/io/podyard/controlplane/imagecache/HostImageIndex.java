package io.podyard.controlplane.imagecache;

import io.podyard.controlplane.containergroup.ImagesOfGroup;
import io.podyard.model.AccountId;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.CachedImage;
import io.podyard.scheduler.PlacementRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Which hosts have which images, in memory. A create asks it, so that what many groups ask for is
 * found out once until something changes.
 *
 * <p>A tag stands for what it stood for on the host that was the last to be seen with it; who has
 * something else under that name does not count.
 */
final class HostImageIndex {

  /**
   * An image that more hosts of a region have is no reason to prefer any of them: most hosts with
   * room have it, or will soon, and each pick would have to look at all of them.
   */
  static final int MOST_HOSTS = 100;

  /** So many bytes that need not be pulled are worth the whole bonus; as Kubernetes has it. */
  static final long FULL_BYTES = 1000L << 20;

  /** Names come from users: what is kept of their questions is bounded. */
  private static final int MOST_ANSWERS = 10_000;

  private static final Comparator<HostedImage> OLDEST_FIRST =
      Comparator.comparing(HostedImage::since)
          .thenComparing(image -> image.content().digest())
          .thenComparing(HostedImage::host);

  private record Name(RegionId region, String text) {}

  /** An image, and who has it. */
  private record Holders(String digest, long bytes, Set<HostId> hosts) {}

  private final Map<HostId, List<HostedImage>> ofHosts = new HashMap<>();
  private final Map<Name, List<HostedImage>> named = new HashMap<>();
  private final Map<ImagesOfGroup, Map<HostId, Integer>> answers = new ConcurrentHashMap<>();

  /** These are all. */
  synchronized void replace(Collection<HostedImage> images) {
    ofHosts.clear();
    named.clear();
    images.forEach(this::add);
    answers.clear();
  }

  /** These are all of one host. */
  synchronized void replace(HostId host, Collection<HostedImage> images) {
    ofHosts.getOrDefault(host, List.of()).forEach(this::remove);
    ofHosts.remove(host);
    images.forEach(this::add);
    answers.clear();
  }

  private void remove(HostedImage gone) {
    names(gone)
        .forEach(
            name -> {
              List<HostedImage> some = named.getOrDefault(name, List.of());
              if (some.size() == 1) {
                named.remove(name);
              } else {
                some.remove(gone);
              }
            });
  }

  private void add(HostedImage image) {
    ofHosts.computeIfAbsent(image.host(), _ -> new ArrayList<>()).add(image);
    names(image).forEach(name -> named.computeIfAbsent(name, _ -> new ArrayList<>()).add(image));
  }

  /** By what groups ask for it: the name as it was fetched, and its digest. */
  private static Stream<Name> names(HostedImage image) {
    return Stream.of(
            image.content().image(), digested(image.content().image(), image.content().digest()))
        .distinct()
        .map(text -> new Name(image.region(), text));
  }

  private static String digested(String name, String digest) {
    return new KnownImage(KnownImage.of(name).repository(), null, digest).text();
  }

  /** What one host has. */
  synchronized List<HostedImage> of(HostId host) {
    return List.copyOf(ofHosts.getOrDefault(host, List.of()));
  }

  /** Whether a host is known to have an image under that name for groups of the account. */
  synchronized boolean has(HostId host, AccountId account, String image) {
    String text = KnownImage.of(image).text();
    return ofHosts.getOrDefault(host, List.of()).stream()
        .map(HostedImage::content)
        .anyMatch(content -> content.image().equals(text) && content.serves(account));
  }

  /**
   * How much hosts have of the images of a group, see {@link PlacementRequest#imageHosts}: the
   * bytes that need not be pulled there, as a share of all, or of {@link #FULL_BYTES} if the images
   * are smaller than that. Images of which no host is known do not count.
   */
  Map<HostId, Integer> hosts(ImagesOfGroup images) {
    Map<HostId, Integer> known = answers.get(images);
    if (known != null) {
      return known;
    }
    synchronized (this) {
      Map<HostId, Integer> answer = answer(images);
      if (answers.size() >= MOST_ANSWERS) {
        answers.clear();
      }
      answers.put(images, answer);
      return answer;
    }
  }

  private Map<HostId, Integer> answer(ImagesOfGroup images) {
    Map<HostId, Long> there = new HashMap<>();
    Set<String> counted = new HashSet<>();
    long all = 0;
    for (String name : images.names()) {
      Holders holders = holders(images, name).orElse(null);
      if (holders == null || !counted.add(holders.digest())) {
        continue;
      }
      long bytes = holders.bytes();
      all += bytes;
      if (holders.hosts().size() <= MOST_HOSTS) {
        holders.hosts().forEach(host -> there.merge(host, bytes, Long::sum));
      }
    }
    long whole = Math.max(all, FULL_BYTES);
    Map<HostId, Integer> shares = new HashMap<>();
    there.forEach(
        (host, bytes) -> {
          int share = Math.toIntExact(bytes * PlacementRequest.ALL_IMAGES / whole);
          shares.put(host, Math.max(1, share));
        });
    return Map.copyOf(shares);
  }

  private Optional<Holders> holders(ImagesOfGroup images, String name) {
    String text =
        images
            .cached(name)
            .map(CachedImage::digest)
            .map(digest -> digested(name, digest))
            .orElseGet(() -> KnownImage.of(name).text());
    List<HostedImage> some =
        named.getOrDefault(new Name(images.region(), text), List.of()).stream()
            .filter(image -> image.content().serves(images.account()))
            .toList();
    return some.stream()
        .max(OLDEST_FIRST)
        .map(HostedImage::content)
        .map(
            newest -> {
              Set<HostId> hosts = new HashSet<>();
              some.stream()
                  .filter(image -> image.content().digest().equals(newest.digest()))
                  .forEach(image -> hosts.add(image.host()));
              return new Holders(newest.digest(), newest.bytes(), hosts);
            });
  }
}
