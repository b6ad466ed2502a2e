package io.podyard.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.GroupPhase;
import io.podyard.runtime.RestartPolicy;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.contract.DrivenGroup;
import io.podyard.runtime.pod.PodRuntime;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process itself: how it starts, who may use it, and what it survives. */
class ProcessTest {

  private static final HostId HOST = new HostId("sim-0001");

  @TempDir private Path folder;

  private TestProcess process(String... environment) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < environment.length; i += 2) {
      map.put(environment[i], environment[i + 1]);
    }
    return new TestProcess(folder, map);
  }

  private static PodRuntime runtime(SimulatedHostsClient client) {
    return new PodRuntime(
        "simulated", client::engine, InstantSource.system(), TestSettings.SHORT_BACK_OFF);
  }

  private static DrivenGroup group() {
    return new DrivenGroup(
        Stepped.INSTALLATION, HOST, Stepped.GROUP, Groups.staying(RestartPolicy.ALWAYS));
  }

  @Test
  void theEnvironmentSaysWhatIsSimulated() throws Exception {
    try (TestProcess process =
            process(
                SimulatedHosts.HOSTS, "5",
                SimulatedHosts.HOST_SIZE, "8vCPU/32GiB",
                SimulatedHosts.SEED, "42",
                SimulatedHosts.FAULTS, "{\"outages\":[{\"host\":\"sim-0002\"}]}");
        SimulatedHostsClient client = process.connect()) {
      assertThat(client.hosts()).hasSize(5).containsKey(new HostId("sim-0005"));
      assertThat(client.engine(HOST).report().capacity()).isEqualTo(Size.of(8000, 32768));
      assertThatThrownBy(() -> client.engine(new HostId("sim-0002")).report())
          .isInstanceOf(RuntimeUnavailableException.class);
      assertThatThrownBy(() -> client.engine(new HostId("sim-0099")).report())
          .isInstanceOf(RuntimeUnavailableException.class)
          .hasMessageContaining("sim-0099");

      client.ensureHosts(7, Size.of(1000, 1024));
      client.configure(FaultPlan.NONE);
      assertThat(client.hosts()).hasSize(7);
      assertThat(client.engine(new HostId("sim-0002")).report()).isNotNull();
      assertThatThrownBy(() -> client.ensureHosts(-1, Size.of(1, 1)))
          .isInstanceOf(RuntimeException.class)
          .hasMessageContaining("-1");
    }
  }

  @Test
  void allHostsTellAtOnceWhatTheyAreAt() throws Exception {
    Map<HostId, Long> before;
    try (TestProcess process = process(SimulatedHosts.HOSTS, "3");
        SimulatedHostsClient client = process.connect()) {
      before = client.revisions().orElseThrow();
      assertThat(before).hasSize(3);
      assertThat(client.revisions()).contains(before);

      group().driveTo(runtime(client), TestProcess.PATIENCE, GroupPhase.RUNNING);

      Map<HostId, Long> after = client.revisions().orElseThrow();
      assertThat(after.remove(HOST)).isNotEqualTo(before.get(HOST));
      assertThat(before).containsAllEntriesOf(after);
      client.configure(
          new FaultPlan(
              FaultPlan.LatencyFactors.USUAL,
              List.of(),
              List.of(),
              List.of(),
              List.of(new FaultPlan.Outage("sim-0002", 0, 0)),
              List.of()));
      assertThat(client.revisions().orElseThrow())
          .hasSize(2)
          .doesNotContainKey(new HostId("sim-0002"));
    }
    try (TestProcess process = process(SimulatedHosts.HOSTS, "3");
        SimulatedHostsClient client = process.connect()) {
      assertThat(client.revisions().orElseThrow()).hasSize(3).doesNotContainValue(before.get(HOST));
    }
  }

  @Test
  @Timeout(120)
  void aCrowdForWhichThereWereNotFilesEnoughKeepsNobodyOutAfterwards() throws Exception {
    try (TestProcess process = process()) {
      withFiles(256, process.launch()).connect(process.socket(), TestProcess.PATIENCE).close();
      List<SocketChannel> crowd = new ArrayList<>();
      try {
        while (!Files.readString(process.log()).contains(HostsListener.NOT_TAKEN)) {
          crowd.add(SocketChannel.open(UnixDomainSocketAddress.of(process.socket())));
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
      } finally {
        for (SocketChannel one : crowd) {
          one.close();
        }
      }

      process.awaitSocket();
    }
  }

  /** The same with so many file descriptors at most. */
  private static SimulatedHostsLaunch withFiles(int most, SimulatedHostsLaunch usual) {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-c", "ulimit -n " + most + "; exec \"$0\" \"$@\""));
    options.add(usual.java().toString());
    options.addAll(usual.javaOptions());
    return new SimulatedHostsLaunch(
        Path.of("/bin/sh"),
        options,
        usual.classPath(),
        usual.mainClass(),
        usual.log(),
        usual.environment());
  }

  @Test
  void onlyTheOwnerMayOpenTheSocket() throws Exception {
    try (TestProcess process = process();
        SimulatedHostsClient _ = process.connect()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(process.socket())))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void anEnvironmentThatCannotBeUnderstoodIsRefused() throws Exception {
    for (Map.Entry<String, String> bad :
        Map.of(
                SimulatedHosts.HOSTS, "many",
                SimulatedHosts.HOST_SIZE, "16x64",
                SimulatedHosts.FAULTS, "{\"nonsense\":1}",
                SimulatedHosts.SEED, "x")
            .entrySet()) {
      assertThatThrownBy(
              () ->
                  SimulatedHosts.world(
                      Map.of(bad.getKey(), bad.getValue()), new SteppedTime(Stepped.START)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(bad.getKey());
    }
    TestProcess process = process(SimulatedHosts.HOSTS, "many");
    assertThatThrownBy(process::connect)
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("ended with 2");
    assertThat(Files.readString(process.log())).contains(SimulatedHosts.HOSTS).contains("many");
  }

  @Test
  void askedToStopItEndsWithSuccessAndTakesItsSocketAway() throws Exception {
    TestProcess process = process();
    Process started = process.startAttached();
    process.awaitSocket();
    try (SimulatedHostsClient client = new SimulatedHostsClient(process.socket())) {
      assertThat(client.hosts()).hasSize(3);

      started.destroy();

      assertThat(started.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(started.exitValue()).isZero();
      assertThat(process.socket()).doesNotExist();
      assertThatThrownBy(client::hosts).isInstanceOf(RuntimeUnavailableException.class);
    }
  }

  @Test
  void aSecondProcessLeavesTheFirstAlone() throws Exception {
    try (TestProcess process = process();
        SimulatedHostsClient client = process.connect()) {
      Process second = process.startAttached();

      assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();

      assertThat(second.exitValue()).isEqualTo(SimulatedHosts.ALREADY_SERVED);
      assertThat(client.hosts()).hasSize(3);
    }
  }

  @Test
  void aProcessThatRunsIsAdoptedWithAllItHas() throws Exception {
    try (TestProcess process = process()) {
      DrivenGroup group = group();
      long pid;
      try (SimulatedHostsClient client = process.connect()) {
        group.driveTo(runtime(client), TestProcess.PATIENCE, GroupPhase.RUNNING);
        pid = process.handle().pid();
      }
      try (SimulatedHostsClient client = process.connect()) {
        assertThat(process.handle().pid()).isEqualTo(pid);
        assertThat(runtime(client).list(Stepped.INSTALLATION, HOST)).hasSize(1);
      }
    }
  }

  @Test
  void aStartedProcessHasASessionOfItsOwn() throws Exception {
    try (TestProcess process = process();
        SimulatedHostsClient _ = process.connect()) {
      long pid = process.handle().pid();
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      assertThat(Long.parseLong(fields[3])).as("session").isEqualTo(pid);
    }
  }

  @Test
  void aKilledProcessIsReplacedAndItsClientsComeBack() throws Exception {
    TestProcess process = process();
    try (SimulatedHostsClient client = process.connect()) {
      PodRuntime runtime = runtime(client);
      DrivenGroup first = group();
      first.driveTo(runtime, TestProcess.PATIENCE, GroupPhase.RUNNING);
      CountDownLatch heard = new CountDownLatch(1);
      AutoCloseable watch =
          runtime.watch(Stepped.INSTALLATION, new HostId("sim-0003"), _ -> heard.countDown());

      ProcessHandle killed = process.handle();
      killed.destroyForcibly();
      killed.onExit().get(60, TimeUnit.SECONDS);
      assertThat(process.socket()).as("what a killed process leaves").exists();
      assertThatThrownBy(client::hosts).isInstanceOf(RuntimeUnavailableException.class);
      try (TestProcess _ = process;
          SimulatedHostsClient _ = process.connect()) {
        assertThat(client.hosts()).hasSize(3);
        first.drive(runtime);
        assertThat(first.stored().phase()).isEqualTo(GroupPhase.FAILED);
        assertThat(first.stored().reason()).isEqualTo("SandboxLost");
        // News come over the new connection although nobody asked for them again.
        new DrivenGroup(
                Stepped.INSTALLATION,
                new HostId("sim-0003"),
                Stepped.GROUP,
                Groups.staying(RestartPolicy.ALWAYS))
            .driveTo(runtime, TestProcess.PATIENCE, GroupPhase.RUNNING);
        assertThat(heard.await(60, TimeUnit.SECONDS)).isTrue();
        watch.close();
      }
    }
  }

  @Test
  void clientsMayDieAtAnyMomentAndSendAnything() throws Exception {
    try (TestProcess process = process();
        SimulatedHostsClient client = process.connect()) {
      byte[] request = "{\"id\":1,\"call\":{\"op\":\"hosts\"}}".getBytes(StandardCharsets.UTF_8);
      for (int cut = 0; cut <= request.length + 4; cut++) {
        ByteBuffer frame = ByteBuffer.allocate(request.length + 4);
        frame.putInt(request.length).put(request).flip().limit(cut);
        send(process, frame);
      }
      for (String garbage : List.of("GET / HTTP/1.1\r\n\r\n", "\0\0\0\1{", "\0\0\0\0")) {
        send(process, ByteBuffer.wrap(garbage.getBytes(StandardCharsets.UTF_8)));
      }
      for (int i = 0; i < 20; i++) {
        SimulatedHostsClient dying = new SimulatedHostsClient(process.socket());
        runtime(dying).watch(Stepped.INSTALLATION, HOST, _ -> {});
        Thread caller = Thread.ofVirtual().start(() -> tryHosts(dying));
        dying.close();
        caller.join();
      }

      DrivenGroup group = group();
      group.driveTo(runtime(client), TestProcess.PATIENCE, GroupPhase.RUNNING);
      assertThat(Files.readString(process.log())).doesNotContain("Exception");
    }
  }

  private static void tryHosts(SimulatedHostsClient client) {
    try {
      client.hosts();
    } catch (RuntimeUnavailableException e) {
      // It may be closed already.
    }
  }

  private static void send(TestProcess process, ByteBuffer bytes) throws Exception {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(process.socket()))) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  @Test
  void aFrozenProcessIsGivenUpAfterTwoSeconds() throws Exception {
    try (TestProcess process = process();
        SimulatedHostsClient client = process.connect()) {
      signal(process, "STOP");
      try {
        awaitStandstill(process.handle().pid());
        long before = System.nanoTime();
        assertThatThrownBy(client::hosts)
            .isInstanceOf(RuntimeUnavailableException.class)
            .hasMessageContaining("2000 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - before))
            .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(20));
      } finally {
        signal(process, "CONT");
      }
      long deadline = System.nanoTime() + TestProcess.PATIENCE.toNanos();
      while (!answers(client)) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    }
  }

  /** Its threads stop one after the other, when they get to see the signal. */
  private static void awaitStandstill(long pid) throws IOException {
    Path threads = Path.of("/proc/" + pid + "/task");
    long deadline = System.nanoTime() + TestProcess.PATIENCE.toNanos();
    while (Files.isDirectory(threads) && !allStand(threads)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static boolean allStand(Path threads) throws IOException {
    try (Stream<Path> all = Files.list(threads)) {
      for (Path thread : all.toList()) {
        String status = Files.readString(thread.resolve("stat"));
        // After the name, which is in brackets and may hold anything.
        if (status.charAt(status.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean answers(SimulatedHostsClient client) {
    try {
      return client.hosts().size() == 3;
    } catch (RuntimeUnavailableException e) {
      return false;
    }
  }

  private static void signal(TestProcess process, String name) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.handle().pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
