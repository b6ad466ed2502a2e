package io.podyard.controlplane.ops;

import io.podyard.controlplane.settings.PodyardSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/** Results of tasks for whoever has their secret, at any process until they expire. */
@Component
public class OpsResults {

  private final OpsFiles files;
  private final Semaphore places;

  OpsResults(OpsFiles files, PodyardSettings settings) {
    this.files = files;
    this.places = new Semaphore(settings.ops().downloads());
  }

  /** A result that can be read. */
  public final class OpsResult {

    private final OpsFiles.Stored stored;

    private OpsResult(OpsFiles.Stored stored) {
      this.stored = stored;
    }

    public long bytes() {
      return stored.bytes();
    }

    /** Of the task that made it. */
    public OpsType type() {
      return stored.type();
    }

    /** Under which it is saved: letters, digits, {@code -} and {@code .}. */
    public String name() {
      return stored.name();
    }

    /**
     * Writes it, part by part; no connection is held in between.
     *
     * @throws IOException if the stream does not take it, or it expired meanwhile
     */
    public void writeTo(OutputStream out) throws IOException {
      long left = stored.bytes();
      for (int number = 0; left > 0; number++) {
        byte[] data =
            files
                .chunk(stored.file(), number)
                .orElseThrow(() -> new IOException("the result expired while it was read"));
        out.write(data);
        left -= data.length;
      }
    }
  }

  /** What a secret opens; empty if it opens nothing, or nothing any more. */
  public Optional<OpsResult> find(ResultSecret secret) {
    return files.find(secret).map(OpsResult::new);
  }

  /**
   * Takes one of the places for downloads.
   *
   * @return false if all are taken; who got one gives it back
   */
  public boolean enter() {
    return places.tryAcquire();
  }

  public void leave() {
    places.release();
  }
}
