package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.docker.web.GuardedHttp;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import io.podyard.runtime.docker.web.Peer;
import io.podyard.runtime.docker.web.RangedDownload;
import io.podyard.runtime.docker.web.WebRefusal;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * One file of a web server. It is put on our disk first, since its size may be told only by its
 * end, and since it may have to be read from its beginning again.
 */
final class WebSource {

  private static final int MOST_REDIRECTS = 5;
  private static final String NAMELESS = "data";

  private final GuardedHttp http;
  private final Reading reading;
  private final DataSource.Web source;
  private final Path spool;

  /**
   * @param spool a file that is not there yet, and is not there afterwards
   */
  WebSource(GuardedHttp http, Reading reading, DataSource.Web source, Path spool) {
    this.http = http;
    this.reading = reading;
    this.source = source;
    this.spool = spool;
  }

  void into(DataArchive archive) throws DataNotFetchedException, IOException, InterruptedException {
    TreePath name = name(source.address());
    HttpWords words = HttpWords.of(source.address());
    Peer peer =
        new Peer(
            "the server " + source.address().getHost(),
            reading.settings().thisMachine(),
            source.address().getScheme().equalsIgnoreCase("http"),
            true,
            MOST_REDIRECTS);
    try (Spooled spooled = new Spooled(spool)) {
      long size =
          new FileDownload(reading, words, headers -> ask(peer, headers), spooled).run(-1, "");
      archive.file(name, size, false, spooled::copyTo);
    }
  }

  private Answer ask(Peer peer, Map<String, String> headers)
      throws DataNotFetchedException, IOException, InterruptedException {
    try {
      return http.send(peer, "GET", source.address(), headers, "", null);
    } catch (WebRefusal e) {
      throw new DataNotFetchedException(Reason.REFUSED, e.words(), e, 0);
    }
  }

  /** The last name of its path; redirects do not change it. */
  private static TreePath name(URI address) throws DataNotFetchedException {
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    // Decoded by itself: what is encoded as a slash would else divide it.
    return TreePath.ROOT.child(
        last.isEmpty() ? NAMELESS : URI.create("x:/" + last).getPath().substring(1));
  }

  private static final class Spooled implements FileDownload.Into, AutoCloseable {

    private final Path path;
    private final FileChannel file;

    Spooled(Path path) throws IOException {
      this.path = path;
      this.file =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
      try {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
          file.write(buffer);
        }
      } catch (IOException e) {
        throw new RangedDownload.OwnTrouble(e);
      }
    }

    @Override
    public boolean restart() throws IOException {
      try {
        file.truncate(0);
        return true;
      } catch (IOException e) {
        throw new RangedDownload.OwnTrouble(e);
      }
    }

    void copyTo(OutputStream out) throws IOException {
      file.position(0);
      Channels.newInputStream(file).transferTo(out);
    }

    @Override
    public void close() throws IOException {
      file.close();
      Files.deleteIfExists(path);
    }
  }
}
