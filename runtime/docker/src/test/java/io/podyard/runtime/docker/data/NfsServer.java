package io.podyard.runtime.docker.data;

import io.podyard.runtime.DataSource;
import io.podyard.runtime.DataSource.NfsVersion;
import io.podyard.runtime.docker.testing.EngineForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An NFS server (nfs-ganesha) of a folder of this machine, in user space. */
public final class NfsServer implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/bin/ganesha.nfsd");
  private static final Path PORT_MAPPER = Path.of("/usr/sbin/rpcbind");
  private static final int PORT_MAPPER_PORT = 111;

  public final int port = ServerProcess.freePort();
  final int mountPort = ServerProcess.freePort();
  private final Path export;
  private final ServerProcess process;
  private final @Nullable ServerProcess portMapper;

  /** Skips the test, loudly, where no such server can be. */
  public static void need() {
    if (!Files.isExecutable(PROGRAM) || !Files.isExecutable(PORT_MAPPER)) {
      EngineForTests.skip("nfs-ganesha", "it is not installed");
    }
    if (!System.getProperty("user.name").equals("root")) {
      EngineForTests.skip("nfs-ganesha", "it serves for root alone");
    }
  }

  /**
   * @param folder for what it needs
   * @param export what it serves, at its own path with version 3, as /data with version 4
   */
  public NfsServer(Path folder, Path export) throws IOException, InterruptedException {
    this.export = export;
    // It takes up version 3 only where it can register it.
    if (ServerProcess.takesConnections(PORT_MAPPER_PORT)) {
      this.portMapper = null;
    } else {
      Files.createDirectories(Path.of("/run/rpcbind"));
      this.portMapper =
          ServerProcess.start(
              List.of(PORT_MAPPER.toString(), "-f"),
              PORT_MAPPER_PORT,
              folder.resolve("rpcbind.log"));
    }
    Path settings = folder.resolve("ganesha.conf");
    Files.writeString(
        settings,
        """
        NFS_CORE_PARAM {
          NFS_Port = %d; MNT_Port = %d; Bind_addr = 127.0.0.1; Protocols = 3, 4;
          Enable_NLM = false; Enable_RQUOTA = false;
        }
        NFSv4 { Graceless = true; RecoveryBackend = fs; RecoveryRoot = %s; }
        EXPORT {
          Export_Id = 7; Path = %s; Pseudo = /data; Access_Type = RO; Squash = Root_Squash;
          SecType = sys; PrivilegedPort = true; FSAL { Name = VFS; }
        }
        """
            .formatted(port, mountPort, Files.createDirectories(folder.resolve("state")), export));
    this.process =
        ServerProcess.start(
            List.of(
                PROGRAM.toString(),
                "-F",
                "-f",
                settings.toString(),
                "-L",
                folder.resolve("ganesha.log").toString(),
                "-p",
                folder.resolve("ganesha.pid").toString()),
            port,
            folder.resolve("ganesha.out"));
  }

  DataSource.Nfs source(NfsVersion version, String below) {
    return source(version, below, port);
  }

  DataSource.Nfs source(NfsVersion version, String below, int at) {
    String path = version == NfsVersion.V3 ? export.toString() : "/data";
    return new DataSource.Nfs("127.0.0.1", path + below, version, at, mountPort);
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
    if (portMapper != null) {
      portMapper.close();
    }
  }
}
