package io.podyard.runtime.docker.data;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/** Blobs in a folder of one process, each a file named by its digest. */
public final class FolderBlobs implements DataBlobs {

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final String PART = ".part";
  private static final int BUFFER = 1 << 16;

  private final Path folder;

  /**
   * @param folder made if it is not there; what a killed process left unfinished in it is removed
   */
  public FolderBlobs(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART)) {
        for (Path part : parts) {
          Files.deleteIfExists(part);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the folder " + folder, e);
    }
  }

  @Override
  public <E extends Exception> String put(Writer<E> writer)
      throws IOException, InterruptedException, E {
    Path part = folder.resolve(UUID.randomUUID() + PART);
    try {
      MessageDigest digest = sha256();
      try (FileChannel file =
              FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          OutputStream out =
              new BufferedOutputStream(
                  new DigestOutputStream(Channels.newOutputStream(file), digest), BUFFER)) {
        writer.to(out);
        out.flush();
        file.force(true);
      }
      String name = HexFormat.of().formatHex(digest.digest());
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
  public InputStream open(String digest) throws IOException {
    if (!DIGEST.matcher(digest).matches()) {
      throw new NoSuchFileException(digest);
    }
    String name = digest.substring(digest.indexOf(':') + 1);
    return new Checked(Files.newInputStream(folder.resolve(name)), name);
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
