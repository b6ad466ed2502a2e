package io.podyard.runtime.simulated;

import io.podyard.model.HostId;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.contract.GroupRuntimeContract;
import io.podyard.runtime.pod.PodRuntime;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract through the socket, on simulated hosts in a process of their own. */
class SocketContractTest extends GroupRuntimeContract {

  private static TestProcess process;
  private static SimulatedHostsClient client;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    process = new TestProcess(folder, Map.of());
    client = process.connect();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    process.close();
  }

  @Override
  protected GroupRuntime newRuntime() {
    return new PodRuntime(
        "simulated", client::engine, InstantSource.system(), TestSettings.SHORT_BACK_OFF);
  }

  @Override
  protected HostId host() {
    return new HostId("sim-0002");
  }

  @Override
  protected String image() {
    return "library/busybox:1.36";
  }

  @Override
  protected String failingImage() {
    return "library/not-found:1";
  }

  @Override
  protected String captureImage() {
    return "registry.test/tcpdump:1";
  }

  @Override
  protected DataSource data() {
    return new DataSource.Web(URI.create("http://example.com/2MiB.bin"));
  }

  @Override
  protected DataSource missingData() {
    return new DataSource.Web(URI.create("http://example.com/missing.bin"));
  }
}
