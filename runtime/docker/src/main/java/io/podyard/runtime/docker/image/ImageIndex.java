package io.podyard.runtime.docker.image;

import io.podyard.model.AccountId;
import io.podyard.runtime.HeldLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Which name stands for which image on one engine, and for whom: an image is used only for the
 * account whose credentials fetched its manifest, and for everyone if none were needed. Kept in a
 * file, so that a fresh process need not fetch again; losing it costs only that.
 */
final class ImageIndex {

  /** Account of what was fetched without credentials. */
  private static final String EVERYONE = "";

  private static final int MOST_GRANTS = 10_000;

  private final Path file;
  private Document document = new Document(List.of(), List.of());
  private @Nullable Stamp stamp;

  ImageIndex(Path file) {
    this.file = file;
  }

  /**
   * An image that was fetched.
   *
   * @param manifest digest of what the registry answered to the name
   * @param parts what it consists of; empty of what an earlier release fetched
   */
  record Kept(String origin, String manifest, String imageId, List<HeldLayer> parts) {
    Kept {
      parts = List.copyOf(Objects.requireNonNullElse(parts, List.of()));
    }

    long bytes() {
      return parts.stream().mapToLong(HeldLayer::bytes).sum();
    }
  }

  /** Who may use an image under a name. */
  record Grant(
      String account, String reference, String origin, String manifest, long fetchedAtMillis) {

    /** Null for everyone. */
    @Nullable AccountId owner() {
      return account.equals(EVERYONE) ? null : new AccountId(account);
    }
  }

  /** Who may use an image under a name, and the image. */
  record Granted(Grant grant, Kept image) {}

  record Document(List<Kept> images, List<Grant> grants) {}

  /** An image that an account may use. */
  record Usable(Kept image, Instant fetchedAt) {
    String imageId() {
      return image.imageId();
    }
  }

  private record Stamp(long modifiedMillis, long size) {}

  /**
   * The newest image that a name stands for.
   *
   * @param account null if it is not known for whom
   */
  synchronized Optional<Usable> usable(@Nullable AccountId account, ImageReference image) {
    refresh();
    return usable(account, image, _ -> true);
  }

  /**
   * The images that a name stood for, newest first.
   *
   * @param most that are told
   */
  synchronized List<Usable> named(@Nullable AccountId account, ImageReference image, int most) {
    refresh();
    return named(account, image, _ -> true).limit(most).toList();
  }

  /** The image of one digest, if a name stood for it once. */
  synchronized Optional<Usable> usable(
      @Nullable AccountId account, ImageReference image, String manifest) {
    refresh();
    return usable(account, image, grant -> grant.manifest().equals(manifest));
  }

  private Optional<Usable> usable(
      @Nullable AccountId account, ImageReference image, Predicate<Grant> which) {
    return named(account, image, which).findFirst();
  }

  private Stream<Usable> named(
      @Nullable AccountId account, ImageReference image, Predicate<Grant> which) {
    String reference = image.toString();
    return document.grants().stream()
        .filter(g -> g.reference().equals(reference))
        .filter(
            g ->
                g.account().equals(EVERYONE)
                    || (account != null && g.account().equals(account.value())))
        .filter(which)
        .sorted(Comparator.comparingLong(Grant::fetchedAtMillis).reversed())
        .flatMap(
            g ->
                known(g.origin(), g.manifest()).stream()
                    .map(kept -> new Usable(kept, Instant.ofEpochMilli(g.fetchedAtMillis()))));
  }

  /** The image that a manifest of an origin stands for. */
  synchronized Optional<Kept> known(String origin, String manifest) {
    refresh();
    return document.images().stream()
        .filter(k -> k.origin().equals(origin) && k.manifest().equals(manifest))
        .findFirst();
  }

  /** All that were fetched, whether the engine has them still or not. */
  synchronized List<Kept> images() {
    refresh();
    return document.images();
  }

  /** Whoever may use an image under a name, and that image; what was fetched last comes first. */
  synchronized List<Granted> granted() {
    refresh();
    Map<String, Kept> kept = new HashMap<>();
    document.images().forEach(image -> kept.put(image.origin() + "@" + image.manifest(), image));
    List<Granted> granted = new ArrayList<>();
    for (Grant grant : document.grants()) {
      Kept image = kept.get(grant.origin() + "@" + grant.manifest());
      if (image != null) {
        granted.add(new Granted(grant, image));
      }
    }
    granted.sort(
        Comparator.comparingLong((Granted one) -> one.grant().fetchedAtMillis()).reversed());
    return granted;
  }

  synchronized boolean knowsOrigin(String origin) {
    refresh();
    return document.images().stream().anyMatch(k -> k.origin().equals(origin));
  }

  /**
   * Notes a fetch.
   *
   * @param account null for everyone
   */
  synchronized void note(
      @Nullable AccountId account, ImageReference image, Kept kept, Instant fetchedAt) {
    refresh();
    String owner = account == null ? EVERYONE : account.value();
    String reference = image.toString();
    List<Kept> images = new ArrayList<>(document.images());
    images.removeIf(k -> k.origin().equals(kept.origin()) && k.manifest().equals(kept.manifest()));
    images.add(kept);
    List<Grant> grants = new ArrayList<>(document.grants());
    grants.removeIf(
        g ->
            g.account().equals(owner)
                && g.reference().equals(reference)
                && g.manifest().equals(kept.manifest()));
    grants.add(
        new Grant(owner, reference, kept.origin(), kept.manifest(), fetchedAt.toEpochMilli()));
    if (grants.size() > MOST_GRANTS) {
      grants.remove(0);
    }
    images.removeIf(
        k ->
            grants.stream()
                .noneMatch(
                    g -> g.origin().equals(k.origin()) && g.manifest().equals(k.manifest())));
    write(new Document(List.copyOf(images), List.copyOf(grants)));
  }

  /** Another process may have driven this engine meanwhile, over the same folder. */
  private void refresh() {
    try {
      if (!Files.exists(file)) {
        return;
      }
      Stamp now = stampOfFile();
      if (now.equals(stamp)) {
        return;
      }
      document = RegistryJson.MAPPER.readValue(Files.readAllBytes(file), Document.class);
      stamp = now;
    } catch (IOException | JacksonException e) {
      System.getLogger(ImageIndex.class.getName())
          .log(System.Logger.Level.WARNING, "the index of images " + file + " is not readable", e);
    }
  }

  private Stamp stampOfFile() throws IOException {
    return new Stamp(Files.getLastModifiedTime(file).toMillis(), Files.size(file));
  }

  private void write(Document next) {
    document = next;
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(fresh.toAbsolutePath().getParent());
      Files.write(fresh, RegistryJson.MAPPER.writeValueAsBytes(next));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      stamp = stampOfFile();
    } catch (IOException e) {
      System.getLogger(ImageIndex.class.getName())
          .log(System.Logger.Level.WARNING, "cannot write the index of images " + file, e);
    }
  }
}
