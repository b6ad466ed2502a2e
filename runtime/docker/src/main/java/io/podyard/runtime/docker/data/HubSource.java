package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.docker.web.GuardedHttp;
import io.podyard.runtime.docker.web.GuardedHttp.Answer;
import io.podyard.runtime.docker.web.Peer;
import io.podyard.runtime.docker.web.WebRefusal;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A repository of the Hugging Face hub or of a mirror of it. The revision is asked for once; all
 * files are of the commit that it stood for then, so none changes while they are read.
 */
final class HubSource {

  private static final int MOST_REDIRECTS = 5;
  private static final int LARGEST_PAGE = 8 << 20;
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40,64}");
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final GuardedHttp http;
  private final Reading reading;
  private final DataSource.Hub source;
  private final URI hub;
  private final Peer peer;

  HubSource(GuardedHttp http, Reading reading, DataSource.Hub source) {
    this.http = http;
    this.reading = reading;
    this.source = source;
    this.hub = reading.settings().hub();
    this.peer =
        new Peer(
            "the hub " + hub.getHost(),
            reading.settings().thisMachine(),
            "http".equalsIgnoreCase(hub.getScheme()),
            true,
            MOST_REDIRECTS);
  }

  /**
   * @param path in the repository
   */
  private record Found(String path, long size) {}

  void into(DataArchive archive) throws DataNotFetchedException, IOException, InterruptedException {
    String kind = source.dataSet() ? "datasets/" : "models/";
    URI repository = URI.create(hub + "/api/" + kind + source.id());
    String commit =
        page(URI.create(repository + "/revision/" + source.revision()))
            .body()
            .path("sha")
            .asString("");
    if (!COMMIT.matcher(commit).matches()) {
      throw new DataNotFetchedException(
          Reason.UNAVAILABLE, words() + " cannot be read: the hub tells no commit");
    }
    List<Found> files = list(URI.create(repository + "/tree/" + commit + "?recursive=true"));
    files.sort(Comparator.comparing(Found::path));
    reading.expect(files.stream().mapToLong(Found::size).reduce(0, Reading::sum));
    String place =
        hub + (source.dataSet() ? "/datasets/" : "/") + source.id() + "/resolve/" + commit;
    for (Found file : files) {
      TreePath path = TreePath.of(file.path());
      URI address = URI.create(place + "/" + BucketRequests.encoded(file.path(), "/"));
      archive.file(path, file.size(), false, out -> download(address, file, out));
    }
  }

  private String words() {
    return "repository " + source.id() + " of " + hub.getHost();
  }

  private List<Found> list(URI first) throws DataNotFetchedException, InterruptedException {
    List<Found> files = new ArrayList<>();
    int entries = 0;
    for (URI next = first; next != null; ) {
      Page page = page(next);
      for (JsonNode entry : page.body()) {
        long size = entry.path("size").asLong(-1);
        if (++entries > reading.settings().mostEntries() || size < 0) {
          throw new DataNotFetchedException(
              Reason.UNFIT,
              words() + " has more files than a cache can hold, or one without a size");
        }
        if (entry.path("type").asString("").equals("file")) {
          files.add(new Found(entry.path("path").asString(""), size));
        }
      }
      next = page.body().isEmpty() ? null : page.next();
    }
    return files;
  }

  /**
   * @param next null if there is none
   */
  private record Page(JsonNode body, @Nullable URI next) {}

  private Page page(URI address) throws DataNotFetchedException, InterruptedException {
    return reading.asking(words() + " cannot be read", () -> answered(address));
  }

  private Page answered(URI address)
      throws DataNotFetchedException, IOException, InterruptedException {
    try (Answer answer = ask(address, Map.of())) {
      if (answer.status() != 200) {
        throw new HttpWords(words()).refused(answer);
      }
      Matcher link = NEXT.matcher(answer.first("Link"));
      return new Page(
          JSON.readTree(answer.body().readNBytes(LARGEST_PAGE)),
          link.find() ? GuardedHttp.target(peer, address, link.group(1)) : null);
    } catch (JacksonException e) {
      throw new IOException("the hub's answer cannot be understood", e);
    } catch (WebRefusal e) {
      throw new DataNotFetchedException(Reason.REFUSED, e.words(), e, 0);
    }
  }

  private void download(URI address, Found file, OutputStream out)
      throws DataNotFetchedException, IOException, InterruptedException {
    if (file.size() > 0) {
      new FileDownload(
              reading,
              new HttpWords(words() + ", file " + TreePath.shown(file.path())),
              headers -> ask(address, headers),
              new Straight(out))
          .run(file.size(), "");
    }
  }

  private Answer ask(URI address, Map<String, String> headers)
      throws DataNotFetchedException, IOException, InterruptedException {
    try {
      return http.send(peer, "GET", address, headers, "", null);
    } catch (WebRefusal e) {
      throw new DataNotFetchedException(Reason.REFUSED, e.words(), e, 0);
    }
  }
}
