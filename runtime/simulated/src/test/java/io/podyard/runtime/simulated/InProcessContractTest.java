package io.podyard.runtime.simulated;

import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.runtime.DataSource;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.contract.GroupRuntimeContract;
import io.podyard.runtime.pod.PodRuntime;
import java.net.URI;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;

/** The contract on simulated hosts in this process. */
class InProcessContractTest extends GroupRuntimeContract {

  private static final RealTime TIME = new RealTime(InstantSource.system());
  private static final SimulatedWorld WORLD = new SimulatedWorld(TIME, 1);

  static {
    WORLD.ensureHosts(1, Size.of(16_000, 65_536));
  }

  @AfterAll
  static void stop() {
    TIME.close();
  }

  @Override
  protected GroupRuntime newRuntime() {
    return new PodRuntime(
        "simulated",
        host -> WORLD.engine(host).orElse(null),
        InstantSource.system(),
        TestSettings.SHORT_BACK_OFF);
  }

  @Override
  protected HostId host() {
    return new HostId("sim-0001");
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
