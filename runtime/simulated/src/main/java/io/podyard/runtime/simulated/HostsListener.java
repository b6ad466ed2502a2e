package io.podyard.runtime.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podyard.model.InstallationId;
import io.podyard.runtime.ExecSession;
import io.podyard.runtime.LogStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Serves a world over a Unix domain socket that only its owner can open. A lock on a file beside
 * it, which holds the process id, sees to it that there is one listener at a time; a socket file
 * without one is left from a process that was killed, and replaced.
 */
final class HostsListener implements AutoCloseable {

  static final String NOT_TAKEN = "no connection can be taken now: ";

  private static final long BETWEEN_TRIES_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final SimulatedWorld world;
  private final HostsServer server;
  private final Path socket;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final ServerSocketChannel listening;
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();

  private HostsListener(
      SimulatedWorld world,
      Path socket,
      FileChannel lockFile,
      FileLock lock,
      ServerSocketChannel listening) {
    this.world = world;
    this.server = new HostsServer(world);
    this.socket = socket;
    this.lockFile = lockFile;
    this.lock = lock;
    this.listening = listening;
  }

  /**
   * Begins to listen.
   *
   * @return empty if another process listens there
   */
  static Optional<HostsListener> listen(SimulatedWorld world, Path socket) throws IOException {
    FileChannel lockFile =
        FileChannel.open(
            socket.resolveSibling(socket.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    FileLock lock = lockFile.tryLock();
    if (lock == null) {
      lockFile.close();
      return Optional.empty();
    }
    lockFile.truncate(0);
    lockFile.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)), 0);
    // Bound under another name first, so that the socket is never there with the wrong mode.
    Path fresh = socket.resolveSibling(socket.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(fresh));
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
    Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    HostsListener listener = new HostsListener(world, socket, lockFile, lock, listening);
    Thread.ofPlatform().name("simulated-accept").start(listener::accept);
    return Optional.of(listener);
  }

  private void accept() {
    boolean told = false;
    while (listening.isOpen()) {
      try {
        serve(listening.accept());
        told = false;
      } catch (ClosedChannelException e) {
        return; // nobody else is let in
      } catch (IOException e) {
        // For want of file descriptors, say: whoever waits is let in once there are some again.
        if (!told) {
          System.err.println(NOT_TAKEN + e.getMessage());
          told = true;
        }
        LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
      }
    }
  }

  private void serve(SocketChannel channel) {
    Connection connection = new Connection();
    Peer peer = new Peer(channel, connection::received, connection::closed);
    connection.peer = peer;
    peers.add(peer);
    peer.startOneOfMany("simulated-client-" + accepted.incrementAndGet());
  }

  /** What is known of one client. */
  private final class Connection implements HostsServer.Talks {

    private @Nullable Peer peer;
    private final Set<InstallationId> watched = new HashSet<>();
    private final List<AutoCloseable> watches = new ArrayList<>();
    private boolean over;

    /** Clients of the first version do not say theirs. */
    private volatile int version = 1;

    private @Nullable ServedTalk talk;

    void received(byte[] frame) {
      ServedTalk talking = talk;
      if (talking != null) {
        talking.received(frame);
        return;
      }
      try {
        Reply.Request request = WireJson.MAPPER.readValue(frame, Reply.Request.class);
        if (request.call() instanceof Call.Hello(int spoken)) {
          version = spoken;
        }
        server.answer(request, this::watch, this, this::send);
      } catch (JacksonException e) {
        send(Reply.failure(0, Reply.Kind.INVALID, "", e.getOriginalMessage()));
        close();
      }
    }

    @Override
    public void command(long id, ExecSession session) {
      talk(id, new ServedTalk.OfCommand(Objects.requireNonNull(peer), session));
    }

    @Override
    public void log(long id, LogStream log) {
      talk(id, new ServedTalk.OfLog(Objects.requireNonNull(peer), log));
    }

    private void talk(long id, ServedTalk begun) {
      send(Reply.done(id));
      boolean late;
      synchronized (this) {
        talk = begun;
        late = over;
      }
      if (late) {
        begun.close();
      } else {
        begun.start();
      }
    }

    private synchronized void watch(InstallationId installation) {
      if (!over && watched.add(installation)) {
        watches.add(
            world.watch(
                installation,
                (host, group) ->
                    send(Reply.changed(installation.value(), host.value(), group.value()))));
      }
    }

    private void send(Reply reply) {
      if (peer != null) {
        boolean _ = peer.send(WireJson.replies(version).writeValueAsBytes(reply));
      }
    }

    private void close() {
      if (peer != null) {
        peer.close();
      }
    }

    synchronized void closed() {
      over = true;
      for (AutoCloseable watch : watches) {
        try {
          watch.close();
        } catch (Exception e) {
          throw new IllegalStateException("a watch could not be ended", e);
        }
      }
      if (talk != null) {
        talk.close();
      }
      if (peer != null) {
        peers.remove(peer);
      }
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(socket);
    listening.close();
    peers.forEach(Peer::close);
    lock.release();
    lockFile.close();
  }
}
