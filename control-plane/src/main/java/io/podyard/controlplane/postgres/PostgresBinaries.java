package io.podyard.controlplane.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL programs on the class path, unpacked into a cache. Unpacking takes seconds, so it
 * is done once for each archive, whatever the number of database folders.
 */
final class PostgresBinaries {

  private static final Logger log = LoggerFactory.getLogger(PostgresBinaries.class);

  private PostgresBinaries() {}

  /**
   * The folder with {@code bin}, {@code lib} and {@code share}; unpacked now if it is not there.
   * Any number of processes may do this at once.
   *
   * @throws LocalPostgresException if there is no archive for this system, or no room for it
   */
  static Path unpackedIn(Path cache) {
    String name = archiveName(System.getProperty("os.name"), System.getProperty("os.arch"));
    @Nullable URL archive = PostgresBinaries.class.getResource("/" + name + ".txz");
    if (archive == null) {
      throw new LocalPostgresException(
          "this build of Podyard carries no PostgreSQL for this system ("
              + name
              + "); build it on this system, or point SPRING_DATASOURCE_URL at a PostgreSQL");
    }
    try {
      Path folder = cache.resolve(name + "-" + checksum(archive));
      if (!Files.isDirectory(folder)) {
        log.info("Unpacking PostgreSQL into {}", folder);
        unpack(archive, cache, folder);
      }
      return folder;
    } catch (IOException e) {
      throw new LocalPostgresException("cannot unpack PostgreSQL into " + cache + ": " + e, e);
    }
  }

  /** The name of the archive in the artifacts of the binaries, without its ending. */
  static String archiveName(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "darwin" : os.replace(' ', '_');
    String architecture =
        switch (osArch) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> osArch;
        };
    return "postgres-" + system + "-" + architecture;
  }

  /** Tells one archive from the next. A jar knows it already; 15 MB need not be read for it. */
  private static String checksum(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    connection.setUseCaches(false);
    if (connection instanceof JarURLConnection inJar) {
      try (JarFile ignored = inJar.getJarFile()) {
        JarEntry entry = inJar.getJarEntry();
        if (entry != null && entry.getCrc() >= 0) {
          return HexFormat.of().toHexDigits((int) entry.getCrc());
        }
      }
    }
    CRC32 crc = new CRC32();
    try (InputStream in = archive.openStream()) {
      byte[] block = new byte[1 << 16];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        crc.update(block, 0, read);
      }
    }
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static void unpack(URL archive, Path cache, Path folder) throws IOException {
    Files.createDirectories(cache);
    Path unfinished = cache.resolve(folder.getFileName() + ".new-" + UUID.randomUUID());
    try {
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(new XZInputStream(archive.openStream()))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          unpack(tar, entry, unfinished);
        }
      }
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // A rename gives way to a folder that is there: another process has unpacked it meanwhile.
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    } finally {
      FolderTree.delete(unfinished);
    }
  }

  private static void unpack(InputStream content, TarArchiveEntry entry, Path root)
      throws IOException {
    Path target = root.resolve(entry.getName()).normalize();
    if (!target.startsWith(root)) {
      throw new IOException("the archive names a file outside of itself: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else if (entry.isFile()) {
      write(content, target);
      Files.setPosixFilePermissions(
          target,
          PosixFilePermissions.fromString(
              (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
    } else {
      throw new IOException("the archive holds a strange entry: " + entry.getName());
    }
  }

  /** Each file reaches the disk before the folder gets its name: no crash leaves empty programs. */
  private static void write(InputStream content, Path target) throws IOException {
    try (FileChannel channel =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = Channels.newOutputStream(channel)) {
      content.transferTo(out);
      channel.force(true);
    }
  }
}
