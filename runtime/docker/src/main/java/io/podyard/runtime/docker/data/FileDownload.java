package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import io.podyard.runtime.docker.web.RangedDownload;
import java.io.IOException;
import java.util.Map;

/** Downloads one file of a data source. */
record FileDownload(Reading reading, HttpWords words, Asking asking, Into into)
    implements RangedDownload.Source<DataNotFetchedException>,
        RangedDownload.Sink<DataNotFetchedException> {

  /** Asks for the file. */
  interface Asking {
    Answer ask(Map<String, String> headers)
        throws DataNotFetchedException, IOException, InterruptedException;
  }

  /** Takes the bytes. */
  interface Into {

    /**
     * @throws RangedDownload.OwnTrouble if our own disk is to blame
     */
    void write(byte[] bytes, int length) throws IOException;

    /** Forgets what it took; false if it cannot. */
    boolean restart() throws IOException;
  }

  /**
   * @param size if it is known already, else -1
   * @param validator a strong one if it is known already, else empty
   * @return the bytes of the file
   */
  long run(long size, String validator)
      throws DataNotFetchedException, IOException, InterruptedException {
    return new RangedDownload<>(this, this, size, validator, 0).run();
  }

  @Override
  public Answer ask(Map<String, String> headers)
      throws DataNotFetchedException, IOException, InterruptedException {
    return asking.ask(headers);
  }

  @Override
  public void check() throws DataNotFetchedException, InterruptedException {
    reading.check();
  }

  @Override
  public void pauseAfter(int failures, IOException trouble)
      throws DataNotFetchedException, InterruptedException {
    reading.pauseAfter(failures, words.failed(), trouble);
  }

  @Override
  public DataNotFetchedException refused(Answer answer) throws IOException {
    return words.refused(answer);
  }

  @Override
  public DataNotFetchedException changed() {
    return new DataNotFetchedException(
        Reason.UNAVAILABLE, words.what() + " changed while it was read", null, 0);
  }

  @Override
  public void expect(long bytes) throws DataNotFetchedException {
    reading.expect(bytes);
  }

  @Override
  public void write(byte[] bytes, int length)
      throws DataNotFetchedException, IOException, InterruptedException {
    reading.add(length);
    into.write(bytes, length);
  }

  @Override
  public boolean restart(long taken)
      throws DataNotFetchedException, IOException, InterruptedException {
    boolean forgotten = into.restart();
    if (forgotten) {
      reading.add(-taken);
    }
    return forgotten;
  }
}
