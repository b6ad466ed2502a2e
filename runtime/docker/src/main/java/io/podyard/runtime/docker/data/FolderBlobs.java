package io.podyard.runtime.docker.data;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Blobs in a folder, each a file named by its digest, which several processes may share. One that
 * nobody asked for in a day is removed: hosts have their own copies by then. A part is locked while
 * it is written, so what a killed process left of one is known by its lock's absence.
 */
public final class FolderBlobs implements DataBlobs {

  private static final Duration KEPT = Duration.ofDays(1);
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final String PART = ".part";
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final InstantSource clock;

  /**
   * @param folder made if it is not there
   */
  public FolderBlobs(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
    try {
      Files.createDirectories(folder);
      sweep();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the folder " + folder, e);
    }
  }

  private void sweep() throws IOException {
    FileTime oldest = FileTime.from(clock.instant().minus(KEPT));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        try {
          boolean gone =
              file.toString().endsWith(PART)
                  ? isLeft(file)
                  : Files.getLastModifiedTime(file).compareTo(oldest) < 0;
          if (gone) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException e) {
          // Somebody else removed it, or it is a blob by now.
        }
      }
    }
  }

  private static boolean isLeft(Path part) throws IOException {
    try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE);
        @Nullable FileLock lock = file.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public <E extends Exception> String put(Writer<E> writer)
      throws IOException, InterruptedException, E {
    sweep();
    Path part = folder.resolve(UUID.randomUUID() + PART);
    try (FileChannel file =
            FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileLock _ = file.lock()) {
      MessageDigest digest = sha256();
      OutputStream out =
          new BufferedOutputStream(
              new DigestOutputStream(Channels.newOutputStream(file), digest), BUFFER);
      writer.to(out);
      out.flush();
      file.force(true);
      String name = HexFormat.of().formatHex(digest.digest());
      Files.setLastModifiedTime(part, FileTime.from(clock.instant()));
      Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel names = FileChannel.open(folder)) {
        names.force(true);
      }
      return "sha256:" + name;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public boolean has(String digest) throws IOException {
    try {
      Files.setLastModifiedTime(file(digest), FileTime.from(clock.instant()));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public InputStream open(String digest) throws IOException {
    Path file = file(digest);
    return new Checked(Files.newInputStream(file), file.getFileName().toString());
  }

  private Path file(String digest) throws NoSuchFileException {
    if (!DIGEST.matcher(digest).matches()) {
      throw new NoSuchFileException(digest);
    }
    return folder.resolve(digest.substring(digest.indexOf(':') + 1));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static final class Checked extends FilterInputStream {

    private final MessageDigest digest = sha256();
    private final String expected;
    private boolean whole;

    Checked(InputStream in, String expected) {
      super(in);
      this.expected = expected;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int n = super.read(to, offset, length);
      if (n > 0) {
        digest.update(to, offset, n);
      } else if (n < 0 && !whole) {
        if (!HexFormat.of().formatHex(digest.digest()).equals(expected)) {
          throw new IOException("the blob " + expected + " is damaged: it has another digest");
        }
        whole = true;
      }
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      throw new IOException("what is skipped cannot be checked");
    }
  }
}
