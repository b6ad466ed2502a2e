package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The archive of a tree of files. Equal trees, in equal order, give equal bytes: owners, times and
 * all of the modes but who may execute are not kept.
 */
final class DataArchive {

  private static final int FILE = 0644;
  private static final int EXECUTABLE = 0755;
  private static final int FOLDER = 0755;
  private static final int LINK = 0777;

  private enum Kind {
    FOLDER,
    OTHER
  }

  private final TarArchiveOutputStream tar;
  private final Reading reading;
  private final Map<String, Kind> entries = new HashMap<>();

  DataArchive(OutputStream out, Reading reading) {
    this.tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    this.reading = reading;
  }

  /** A folder, and those above it; it may be there already. */
  void folder(TreePath path) throws DataNotFetchedException, IOException, InterruptedException {
    TreePath parent = path.parent();
    if (parent == null) {
      return;
    }
    Kind there = entries.get(path.text());
    if (there == Kind.FOLDER) {
      return;
    }
    folder(parent);
    add(path, Kind.FOLDER);
    write(new TarArchiveEntry(path.text() + "/", true), FOLDER);
    tar.closeArchiveEntry();
  }

  /** Writes the bytes of one file. */
  interface Content {
    void to(OutputStream out) throws DataNotFetchedException, IOException, InterruptedException;
  }

  /**
   * @param size of what the content writes
   */
  void file(TreePath path, long size, boolean executable, Content content)
      throws DataNotFetchedException, IOException, InterruptedException {
    place(path);
    TarArchiveEntry entry = new TarArchiveEntry(path.text(), true);
    entry.setSize(size);
    write(entry, executable ? EXECUTABLE : FILE);
    content.to(tar);
    tar.closeArchiveEntry();
  }

  void link(TreePath path, String target)
      throws DataNotFetchedException, IOException, InterruptedException {
    path.checkTarget(target);
    place(path);
    TarArchiveEntry entry = new TarArchiveEntry(path.text(), TarConstants.LF_SYMLINK, true);
    entry.setLinkName(target);
    write(entry, LINK);
    tar.closeArchiveEntry();
  }

  private void place(TreePath path)
      throws DataNotFetchedException, IOException, InterruptedException {
    TreePath parent = path.parent();
    if (parent != null) {
      folder(parent);
    }
    add(path, Kind.OTHER);
  }

  private void add(TreePath path, Kind kind) throws DataNotFetchedException, InterruptedException {
    reading.entry();
    if (entries.putIfAbsent(path.text(), kind) != null) {
      throw new DataNotFetchedException(
          Reason.UNFIT,
          TreePath.shown(path.text())
              + " is there twice, as a file and as a folder or as two files");
    }
  }

  private void write(TarArchiveEntry entry, int mode) throws IOException {
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setUserName("");
    entry.setGroupName("");
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
  }

  /** Ends the archive, and leaves open what it was written to. */
  void finish() throws IOException {
    tar.finish();
    tar.flush();
  }
}
