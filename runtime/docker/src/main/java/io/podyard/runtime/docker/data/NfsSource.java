package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataNotFetchedException.Reason;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.docker.data.nfs.Nfs3;
import io.podyard.runtime.docker.data.nfs.Nfs4;
import io.podyard.runtime.docker.data.nfs.NfsBusyException;
import io.podyard.runtime.docker.data.nfs.NfsConnection;
import io.podyard.runtime.docker.data.nfs.NfsEntry;
import io.podyard.runtime.docker.data.nfs.NfsRefusal;
import io.podyard.runtime.docker.web.AddressGuard;
import io.podyard.runtime.docker.web.WebRefusal;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder of an NFS server, with all below it. All of it is listed first, so that what is too
 * large is refused before the first byte. A connection that breaks is made anew.
 */
final class NfsSource {

  private final Reading reading;
  private final DataSource.Nfs source;
  private final String words;
  private @Nullable NfsConnection open;

  NfsSource(Reading reading, DataSource.Nfs source) {
    this.reading = reading;
    this.source = source;
    this.words = "%s:%s".formatted(source.server(), TreePath.shown(source.path()));
  }

  /** Something, and where it is to be. */
  private record Placed(TreePath path, NfsEntry entry) {}

  void into(DataArchive archive) throws DataNotFetchedException, IOException, InterruptedException {
    try {
      List<Placed> all = new ArrayList<>();
      walk(TreePath.ROOT, asking(source.path(), server -> server.folder(source.path())), all);
      long bytes = 0;
      for (Placed each : all) {
        long more = each.entry().kind() == NfsEntry.Kind.FILE ? each.entry().size() : 0;
        bytes = Reading.sum(bytes, more);
      }
      reading.expect(bytes);
      for (Placed each : all) {
        add(archive, each);
      }
    } finally {
      disconnect();
    }
  }

  private void walk(TreePath path, NfsEntry folder, List<Placed> all)
      throws DataNotFetchedException, InterruptedException {
    int most = reading.settings().mostEntries();
    List<NfsEntry> found =
        new ArrayList<>(asking(path.text(), server -> server.list(folder, most)));
    found.sort(Comparator.comparing(NfsEntry::name));
    for (NfsEntry entry : found) {
      TreePath place = path.child(entry.name());
      all.add(new Placed(place, entry));
      if (all.size() > most) {
        throw new DataNotFetchedException(
            Reason.UNFIT,
            "the data has more than %d files and folders, the most that a cache can hold"
                .formatted(most));
      }
      if (entry.kind() == NfsEntry.Kind.FOLDER) {
        walk(place, entry, all);
      }
    }
  }

  private void add(DataArchive archive, Placed each)
      throws DataNotFetchedException, IOException, InterruptedException {
    NfsEntry entry = each.entry();
    switch (entry.kind()) {
      case FOLDER -> archive.folder(each.path());
      case FILE ->
          archive.file(each.path(), entry.size(), entry.executable(), out -> copy(each, out));
      case LINK ->
          archive.link(each.path(), asking(each.path().text(), server -> server.target(entry)));
      case OTHER ->
          throw new DataNotFetchedException(
              Reason.UNFIT,
              TreePath.shown(each.path().text()) + " is neither a file nor a folder nor a link");
    }
  }

  private void copy(Placed each, OutputStream out)
      throws DataNotFetchedException, IOException, InterruptedException {
    long have = 0;
    while (have < each.entry().size()) {
      long offset = have;
      byte[] bytes = asking(each.path().text(), server -> server.read(each.entry(), offset));
      reading.add(bytes.length);
      out.write(bytes);
      have += bytes.length;
    }
  }

  private interface Question<T> {
    T ask(NfsConnection server) throws IOException, NfsRefusal;
  }

  private <T> T asking(String what, Question<T> question)
      throws DataNotFetchedException, InterruptedException {
    return reading.asking(
        words + " cannot be read",
        () -> {
          try {
            return question.ask(connected());
          } catch (NfsRefusal e) {
            throw new DataNotFetchedException(
                Reason.REFUSED,
                "%s cannot be read, at %s: %s"
                    .formatted(words, TreePath.shown(what), e.getMessage()),
                e,
                0);
          } catch (NfsBusyException e) {
            throw e;
          } catch (IOException e) {
            disconnect();
            throw e;
          }
        });
  }

  private NfsConnection connected() throws DataNotFetchedException, IOException {
    NfsConnection there = open;
    if (there == null) {
      InetAddress address;
      try {
        address =
            AddressGuard.addresses(
                "the NFS server", source.server(), reading.settings().thisMachine())[0];
      } catch (WebRefusal e) {
        throw new DataNotFetchedException(Reason.REFUSED, e.words(), e, 0);
      }
      NfsConnection.Server server =
          new NfsConnection.Server(
              address,
              reading.settings().connect(),
              reading.settings().stall(),
              reading.endNanos());
      there =
          switch (source.version()) {
            case V3 -> new Nfs3(server, source.port(), source.mountPort());
            case V4 -> new Nfs4(server, source.port());
          };
      open = there;
    }
    return there;
  }

  private void disconnect() {
    NfsConnection there = open;
    open = null;
    if (there != null) {
      try {
        there.close();
      } catch (IOException e) {
        System.getLogger(NfsSource.class.getName())
            .log(System.Logger.Level.DEBUG, "closing a connection to an NFS server", e);
      }
    }
  }
}
