package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.image.Manifest.Descriptor;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Downloads one blob into a file, from where it broke off, and checks what it got. */
final class BlobDownload {

  private static final int LARGEST_REASON = 64 * 1024;
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-.*");

  private final RegistrySession session;
  private final Descriptor blob;
  private final FetchProgress progress;
  private final FetchTime time;
  private final Path part;
  private MessageDigest digest;
  private long have;

  BlobDownload(
      RegistrySession session, Descriptor blob, FetchProgress progress, FetchTime time, Path part) {
    this.session = session;
    this.blob = blob;
    this.progress = progress;
    this.time = time;
    this.part = part;
    this.digest = Digest.algorithm(blob.digest());
  }

  void run() throws FetchFailure, IOException, InterruptedException {
    resume();
    boolean resumed = have > 0;
    fill();
    boolean right = Digest.matches(blob.digest(), digest);
    if (resumed && !right) {
      // What was left of it may have been spoiled when the machine stopped.
      restart();
      fill();
      right = Digest.matches(blob.digest(), digest);
    }
    if (!right) {
      Files.deleteIfExists(part);
      throw FetchFailure.pull(
          "what registry "
              + session.access().host()
              + " sent as "
              + blob.digest()
              + " has another digest");
    }
  }

  private void fill() throws FetchFailure, IOException, InterruptedException {
    int failures = 0;
    while (have < blob.size()) {
      time.check();
      long before = have;
      try {
        download();
        if (have < blob.size()) {
          throw new IOException("the registry hung up after " + have + " of " + blob.size());
        }
      } catch (DiskTrouble e) {
        throw e;
      } catch (IOException e) {
        failures = have > before ? 1 : failures + 1;
        session.pauseAfter(failures, "blob " + blob.digest(), e);
      }
    }
    if (!Files.exists(part)) {
      Files.createFile(part);
    }
  }

  /** Takes over what an earlier try left. */
  private void resume() throws IOException {
    if (!Files.exists(part)) {
      return;
    }
    if (Files.size(part) > blob.size()) {
      restart();
      return;
    }
    try (InputStream in = Files.newInputStream(part)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        have += n;
      }
    }
    progress.add(have);
  }

  private void restart() throws IOException {
    Files.deleteIfExists(part);
    progress.add(-have);
    have = 0;
    digest = Digest.algorithm(blob.digest());
  }

  private void download() throws FetchFailure, IOException, InterruptedException {
    try (Answer answer = session.blob(blob.digest(), have)) {
      switch (answer.status()) {
        case 200 -> {
          if (have > 0) {
            restart();
          }
        }
        case 206 -> checkRange(answer.first("Content-Range"));
        case 416 -> {
          restart();
          throw new IOException("the registry does not know the range asked for");
        }
        default ->
            throw session.refused(
                "blob " + blob.digest(), answer.status(), answer.body().readNBytes(LARGEST_REASON));
      }
      copy(answer.body());
    }
  }

  private void checkRange(String range) throws IOException {
    Matcher matcher = CONTENT_RANGE.matcher(range);
    if (!matcher.matches() || !matcher.group(1).equals(Long.toString(have))) {
      restart();
      throw new IOException("the registry sent another range than asked for: " + range);
    }
  }

  private void copy(InputStream body) throws FetchFailure, IOException {
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out = open()) {
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        time.check();
        if (have + n > blob.size()) {
          throw FetchFailure.pull(
              "registry "
                  + session.access().host()
                  + " sent more than the "
                  + blob.size()
                  + " bytes of "
                  + blob.digest());
        }
        write(out, buffer, n);
        digest.update(buffer, 0, n);
        have += n;
        progress.add(n);
        progress.sent(n);
      }
    }
  }

  private OutputStream open() throws DiskTrouble {
    try {
      return Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new DiskTrouble(e);
    }
  }

  private static void write(OutputStream out, byte[] buffer, int length) throws DiskTrouble {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw new DiskTrouble(e);
    }
  }

  /** Our own disk is to blame; asking the registry again would not help. */
  private static final class DiskTrouble extends IOException {

    private static final long serialVersionUID = 1L;

    DiskTrouble(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
