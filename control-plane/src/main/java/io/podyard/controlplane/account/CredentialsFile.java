package io.podyard.controlplane.account;

import io.podyard.controlplane.secret.PrivateFile;
import io.podyard.model.AccessKeyId;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The file {@value #NAME} in the data folder, readable by its owner only, where the access key that
 * was made at the first start can be looked up later.
 */
final class CredentialsFile {

  static final String NAME = "credentials";

  private static final String ID = "accessKeyId";
  private static final String SECRET = "accessKeySecret";

  private final PrivateFile file;

  CredentialsFile(Path dataFolder) {
    try {
      Files.createDirectories(dataFolder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the data folder " + dataFolder, e);
    }
    this.file = new PrivateFile(dataFolder.resolve(NAME));
  }

  Path path() {
    return file.path();
  }

  /**
   * What the file says, or nothing if there is none.
   *
   * @throws IllegalStateException if it does not hold a key and a secret
   */
  Optional<NewAccessKey> read() {
    return file.read().map(this::parse);
  }

  /** What the file says; made if there is none. Processes that share the folder get the same. */
  NewAccessKey readOrCreate(Supplier<NewAccessKey> first) {
    return parse(
        file.readOrCreate(
            () -> {
              NewAccessKey key = first.get();
              return ID + "=" + key.id() + "\n" + SECRET + "=" + key.secret();
            }));
  }

  private NewAccessKey parse(String text) {
    Properties values = new Properties();
    try {
      values.load(new StringReader(text));
      String id = values.getProperty(ID, "").strip();
      String secret = values.getProperty(SECRET, "").strip();
      if (!id.isEmpty() && !secret.isEmpty()) {
        return new NewAccessKey(new AccessKeyId(id), secret);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(e);
    }
    throw unreadable(null);
  }

  private IllegalStateException unreadable(@Nullable Exception cause) {
    return new IllegalStateException(
        "%s must hold the lines %s=... and %s=...; correct or remove it"
            .formatted(file.path(), ID, SECRET),
        cause);
  }
}
