package io.podyard.controlplane.secret;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The 256-bit key that seals secrets. It is written as the Base64 form of 32 bytes, either in the
 * setting {@value #SETTING} or in the file {@value #FILE_NAME} of the data folder.
 */
public final class SecretsKey {

  /** The environment variable that gives the key; it wins over the file. */
  public static final String SETTING = "PODYARD_SECRETS_KEY";

  /** The name of the key file in the data folder. */
  public static final String FILE_NAME = "secrets.key";

  private static final int BYTES = 32;

  private final SecretKey key;
  private final String id;

  private SecretsKey(byte[] bytes) {
    this.key = new SecretKeySpec(bytes, "AES");
    this.id = idOf(bytes);
  }

  /**
   * The key of this installation: the setting where it is given and not blank, else the file, which
   * is made on first use.
   *
   * @param setting the value of {@value #SETTING}, or null where it is not set
   * @throws IllegalArgumentException if the setting or the file is not the Base64 form of 32 bytes
   * @throws java.io.UncheckedIOException if the file can neither be read nor made
   */
  public static SecretsKey of(@Nullable String setting, Path dataFolder) {
    if (setting != null && !setting.isBlank()) {
      return parse(setting, SETTING);
    }
    PrivateFile file = new PrivateFile(dataFolder.resolve(FILE_NAME));
    return parse(file.readOrCreate(SecretsKey::random), file.path().toString());
  }

  /** A new random key in the form that {@link #of} accepts. */
  public static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static SecretsKey parse(String text, String source) {
    String stripped = text.strip();
    byte[] bytes =
        decoded(stripped).orElseThrow(() -> refused(source, "the value given is not Base64"));
    if (bytes.length != BYTES) {
      throw refused(source, "the value given stands for " + bytes.length + " bytes");
    }
    return new SecretsKey(bytes);
  }

  private static Optional<byte[]> decoded(String text) {
    try {
      // Both alphabets, with or without padding: operators copy keys from many tools.
      return Optional.of(Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/')));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static IllegalArgumentException refused(String source, String found) {
    return new IllegalArgumentException(
        source
            + " must be the Base64 form of exactly "
            + BYTES
            + " bytes, as `openssl rand -base64 "
            + BYTES
            + "` prints it; "
            + found);
  }

  SecretKey key() {
    return key;
  }

  /** Names the key without giving it away: 8 hexadecimal digits. */
  public String id() {
    return id;
  }

  private static String idOf(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("podyard secrets key id\n".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(bytes), 4));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "SecretsKey[" + id + "]";
  }
}
