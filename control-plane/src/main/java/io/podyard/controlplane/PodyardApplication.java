package io.podyard.controlplane;

import io.podyard.controlplane.judge.JudgeCommand;
import io.podyard.controlplane.quickstart.QuickstartCommand;
import io.podyard.runtime.simulated.SimulatedHosts;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The program: its first argument is the command, {@code server} if there is none. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class PodyardApplication {

  private static final int USAGE_ERROR = 2;

  public static void main(String[] args) throws Exception {
    String command = args.length == 0 ? "server" : args[0];
    String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
    switch (command) {
      case "server" -> server(rest);
      case "quickstart" -> QuickstartCommand.run(PodyardApplication.class, rest);
      case "judge" -> System.exit(JudgeCommand.run(rest));
      case "simulated-hosts" -> SimulatedHosts.main(rest);
      default -> {
        System.err.println(
            "podyard: unknown command '%s'; there are quickstart, server, judge, simulated-hosts"
                .formatted(command));
        System.exit(USAGE_ERROR);
      }
    }
  }

  private static void server(String[] args) {
    SpringApplication.run(PodyardApplication.class, args);
  }
}
