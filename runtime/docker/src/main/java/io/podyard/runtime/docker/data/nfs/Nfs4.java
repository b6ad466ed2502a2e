package io.podyard.runtime.docker.data.nfs;

import io.podyard.runtime.docker.data.nfs.NfsEntry.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Version 4.0, which needs one port and no other service. Reading with the anonymous state (RFC
 * 7530, section 9.1.4.3) takes neither a client's name nor open files, so there is nothing to renew
 * and nothing to leave behind.
 */
public final class Nfs4 implements NfsConnection {

  private static final int USUAL_PORT = 2049;
  private static final int PROGRAM = 100003;
  private static final int COMPOUND = 1;

  private static final int GETATTR = 9;
  private static final int GETFH = 10;
  private static final int LOOKUP = 15;
  private static final int PUTFH = 22;
  private static final int PUTROOTFH = 24;
  private static final int READ = 25;
  private static final int READDIR = 26;
  private static final int READLINK = 27;

  private static final int LARGEST_HANDLE = 128;
  private static final int LONGEST_TARGET = 64 * 1024;
  private static final int PAGE = 1 << 16;

  // Attributes by their numbers: type, change, size, error of reading them, handle; mode.
  private static final int TYPE = 1;
  private static final int CHANGE = 3;
  private static final int SIZE = 4;
  private static final int ERROR = 11;
  private static final int HANDLE = 19;
  private static final int MODE = 33;

  private final RpcConnection rpc;

  /**
   * @param port 0 for the usual one
   */
  public Nfs4(Server server, int port) throws IOException {
    this.rpc = new RpcConnection(server, port == 0 ? USUAL_PORT : port);
  }

  /** Operations that are done one after another. */
  private static final class Steps {
    private final XdrWriter out = new XdrWriter();
    private int count;

    XdrWriter step(int operation) {
      count++;
      return out.integer(operation);
    }
  }

  private XdrReader compound(String what, Steps steps) throws IOException, NfsRefusal {
    XdrWriter all = new XdrWriter().string("").integer(0).integer(steps.count);
    byte[] head = all.bytes();
    byte[] rest = steps.out.bytes();
    byte[] arguments = new byte[head.length + rest.length];
    System.arraycopy(head, 0, arguments, 0, head.length);
    System.arraycopy(rest, 0, arguments, head.length, rest.length);
    XdrReader answer = rpc.call(PROGRAM, 4, COMPOUND, arguments);
    NfsStatus.check(what, answer.integer());
    answer.opaque(1024);
    answer.integer();
    return answer;
  }

  /** The head of one operation's results; the whole went well, so it did. */
  private static void began(XdrReader answer, int operation) throws IOException {
    if (answer.integer() != operation || answer.integer() != 0) {
      throw new IOException("the NFS server answered another question");
    }
  }

  @Override
  public NfsEntry folder(String path) throws IOException, NfsRefusal {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/")) {
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    Steps steps = new Steps();
    steps.step(PUTROOTFH);
    for (String name : names) {
      steps.step(LOOKUP).string(name);
    }
    steps.step(GETFH);
    attributes(steps.step(GETATTR), TYPE, CHANGE, SIZE, MODE);
    XdrReader answer = compound(path, steps);
    began(answer, PUTROOTFH);
    for (int i = 0; i < names.size(); i++) {
      began(answer, LOOKUP);
    }
    NfsEntry folder = entry("", answer);
    if (folder.kind() != Kind.FOLDER) {
      throw new NfsRefusal(path + " is no folder");
    }
    return folder;
  }

  /** After a GETFH and a GETATTR. */
  private static NfsEntry entry(String name, XdrReader answer) throws IOException, NfsRefusal {
    began(answer, GETFH);
    byte[] handle = answer.opaque(LARGEST_HANDLE);
    began(answer, GETATTR);
    return Attributes.read(answer).entry(name, handle);
  }

  @Override
  public List<NfsEntry> list(NfsEntry folder, int most) throws IOException, NfsRefusal {
    List<NfsEntry> all = new ArrayList<>();
    long cookie = 0;
    byte[] verifier = new byte[8];
    boolean more = true;
    while (more && all.size() <= most) {
      Steps steps = new Steps();
      steps.step(PUTFH).opaque(folder.handle());
      XdrWriter readdir =
          steps.step(READDIR).hyper(cookie).fixed(verifier).integer(PAGE).integer(PAGE);
      attributes(readdir, TYPE, CHANGE, SIZE, ERROR, HANDLE, MODE);
      XdrReader answer = compound("the folder " + folder.name(), steps);
      began(answer, PUTFH);
      began(answer, READDIR);
      verifier = answer.fixed(8);
      long before = cookie;
      while (answer.bool()) {
        cookie = answer.hyper();
        String name = answer.string(LONGEST_NAME);
        Attributes attributes = Attributes.read(answer);
        NfsStatus.check(name, attributes.error);
        // What another file system is mounted on has a handle of its own below the mount.
        NfsEntry entry = attributes.entry(name, attributes.handle);
        all.add(entry.kind() == Kind.FOLDER ? lookup(folder, name) : entry);
      }
      more = !answer.bool();
      if (more && cookie == before) {
        throw new NfsRefusal("the NFS server lists " + folder.name() + " without an end");
      }
    }
    return all;
  }

  private NfsEntry lookup(NfsEntry folder, String name) throws IOException, NfsRefusal {
    Steps steps = new Steps();
    steps.step(PUTFH).opaque(folder.handle());
    steps.step(LOOKUP).string(name);
    steps.step(GETFH);
    attributes(steps.step(GETATTR), TYPE, CHANGE, SIZE, MODE);
    XdrReader answer = compound(name, steps);
    began(answer, PUTFH);
    began(answer, LOOKUP);
    return entry(name, answer);
  }

  @Override
  public byte[] read(NfsEntry file, long offset) throws IOException, NfsRefusal {
    Steps steps = new Steps();
    steps.step(PUTFH).opaque(file.handle());
    attributes(steps.step(GETATTR), CHANGE, SIZE);
    steps
        .step(READ)
        .integer(0)
        .fixed(new byte[12])
        .hyper(offset)
        .integer((int) Math.min(LARGEST_READ, file.size() - offset));
    XdrReader answer = compound(file.name(), steps);
    began(answer, PUTFH);
    began(answer, GETATTR);
    Attributes now = Attributes.read(answer);
    began(answer, READ);
    answer.bool();
    byte[] bytes = answer.opaque(LARGEST_READ);
    if (now.change != file.change() || now.size != file.size() || bytes.length == 0) {
      throw new NfsRefusal("the file " + file.name() + " changed while it was read");
    }
    return bytes;
  }

  @Override
  public String target(NfsEntry link) throws IOException, NfsRefusal {
    Steps steps = new Steps();
    steps.step(PUTFH).opaque(link.handle());
    steps.step(READLINK);
    XdrReader answer = compound(link.name(), steps);
    began(answer, PUTFH);
    began(answer, READLINK);
    return answer.string(LONGEST_TARGET);
  }

  private static void attributes(XdrWriter out, int... numbers) {
    int[] words = new int[2];
    for (int number : numbers) {
      words[number / 32] |= 1 << number % 32;
    }
    out.integer(2).integer(words[0]).integer(words[1]);
  }

  /** What was asked for of a file, as far as the server gave it. */
  private static final class Attributes {

    private static final int LARGEST = 64 * 1024;

    private int type;
    private long change;
    private long size;
    private int error;
    private byte[] handle = new byte[0];
    private int mode;

    static Attributes read(XdrReader in) throws IOException {
      Attributes all = new Attributes();
      int[] words = new int[3];
      int count = in.integer();
      for (int i = 0; i < count; i++) {
        int word = in.integer();
        if (i < words.length) {
          words[i] = word;
        }
      }
      XdrReader values = new XdrReader(ByteBuffer.wrap(in.opaque(LARGEST)));
      for (int number = 0; number < 32 * words.length; number++) {
        if ((words[number / 32] & 1 << number % 32) != 0) {
          all.value(number, values);
        }
      }
      return all;
    }

    private void value(int number, XdrReader values) throws IOException {
      switch (number) {
        case TYPE -> type = values.integer();
        case CHANGE -> change = values.hyper();
        case SIZE -> size = values.hyper();
        case ERROR -> error = values.integer();
        case HANDLE -> handle = values.opaque(LARGEST_HANDLE);
        case MODE -> mode = values.integer();
        default -> throw new IOException("the NFS server tells what nobody asked for");
      }
    }

    NfsEntry entry(String name, byte[] with) throws IOException {
      return NfsEntry.of(name, with, type, mode, size, change);
    }
  }

  @Override
  public void close() throws IOException {
    rpc.close();
  }
}
