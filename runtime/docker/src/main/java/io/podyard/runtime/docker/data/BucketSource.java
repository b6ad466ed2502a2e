package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.docker.data.BucketListing.Found;
import io.podyard.runtime.docker.web.GuardedHttp;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of a bucket below a path, or the one object that has exactly that name. They are
 * listed first, so that what is too large is refused before the first byte.
 */
final class BucketSource {

  private final Reading reading;
  private final DataSource.Bucket source;
  private final BucketRequests requests;

  BucketSource(GuardedHttp http, Reading reading, DataSource.Bucket source) {
    this.reading = reading;
    this.source = source;
    this.requests = new BucketRequests(http, source, reading.settings().thisMachine());
  }

  void into(DataArchive archive) throws DataNotFetchedException, IOException, InterruptedException {
    String prefix = source.path().isEmpty() ? "" : source.path() + "/";
    List<Found> found = list(prefix);
    if (found.isEmpty() && !prefix.isEmpty()) {
      found = list(source.path()).stream().filter(o -> o.key().equals(source.path())).toList();
      prefix = source.path().substring(0, source.path().lastIndexOf('/') + 1);
    }
    if (found.isEmpty()) {
      throw new DataNotFetchedException(
          Reason.REFUSED,
          requests.words("").what()
              + (source.path().isEmpty()
                  ? " is empty"
                  : " has nothing named " + TreePath.shown(source.path())));
    }
    reading.expect(found.stream().mapToLong(Found::size).reduce(0, Reading::sum));
    for (Found object : found) {
      add(archive, object, object.key().substring(prefix.length()));
    }
  }

  private List<Found> list(String prefix) throws DataNotFetchedException, InterruptedException {
    List<Found> found = new ArrayList<>();
    String next = "";
    do {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("list-type", "2");
      query.put("encoding-type", "url");
      if (!prefix.isEmpty()) {
        query.put("prefix", prefix);
      }
      if (!next.isEmpty()) {
        query.put("continuation-token", next);
      }
      BucketListing page =
          reading.asking(requests.words("").what() + " cannot be listed", () -> page(query));
      if (!page.next().isEmpty() && (page.next().equals(next) || page.objects().isEmpty())) {
        throw new DataNotFetchedException(
            Reason.UNAVAILABLE, requests.words("").what() + " lists its objects without an end");
      }
      found.addAll(page.objects());
      if (found.size() > reading.settings().mostEntries()) {
        throw new DataNotFetchedException(
            Reason.UNFIT,
            "the data has more than %d objects, the most that a cache can hold"
                .formatted(reading.settings().mostEntries()));
      }
      next = page.next();
    } while (!next.isEmpty());
    return found;
  }

  private BucketListing page(Map<String, String> query)
      throws DataNotFetchedException, IOException, InterruptedException {
    try (Answer answer = requests.send("GET", "", query, Map.of(), null)) {
      if (answer.status() != 200) {
        throw requests.words("").refused(answer);
      }
      return BucketListing.parse(answer.body());
    }
  }

  private void add(DataArchive archive, Found object, String name)
      throws DataNotFetchedException, IOException, InterruptedException {
    if (name.isEmpty()) {
      // The mark of the folder itself.
      return;
    }
    if (name.endsWith("/")) {
      if (object.size() > 0) {
        throw new DataNotFetchedException(
            Reason.UNFIT,
            "object %s is named as a folder and has %d bytes"
                .formatted(TreePath.shown(object.key()), object.size()));
      }
      archive.folder(TreePath.of(name.substring(0, name.length() - 1)));
      return;
    }
    archive.file(TreePath.of(name), object.size(), false, out -> download(object, out));
  }

  private void download(Found object, OutputStream out)
      throws DataNotFetchedException, IOException, InterruptedException {
    if (object.size() == 0) {
      return;
    }
    new FileDownload(
            reading,
            requests.words(object.key()),
            headers -> {
              Map<String, String> all = new LinkedHashMap<>(headers);
              if (!object.tag().isEmpty()) {
                all.put("If-Match", object.tag());
              }
              return requests.send("GET", object.key(), Map.of(), all, null);
            },
            new Straight(out))
        .run(object.size(), object.tag());
  }
}
