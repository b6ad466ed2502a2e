package io.podyard.runtime.docker.image;

import io.podyard.runtime.docker.image.Manifest.Descriptor;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import io.podyard.runtime.docker.web.RangedDownload;
import io.podyard.runtime.docker.web.RangedDownload.OwnTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Map;

/** Downloads one blob into a file, from where it broke off, and checks what it got. */
final class BlobDownload implements RangedDownload.Source<FetchFailure> {

  private static final int LARGEST_REASON = 64 * 1024;

  private final RegistrySession session;
  private final Descriptor blob;
  private final FetchProgress progress;
  private final FetchTime time;
  private final Path part;

  BlobDownload(
      RegistrySession session, Descriptor blob, FetchProgress progress, FetchTime time, Path part) {
    this.session = session;
    this.blob = blob;
    this.progress = progress;
    this.time = time;
    this.part = part;
  }

  void run() throws FetchFailure, IOException, InterruptedException {
    boolean right;
    try (Part file = new Part()) {
      file.resume();
      long resumed = file.have;
      file.fill();
      right = file.isRight();
      if (resumed > 0 && !right) {
        // What was left of it may have been spoiled when the machine stopped.
        boolean _ = file.restart(file.have);
        file.fill();
        right = file.isRight();
      }
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

  @Override
  public Answer ask(Map<String, String> headers)
      throws FetchFailure, IOException, InterruptedException {
    return session.blob(blob.digest(), headers);
  }

  @Override
  public void check() throws FetchFailure {
    time.check();
  }

  @Override
  public void pauseAfter(int failures, IOException trouble)
      throws FetchFailure, InterruptedException {
    session.pauseAfter(failures, "blob " + blob.digest(), trouble);
  }

  @Override
  public FetchFailure refused(Answer answer) throws IOException {
    return session.refused(
        "blob " + blob.digest(), answer.status(), answer.body().readNBytes(LARGEST_REASON));
  }

  @Override
  public boolean knowsDigest() {
    return true;
  }

  @Override
  public FetchFailure changed() {
    return FetchFailure.pull(
        "registry "
            + session.access().host()
            + " sent more than the "
            + blob.size()
            + " bytes of "
            + blob.digest());
  }

  /** What is there of it. */
  private final class Part implements RangedDownload.Sink<FetchFailure>, AutoCloseable {

    private final FileChannel file;
    private MessageDigest digest = Digest.algorithm(blob.digest());
    private long have;

    Part() throws IOException {
      this.file =
          FileChannel.open(
              part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Takes over what an earlier try left. */
    void resume() throws IOException {
      if (file.size() > blob.size()) {
        file.truncate(0);
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

    void fill() throws FetchFailure, IOException, InterruptedException {
      if (have < blob.size()) {
        have = new RangedDownload<>(BlobDownload.this, this, blob.size(), "", have).run();
      }
    }

    boolean isRight() {
      return Digest.matches(blob.digest(), digest);
    }

    /** The manifest said it before. */
    @Override
    public void expect(long bytes) {}

    @Override
    public void write(byte[] bytes, int length) throws FetchFailure, OwnTrouble {
      time.check();
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
      try {
        while (buffer.hasRemaining()) {
          int _ = file.write(buffer);
        }
      } catch (IOException e) {
        throw new OwnTrouble(e);
      }
      digest.update(bytes, 0, length);
      progress.add(length);
      progress.sent(length);
    }

    @Override
    public boolean restart(long taken) throws OwnTrouble {
      try {
        file.truncate(0);
      } catch (IOException e) {
        throw new OwnTrouble(e);
      }
      progress.add(-taken);
      have = 0;
      digest = Digest.algorithm(blob.digest());
      return true;
    }

    @Override
    public void close() throws IOException {
      boolean nothing = file.size() == 0 && blob.size() > 0;
      file.close();
      if (nothing) {
        Files.deleteIfExists(part);
      }
    }
  }
}
