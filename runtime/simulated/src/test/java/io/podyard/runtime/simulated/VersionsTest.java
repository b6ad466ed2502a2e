package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.CachedImage;
import io.podyard.runtime.CheckResult;
import io.podyard.runtime.CommitOrder;
import io.podyard.runtime.CopyProgress;
import io.podyard.runtime.DataCopyOrder;
import io.podyard.runtime.DataNotFetchedException;
import io.podyard.runtime.DataProgress;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.GroupAddress;
import io.podyard.runtime.GroupLimits;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.Handler;
import io.podyard.runtime.ImageCopyOrder;
import io.podyard.runtime.ImageNotFetchedException;
import io.podyard.runtime.ImageNotPushedException;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.TerminationMessage;
import io.podyard.runtime.contract.OpenFence;
import io.podyard.runtime.pod.ContainerEngine;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerView;
import io.podyard.runtime.pod.PullOrder;
import io.podyard.runtime.pod.SandboxOrder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process outlives control planes of other releases: both ends bear with the other's version. */
class VersionsTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final SandboxOrder SANDBOX =
      new SandboxOrder(
          Stepped.INSTALLATION,
          Stepped.ACCOUNT,
          Stepped.GROUP,
          Groups.staying(RestartPolicy.ALWAYS));

  private static final GroupLimits LIMITS =
      new GroupLimits(Stepped.GROUP, Size.of(1000, 1024), Map.of());

  @TempDir private Path folder;

  /** Speaks as the process of the first release did: an unknown call ends the connection. */
  private void serveFirstVersion(ServerSocketChannel door, ConcurrentLinkedQueue<String> calls) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  SocketChannel client = door.accept();
                  Thread.ofVirtual().start(() -> answerFirstVersion(client, calls));
                }
              } catch (IOException e) {
                // The test is over.
              }
            });
  }

  private static void answerFirstVersion(
      SocketChannel client, ConcurrentLinkedQueue<String> calls) {
    try (client) {
      DataInputStream in = new DataInputStream(Channels.newInputStream(client));
      DataOutputStream out = new DataOutputStream(Channels.newOutputStream(client));
      while (true) {
        String request = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        var call = WireJson.MAPPER.readTree(request);
        String op = call.path("call").path("op").asString("");
        calls.add(request);
        String id = call.path("id").asString("");
        String answer =
            switch (op) {
              case "hosts" -> "\"hosts\":[]";
              case "observe" ->
                  "\"seen\":{\"view\":{\"sandboxes\":[],\"containers\":[{\"engineId\":\"e\",\"container\":\"app\",\"attempt\":1,\"epoch\":1,\"status\":{\"is\":\"exited\",\"exitCode\":3,\"oomKilled\":false,\"error\":\"\",\"startedAt\":\"2026-01-01T00:00:00Z\",\"finishedAt\":\"2026-01-01T00:00:01Z\"}}],\"now\":\"2026-01-01T00:00:02Z\"},\"images\":{}}";
              case "exec" ->
                  request.contains("\"false\"")
                      ? "\"text\":\"no\\n\",\"exitCode\":1"
                      : "\"text\":\"\",\"exitCode\":0";
              case "createContainer", "beginPull", "watch" -> "";
              default -> null;
            };
        if (answer == null) {
          return;
        }
        byte[] reply =
            ("{\"id\":" + id + (answer.isEmpty() ? "" : ",") + answer + "}")
                .getBytes(StandardCharsets.UTF_8);
        out.writeInt(reply.length);
        out.write(reply);
        out.flush();
      }
    } catch (IOException e) {
      // The client is gone.
    }
  }

  @Test
  void aProcessOfTheFirstReleaseIsSpokenToAsItLikes() throws Exception {
    ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    Path socket = folder.resolve("old.sock");
    try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      door.bind(UnixDomainSocketAddress.of(socket));
      serveFirstVersion(door, calls);
      try (SimulatedHostsClient client = new SimulatedHostsClient(socket, LONG)) {
        ContainerEngine engine = client.engine(new HostId("sim-0001"));

        ContainerView seen =
            engine.view(Stepped.INSTALLATION, Stepped.GROUP).containers().getFirst();
        assertThat(((ContainerView.Status.Exited) seen.status()).message()).isEmpty();
        engine.updateSandbox(SANDBOX, new OpenFence(1));
        assertThat(check(engine, new Handler.Exec(List.of("false"))))
            .isEqualTo(new CheckResult(false, "no"));
        assertThat(check(engine, new Handler.TcpSocket(null, 80)).passed()).isTrue();
        engine.createContainer(order(), new OpenFence(1));
        assertThat(engine.statistics(Stepped.INSTALLATION, List.of(LIMITS))).isEmpty();
        assertThat(engine.committed(Stepped.INSTALLATION)).isEmpty();
        engine.removeCommitted(Stepped.INSTALLATION, "cct-1", new OpenFence(1));
        assertThatThrownBy(() -> engine.commit("e", commit(), new OpenFence(1)))
            .isInstanceOf(ImageNotPushedException.class)
            .hasMessageContaining("makes no images");

        assertThat(engine.disks(Stepped.INSTALLATION)).isEmpty();
        engine.removeDisk(Stepped.INSTALLATION, "d-1", new OpenFence(1));
        for (boolean update : List.of(false, true)) {
          assertThatThrownBy(() -> withDisk(engine, update))
              .isInstanceOfSatisfying(
                  RuntimeUnavailableException.class,
                  e -> assertThat(e.reason()).isEqualTo("AttachDiskFailed"))
              .hasMessageContaining("keeps no disks");
        }

        assertThat(engine.held(Stepped.INSTALLATION)).isEmpty();
        assertThat(engine.images()).isEmpty();
        engine.release(Stepped.INSTALLATION, "imc-1.1", new OpenFence(1));
        assertThatThrownBy(() -> engine.hold(copies(), new OpenFence(1), CopyProgress.NONE))
            .isInstanceOf(ImageNotFetchedException.class)
            .hasMessageContaining("keeps no image caches");
        assertThat(engine.heldData(Stepped.INSTALLATION)).isEmpty();
        engine.releaseData(Stepped.INSTALLATION, "edc-1.1", new OpenFence(1));
        assertThatThrownBy(() -> engine.holdData(data(), new OpenFence(1), DataProgress.NONE))
            .isInstanceOf(DataNotFetchedException.class)
            .hasMessageContaining("keeps no data caches");
        engine.beginPull(cachedPull(), new OpenFence(1));

        SandboxOrder numbered =
            new SandboxOrder(
                Stepped.INSTALLATION,
                Stepped.ACCOUNT,
                Stepped.GROUP,
                SANDBOX.spec().at(new GroupAddress("10.0.0.1", "10.0.0.0/29", "10.0.0.5")));
        assertThatThrownBy(() -> engine.createSandbox(numbered, new OpenFence(1)))
            .isInstanceOfSatisfying(
                RuntimeUnavailableException.class,
                e -> assertThat(e.reason()).isEqualTo("AddressNotGiven"));

        ContainerOrder plain = order();
        ContainerOrder withGpu =
            new ContainerOrder(
                plain.name(), plain.account(), plain.group(), plain.spec(), "", List.of(0));
        assertThatThrownBy(() -> engine.createContainer(withGpu, new OpenFence(1)))
            .isInstanceOfSatisfying(
                RuntimeUnavailableException.class,
                e -> assertThat(e.reason()).isEqualTo("GpuNotGiven"));

        assertThat(calls.stream().filter(c -> c.contains("\"hello\""))).hasSize(1);
        assertThat(calls.stream().filter(c -> c.contains("beginPull")))
            .singleElement()
            .satisfies(c -> assertThat(c).doesNotContain("cached", "imc-1.1"));
        assertThat(calls.stream().filter(c -> c.contains("createContainer")))
            .singleElement()
            .satisfies(c -> assertThat(c).doesNotContain("conduct"));
      }
    }
  }

  private static DataCopyOrder data() {
    return new DataCopyOrder(
        Stepped.INSTALLATION,
        new HostId("sim-0001"),
        "edc-1.1",
        new DataSource.Copy("edc-2"),
        null,
        1);
  }

  private static void withDisk(ContainerEngine engine, boolean update) throws Exception {
    SandboxOrder order =
        new SandboxOrder(
            Stepped.INSTALLATION, Stepped.ACCOUNT, Stepped.GROUP, Groups.withDisk("d-1", 20));
    if (update) {
      engine.updateSandbox(order, new OpenFence(1));
    } else {
      engine.createSandbox(order, new OpenFence(1));
    }
  }

  private static CheckResult check(ContainerEngine engine, Handler handler) throws Exception {
    return engine.check(Stepped.INSTALLATION, Stepped.GROUP, "e", handler, "10.0.0.1", LONG);
  }

  private static CommitOrder commit() {
    return new CommitOrder(
        Stepped.INSTALLATION, new HostId("sim-0001"), Stepped.GROUP, "app", "cct-1", "", "");
  }

  private static ImageCopyOrder copies() {
    return new ImageCopyOrder(
        Stepped.INSTALLATION,
        new HostId("sim-0001"),
        Stepped.ACCOUNT,
        "imc-1.1",
        List.of("app:1"),
        List.of(),
        List.of(),
        List.of());
  }

  private static PullOrder cachedPull() {
    return new PullOrder(
        Stepped.ACCOUNT,
        Stepped.GROUP,
        "app:1",
        0,
        List.of(),
        List.of(),
        List.of(),
        new CachedImage("app:1", "sha256:1", "imc-1.1"),
        false);
  }

  private static ContainerOrder order() {
    var container =
        ChecksTest.container(
            Map.of(Conduct.MESSAGE, "words"), TerminationMessage.DEFAULT, "exit", "3");
    GroupSpec spec = Groups.of(RestartPolicy.NEVER, container);
    return new ContainerOrder(Stepped.name("app", 1), Stepped.ACCOUNT, spec, container, "");
  }

  @Test
  void aClientOfTheFirstReleaseIsToldOnlyWhatItUnderstands() throws Exception {
    Path socket = folder.resolve("new.sock");
    try (RealTime time = new RealTime(InstantSource.system())) {
      SimulatedWorld world = new SimulatedWorld(time, 1);
      world.configure(FaultPlan.instant());
      world.ensureHosts(1, Size.of(1000, 1024));
      try (HostsListener _ = HostsListener.listen(world, socket).orElseThrow();
          SimulatedHostsClient client = new SimulatedHostsClient(socket, LONG);
          SocketChannel old = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        ContainerEngine engine = client.engine(new HostId("sim-0001"));
        engine.createSandbox(SANDBOX, new OpenFence(1));
        engine.createContainer(order(), new OpenFence(1));
        String id =
            engine.view(Stepped.INSTALLATION, Stepped.GROUP).containers().getFirst().engineId();
        engine.startContainer(id, new OpenFence(1));
        var status =
            engine.view(Stepped.INSTALLATION, Stepped.GROUP).containers().getFirst().status();
        assertThat(((ContainerView.Status.Exited) status).message()).isEqualTo("words");

        byte[] request =
            "{\"id\":1,\"call\":{\"op\":\"observe\",\"host\":\"sim-0001\",\"installation\":\"inst\",\"group\":\"eci-1\",\"images\":[]}}"
                .getBytes(StandardCharsets.UTF_8);
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(old));
        out.writeInt(request.length);
        out.write(request);
        DataInputStream in = new DataInputStream(Channels.newInputStream(old));
        String reply = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);

        assertThat(reply).contains("\"exited\"").doesNotContain("words", "message");
      }
    }
  }
}
