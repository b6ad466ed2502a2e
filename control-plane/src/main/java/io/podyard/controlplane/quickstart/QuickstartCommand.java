package io.podyard.controlplane.quickstart;

import io.podyard.api.PodyardClient;
import io.podyard.api.SignatureVersion;
import io.podyard.controlplane.account.FirstAccount;
import io.podyard.controlplane.account.FirstKey;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.runtimes.SimulatedPool;
import java.io.PrintStream;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * {@code podyard quickstart [--once]}: starts the server on this machine and takes one group
 * through its whole life. With {@code --once} it ends then, with 0 if every step did what it must;
 * without, it goes on serving until Ctrl-C.
 */
public final class QuickstartCommand {

  private static final String ONCE = "--once";
  private static final String IMAGE_SETTING = "PODYARD_QUICKSTART_IMAGE";

  /** A laptop runs more groups than it has cores. */
  private static final int CPU_OVERCOMMIT = 4;

  private static final int FAILED = 1;
  private static final int USAGE_ERROR = 2;

  private QuickstartCommand() {}

  public static void run(Class<?> application, String[] args) {
    List<String> options = Arrays.asList(args);
    if (!options.isEmpty() && !options.equals(List.of(ONCE))) {
      System.err.println("podyard quickstart: expected nothing or --once, not " + options);
      System.exit(USAGE_ERROR);
    }
    PrintStream out = System.out;
    out.println("Starting Podyard ...");
    SpringApplication server = new SpringApplication(application);
    ConfigurableApplicationContext context =
        server.run(
            "--server.address=127.0.0.1",
            "--podyard.cpu-overcommit=" + CPU_OVERCOMMIT,
            "--logging.level.root=WARN");
    boolean succeeded = tour(context, out);
    if (options.contains(ONCE)) {
      context.close();
      System.exit(succeeded ? 0 : FAILED);
    }
    out.println();
    out.println("Serving until Ctrl-C.");
  }

  private static boolean tour(ConfigurableApplicationContext context, PrintStream out) {
    String port = context.getEnvironment().getRequiredProperty("local.server.port");
    String endpoint = "http://127.0.0.1:" + port;
    FirstKey first = context.getBean(FirstAccount.class).ensure();
    if (!(first instanceof FirstKey.Usable key)) {
      out.println(
          "The accounts of this database were made elsewhere; set PODYARD_ACCESS_KEY_ID and"
              + " PODYARD_ACCESS_KEY_SECRET to use one of their keys.");
      return false;
    }
    boolean simulated = context.getBean(Runtimes.class).names().contains(SimulatedPool.RUNTIME);
    out.println(
        simulated
            ? "Runtime                simulated hosts: nothing real is started"
            : "Runtime                Docker Engine");
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
      return true;
    } catch (Tour.FailedException e) {
      out.println("FAILED: " + e.getMessage());
      return false;
    }
  }

  private static DemoGroup demo(boolean simulated, String image) {
    if (simulated) {
      return DemoGroup.simulated();
    }
    return image.isEmpty() ? DemoGroup.tiny() : DemoGroup.withShell(image);
  }
}
