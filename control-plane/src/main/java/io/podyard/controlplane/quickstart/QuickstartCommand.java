package io.podyard.controlplane.quickstart;

import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.controlplane.account.FirstAccount;
import io.podyard.controlplane.account.FirstKey;
import io.podyard.controlplane.inventory.HostListing;
import io.podyard.controlplane.runtimes.DockerPool;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.runtimes.SimulatedPool;
import io.podyard.model.HostId;
import java.io.PrintStream;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * {@code podyard quickstart [--once | --endpoint <url>]}: starts the server on this machine and
 * takes one group through its whole life. With {@code --once} it ends then, with 0 if every step
 * did what it must; without, it goes on serving until Ctrl-C. With {@code --endpoint} it starts no
 * server, but does the same at the one that is there, and ends.
 */
public final class QuickstartCommand {

  private static final String ONCE = "--once";
  private static final String ENDPOINT = "--endpoint";
  static final String IMAGE_SETTING = "PODYARD_QUICKSTART_IMAGE";

  /** A laptop runs more groups than it has cores. */
  private static final int CPU_OVERCOMMIT = 4;

  private static final int MOST_HOSTS = 10_000;
  private static final int MILLI_PER_VCPU = 1000;
  private static final int MIB_PER_GIB = 1024;

  private static final int FAILED = 1;
  private static final int USAGE_ERROR = 2;

  private QuickstartCommand() {}

  public static void run(Class<?> application, String[] args) {
    List<String> options = Arrays.asList(args);
    PrintStream out = System.out;
    if (options.size() == 2 && options.getFirst().equals(ENDPOINT)) {
      System.exit(remote(options.getLast(), out));
    }
    if (!options.isEmpty() && !options.equals(List.of(ONCE))) {
      System.err.println(
          "podyard quickstart: expected nothing, --once or --endpoint <url>, not " + options);
      System.exit(USAGE_ERROR);
    }
    out.println("Starting Podyard ...");
    SpringApplication server = new SpringApplication(application);
    ConfigurableApplicationContext context =
        server.run(
            "--server.address=127.0.0.1",
            "--podyard.cpu-overcommit=" + CPU_OVERCOMMIT,
            "--logging.level.root=WARN");
    boolean once = options.contains(ONCE);
    boolean succeeded = tour(context, !once, out);
    if (once) {
      context.close();
      System.exit(succeeded ? 0 : FAILED);
    }
    out.println();
    out.println("Serving until Ctrl-C.");
  }

  private static boolean tour(
      ConfigurableApplicationContext context, boolean goesOn, PrintStream out) {
    String port = context.getEnvironment().getRequiredProperty("local.server.port");
    String endpoint = "http://127.0.0.1:" + port;
    FirstKey first = context.getBean(FirstAccount.class).ensure();
    if (!(first instanceof FirstKey.Usable key)) {
      out.println(
          "The accounts of this database were made elsewhere; set PODYARD_ACCESS_KEY_ID and"
              + " PODYARD_ACCESS_KEY_SECRET to use one of their keys.");
      return false;
    }
    boolean simulated = context.getBean(Runtimes.class).newGroupsStartOn(SimulatedPool.RUNTIME);
    out.println(
        simulated
            ? "Runtime                simulated hosts: nothing real is started"
            : "Runtime                " + engine(context));
    out.println("Endpoint               " + endpoint);
    out.println("Access key             " + key.id());
    out.println("Access key secret      " + key.secret());
    out.println("Swagger UI             " + endpoint + "/swagger-ui.html");
    out.println();
    try (PodyardClient client =
            new PodyardClient(
                URI.create(endpoint), key.id().value(), key.secret(), SignatureVersion.V3);
        BillReader bill = new BillReader(URI.create(endpoint), key.id().value(), key.secret())) {
      new Tour(client, bill, demo(simulated, System.getenv().getOrDefault(IMAGE_SETTING, "")), out)
          .run();
      if (goesOn) {
        out.println();
        out.println("A first call of your own:");
        out.printf("  curl -u %s:%s %s/v1/container-groups%n", key.id(), key.secret(), endpoint);
      }
      return true;
    } catch (Tour.FailedException e) {
      out.println("FAILED: " + e.getMessage());
      return false;
    }
  }

  /** Which engine runs the groups, and how much of it they can get. */
  private static String engine(ConfigurableApplicationContext context) {
    Map<String, String> environment = System.getenv();
    HostId id = DockerPool.host(environment);
    HostListing.ListedHost host =
        context.getBean(HostListing.class).page(null, MOST_HOSTS).stream()
            .filter(listed -> listed.id().equals(id))
            .findFirst()
            .orElseThrow();
    return "%s at %s, %s vCPU, %s GiB"
        .formatted(
            host.engine().replaceFirst("^docker ", "Docker Engine "),
            DockerPool.address(environment),
            host.reported().cpu().value() / MILLI_PER_VCPU,
            host.reported().memory().value() / MIB_PER_GIB);
  }

  private static int remote(String endpoint, PrintStream out) {
    try {
      new RemoteTour(endpoint, System.getenv()).run(out);
      return 0;
    } catch (IllegalArgumentException e) {
      System.err.println("podyard quickstart: " + e.getMessage());
      return USAGE_ERROR;
    } catch (Tour.FailedException e) {
      out.println("FAILED: " + e.getMessage());
      return FAILED;
    }
  }

  static DemoGroup demo(boolean simulated, String image) {
    if (simulated) {
      return DemoGroup.simulated();
    }
    return image.isEmpty() ? DemoGroup.tiny() : DemoGroup.withShell(image);
  }
}
