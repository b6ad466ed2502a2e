package io.podyard.runtime.docker.data.nfs;

import io.podyard.runtime.docker.data.nfs.NfsEntry.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Version 3: the path is asked for at the server's mount service. */
public final class Nfs3 implements NfsConnection {

  private static final int USUAL_PORT = 2049;
  private static final int PORT_MAPPER_PORT = 111;
  private static final int PORT_MAPPER = 100000;
  private static final int GETPORT = 3;
  private static final int TCP = 6;
  private static final int MOUNT = 100005;
  private static final int MNT = 1;
  private static final int PROGRAM = 100003;

  private static final int GETATTR = 1;
  private static final int LOOKUP = 3;
  private static final int READLINK = 5;
  private static final int READ = 6;
  private static final int READDIRPLUS = 17;

  private static final int LARGEST_HANDLE = 64;
  private static final int LONGEST_TARGET = 64 * 1024;

  /** The folder itself and the one above it. */
  private static final int NOT_TOLD = 2;

  private static final int PAGE = 1 << 16;

  private final Server server;
  private final int mountPort;
  private final RpcConnection rpc;

  /**
   * @param port 0 for the usual one
   * @param mountPort 0 to ask the server's port mapper
   */
  public Nfs3(Server server, int port, int mountPort) throws IOException {
    this.server = server;
    this.mountPort = mountPort;
    this.rpc = connect(port == 0 ? USUAL_PORT : port);
  }

  private RpcConnection connect(int port) throws IOException {
    return new RpcConnection(server, port);
  }

  @Override
  public NfsEntry folder(String path) throws IOException, NfsRefusal {
    byte[] handle;
    try (RpcConnection mount = connect(mountPort == 0 ? mappedPort() : mountPort)) {
      XdrReader answer = mount.call(MOUNT, 3, MNT, new XdrWriter().string(path).bytes());
      NfsStatus.check(path, answer.integer());
      handle = answer.opaque(LARGEST_HANDLE);
    }
    XdrReader answer = call(path, GETATTR, new XdrWriter().opaque(handle));
    NfsEntry folder = Attributes.read(answer).entry("", handle);
    if (folder.kind() != Kind.FOLDER) {
      throw new NfsRefusal(path + " is no folder");
    }
    return folder;
  }

  private int mappedPort() throws IOException, NfsRefusal {
    try (RpcConnection mapper = connect(PORT_MAPPER_PORT)) {
      XdrReader answer =
          mapper.call(
              PORT_MAPPER,
              2,
              GETPORT,
              new XdrWriter().integer(MOUNT).integer(3).integer(TCP).integer(0).bytes());
      int port = answer.integer();
      if (port < 1 || port > 65535) {
        throw new NfsRefusal("the server has no mount service of NFS version 3");
      }
      return port;
    }
  }

  private XdrReader call(String what, int procedure, XdrWriter arguments)
      throws IOException, NfsRefusal {
    XdrReader answer = rpc.call(PROGRAM, 3, procedure, arguments.bytes());
    NfsStatus.check(what, answer.integer());
    return answer;
  }

  @Override
  public List<NfsEntry> list(NfsEntry folder, int most) throws IOException, NfsRefusal {
    List<NfsEntry> all = new ArrayList<>();
    long cookie = 0;
    byte[] verifier = new byte[8];
    int listed = 0;
    boolean more = true;
    while (more && listed <= most + NOT_TOLD) {
      XdrReader answer =
          call(
              "the folder " + folder.name(),
              READDIRPLUS,
              new XdrWriter()
                  .opaque(folder.handle())
                  .hyper(cookie)
                  .fixed(verifier)
                  .integer(PAGE)
                  .integer(PAGE));
      Attributes.maybe(answer);
      verifier = answer.fixed(8);
      long before = cookie;
      while (answer.bool()) {
        listed++;
        answer.hyper();
        String name = answer.string(LONGEST_NAME);
        cookie = answer.hyper();
        Attributes attributes = Attributes.maybe(answer);
        byte @Nullable [] handle = answer.bool() ? answer.opaque(LARGEST_HANDLE) : null;
        if (name.equals(".") || name.equals("..")) {
          continue;
        }
        all.add(
            attributes == null || handle == null
                ? lookup(folder, name)
                : attributes.entry(name, handle));
      }
      more = !answer.bool();
      if (more && cookie == before) {
        throw new NfsRefusal("the NFS server lists " + folder.name() + " without an end");
      }
    }
    return all;
  }

  private NfsEntry lookup(NfsEntry folder, String name) throws IOException, NfsRefusal {
    XdrReader found = call(name, LOOKUP, new XdrWriter().opaque(folder.handle()).string(name));
    byte[] handle = found.opaque(LARGEST_HANDLE);
    XdrReader answer = call(name, GETATTR, new XdrWriter().opaque(handle));
    return Attributes.read(answer).entry(name, handle);
  }

  @Override
  public byte[] read(NfsEntry file, long offset) throws IOException, NfsRefusal {
    XdrReader answer =
        call(
            file.name(),
            READ,
            new XdrWriter()
                .opaque(file.handle())
                .hyper(offset)
                .integer((int) Math.min(LARGEST_READ, file.size() - offset)));
    Attributes now = Attributes.maybe(answer);
    answer.integer();
    answer.bool();
    byte[] bytes = answer.opaque(LARGEST_READ);
    boolean same = now == null || (now.size == file.size() && now.modified == file.change());
    if (!same || bytes.length == 0) {
      throw new NfsRefusal("the file " + file.name() + " changed while it was read");
    }
    return bytes;
  }

  @Override
  public String target(NfsEntry link) throws IOException, NfsRefusal {
    XdrReader answer = call(link.name(), READLINK, new XdrWriter().opaque(link.handle()));
    Attributes.maybe(answer);
    return answer.string(LONGEST_TARGET);
  }

  /**
   * What is known of a file.
   *
   * @param modified when, in the server's form
   */
  private record Attributes(int type, int mode, long size, long modified) {

    static @Nullable Attributes maybe(XdrReader in) throws IOException {
      return in.bool() ? read(in) : null;
    }

    static Attributes read(XdrReader in) throws IOException {
      int type = in.integer();
      int mode = in.integer();
      // Links, owner, group.
      in.fixed(12);
      long size = in.hyper();
      // Used space, device, file system, number, time of the last access.
      in.fixed(40);
      long modified = in.hyper();
      // Time of the last change of these attributes.
      in.hyper();
      return new Attributes(type, mode, size, modified);
    }

    NfsEntry entry(String name, byte[] handle) throws IOException {
      return NfsEntry.of(name, handle, type, mode, size, modified);
    }
  }

  @Override
  public void close() throws IOException {
    rpc.close();
  }
}
