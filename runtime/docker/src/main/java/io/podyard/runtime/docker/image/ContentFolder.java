package io.podyard.runtime.docker.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Where what lies in a content folder.
 *
 * <pre>
 * blobs/DIGEST             whole: layers, configurations, archives of data caches
 * parts/KEY                of downloads, by origin and digest
 * served/DIGEST/ORIGIN     the origin sent the blob once
 * checked/DIGEST           what the blob is once unpacked, and was found to be
 * manifests/ORIGIN/DIGEST
 * granted/KEY/ACCOUNT      who may have a manifest, by origin and digest
 * pinned/ENGINE/CACHE/DIGEST  blobs of a manifest that stay
 * new/                     files that get their name when they are whole
 * locks
 * </pre>
 */
record ContentFolder(Path root) {

  static ContentFolder of(Path root) throws IOException {
    ContentFolder folder = new ContentFolder(root);
    Files.createDirectories(root);
    for (Path part : new Path[] {folder.blobs(), folder.parts(), folder.fresh(), folder.pins()}) {
      Files.createDirectories(part);
    }
    return folder;
  }

  FolderLocks locks() throws IOException {
    return FolderLocks.of(root);
  }

  Path blobs() {
    return root.resolve("blobs");
  }

  Path blob(String digest) {
    return blobs().resolve(file(digest));
  }

  Path parts() {
    return root.resolve("parts");
  }

  Path part(String origin, String digest) {
    return parts().resolve(key(origin, digest));
  }

  Path allServed() {
    return root.resolve("served");
  }

  Path served(String origin, String digest) {
    return allServed().resolve(file(digest)).resolve(Digest.hex(origin));
  }

  Path allChecked() {
    return root.resolve("checked");
  }

  Path checked(String digest) {
    return allChecked().resolve(file(digest));
  }

  Path manifests() {
    return root.resolve("manifests");
  }

  Path manifests(String origin) {
    return manifests().resolve(Digest.hex(origin));
  }

  Path manifest(String origin, String digest) {
    return manifests(origin).resolve(file(digest));
  }

  Path grants() {
    return root.resolve("granted");
  }

  Path grant(String origin, String digest, String who) {
    return grants().resolve(Digest.hex(origin)).resolve(file(digest)).resolve(who);
  }

  Path pins() {
    return root.resolve("pinned");
  }

  Path pins(String engine, String cache) {
    return pins().resolve(Digest.hex(engine)).resolve(Digest.hex(cache));
  }

  Path pin(String engine, String cache, String manifest) {
    return pins(engine, cache).resolve(file(manifest));
  }

  Path fresh() {
    return root.resolve("new");
  }

  /** The key of the lock that says that a blob is in use. */
  static String use(String digest) {
    return "use " + digest;
  }

  /** Writes a small file, whole or not at all. */
  void note(Path file, byte[] content) throws IOException {
    if (content.length == 0 && Files.exists(file)) {
      return;
    }
    String name = UUID.randomUUID().toString();
    try (FolderLocks.Held _ = writing(name)) {
      DurableFiles.write(file, content, fresh().resolve(name));
    }
  }

  /** Says that somebody alive writes a file that has no name yet. */
  FolderLocks.Held writing(String name) throws IOException {
    return locks()
        .tryAlone(fresh(name))
        .orElseThrow(() -> new IOException("the name " + name + " is taken"));
  }

  /** The key of the lock of whoever writes a file that has no name yet. */
  static String fresh(String name) {
    return "new " + name;
  }

  /** Removes a blob and all that is known of it. */
  void deleteBlob(String digest) throws IOException {
    Files.deleteIfExists(blob(digest));
    Files.deleteIfExists(checked(digest));
    DurableFiles.delete(allServed().resolve(file(digest)));
  }

  /** Digests have a colon, which some file systems do not like. */
  static String file(String digest) {
    return digest.replace(':', '-');
  }

  static String digest(Path file) {
    return file.getFileName().toString().replace('-', ':');
  }

  private static String key(String origin, String digest) {
    return Digest.hex(origin + "@" + digest);
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
