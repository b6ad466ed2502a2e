package io.podyard.runtime.simulated;

import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.HeldData;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the source of a data cache has: always the same for the same words, and as much as they say
 * ({@code 300MiB}), else some MiB. One in whose words {@code missing} stands has nothing, one with
 * {@code unreachable} does not answer, and what one with {@code unkept} has no host takes.
 *
 * @param words for a source, without anything secret
 */
record SimulatedSource(String words) {

  private static final long MIB = 1024 * 1024;
  private static final int SIZES = 60;
  private static final int FILES = 20;
  private static final Pattern DECLARED = Pattern.compile("(?<![0-9])([0-9]{1,6})MiB");

  static SimulatedSource of(DataSource source) {
    return new SimulatedSource(
        switch (source) {
          case DataSource.Web web -> "URL " + web.address();
          case DataSource.Hub hub -> "URL %s@%s".formatted(hub.id(), hub.revision());
          case DataSource.Bucket bucket ->
              "OSS %s %s %s".formatted(bucket.endpoint(), bucket.bucket(), bucket.path());
          case DataSource.Nfs nfs -> "NAS %s:%s".formatted(nfs.server(), nfs.path());
          case DataSource.Copy copy -> "SNAPSHOT " + copy.cache();
        });
  }

  HeldData content() {
    return new HeldData(digest(), mib() * MIB, 1 + Math.floorMod(words.hashCode(), FILES));
  }

  private long mib() {
    Matcher declared = DECLARED.matcher(words);
    return declared.find()
        ? Long.parseLong(declared.group(1))
        : 1 + Math.floorMod(words.hashCode(), SIZES);
  }

  /** Why there is nothing to be had; empty if there is. */
  Optional<DataState.Failure> failure(long mostBytes) {
    if (words.startsWith("SNAPSHOT ")) {
      return failed(Reason.REFUSED, "what that data cache holds is kept nowhere any more");
    }
    if (words.contains("unreachable")) {
      return failed(Reason.UNAVAILABLE, words + " cannot be read: no answer in time");
    }
    if (words.contains("unkept")) {
      return failed(Reason.NOT_KEPT, "the host did not take the data");
    }
    if (words.contains("missing")) {
      return failed(Reason.REFUSED, words + " cannot be read: the server answered 404 not found");
    }
    long bytes = mib() * MIB;
    return bytes <= mostBytes
        ? Optional.empty()
        : failed(
            Reason.TOO_LARGE,
            "the data has %d bytes, the cache holds %d (%d GiB)"
                .formatted(bytes, mostBytes, mostBytes >> 30));
  }

  private static Optional<DataState.Failure> failed(Reason reason, String message) {
    return Optional.of(new DataState.Failure(reason, message));
  }

  private String digest() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(("data of " + words).getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
