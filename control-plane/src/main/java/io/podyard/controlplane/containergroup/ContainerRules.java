package io.podyard.controlplane.containergroup;

import io.podyard.api.ErrorCode;
import io.podyard.api.containergroup.PortRequest;
import io.podyard.api.containergroup.SecurityContextRequest;
import io.podyard.model.Size;
import io.podyard.runtime.ContainerPort;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.PullPolicy;
import io.podyard.runtime.Terminal;
import io.podyard.runtime.TerminationMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The containers of a group (contract sections 7 and 11): each by itself, and that no two share a
 * name. Without a pull policy an image is pulled if the host does not have it.
 */
final class ContainerRules {

  private static final int MOST_COMMANDS = 20;
  private static final int LONGEST_COMMAND = 256;
  private static final int MOST_ARGS = 10;

  /** The contract gives the length of a command only; this is the bound its schema states. */
  private static final int LONGEST_ARG = 65_535;

  private static final int MOST_PORTS = 100;

  /** Ports inside a group that the contract reserves. */
  private static final Set<Integer> RESERVED_PORTS = Set.of(111, 10250, 10255);

  /** Those of the contract. */
  static final Set<String> CAPABILITIES = Set.of("NET_ADMIN", "NET_RAW");

  private final Findings findings;
  private final @Nullable Set<String> volumes;
  private final Set<String> names = new HashSet<>();

  /**
   * @param volumes the names there are; null if not all of them could be read
   */
  ContainerRules(@Nullable Set<String> volumes, Findings findings) {
    this.volumes = volumes;
    this.findings = findings;
  }

  /** Reads the next container. */
  ContainerSpec read(ContainerAsked asked, @Nullable Size size) {
    String path = asked.path();
    return new ContainerSpec(
        name(path + ".Name", asked.name()),
        image(path + ".Image", asked.image()),
        pullPolicy(path + ".ImagePullPolicy", asked.imagePullPolicy()),
        size,
        command(path + ".Command", asked.command()),
        args(path + ".Arg", asked.arg()),
        workingDir(path + ".WorkingDir", asked.workingDir()),
        EnvironmentRules.read(asked, findings),
        asked.hideEnvironment(),
        ports(path + ".Port", asked.ports()),
        MountRules.read(asked, volumes, findings),
        runAsUser(path + ".SecurityContext.RunAsUser", asked.securityContext()),
        readOnlyRoot(asked.securityContext()),
        capabilities(path + ".SecurityContext.Capability.Add", asked.securityContext()),
        runAsGroup(path + ".SecurityContextRunAsGroup", asked.runAsGroup()),
        runAsNonRoot(path + ".SecurityContextRunAsNonRoot", asked),
        new LifecycleRules(findings).read(asked),
        terminal(path + ".StdinOnce", asked),
        terminationMessage(asked),
        asked.role(),
        asked.exitCodeIgnored(),
        0);
  }

  private String name(String parameter, @Nullable String name) {
    if (name == null || name.isEmpty()) {
      findings.missing(parameter);
      return "";
    }
    if (!findings.tooLong(parameter, name, TextForms.LONGEST_LABEL)) {
      if (!TextForms.isLabel(name)) {
        findings.invalid(
            parameter, name, "must be lower-case letters, digits and '-', with no '-' at an end");
      } else if (!names.add(name)) {
        findings.with(
            ErrorCode.INVALID_PARAMETER_DUPLICATED_NAME,
            parameter,
            name,
            "must be unique among all containers and init containers of the group");
      }
    }
    return name;
  }

  private String image(String parameter, @Nullable String image) {
    if (image == null || image.isEmpty()) {
      findings.missing(parameter);
      return "";
    }
    if (!findings.tooLong(parameter, image, ImageNames.LONGEST) && !ImageNames.isName(image)) {
      findings.invalid(
          parameter,
          image,
          "must be the name of an image, such as nginx:1.27 or"
              + " registry.example.com:5000/team/app:1");
    }
    return image;
  }

  private PullPolicy pullPolicy(String parameter, @Nullable String policy) {
    if (policy == null || policy.isEmpty()) {
      return PullPolicy.IF_NOT_PRESENT;
    }
    return PolicyNames.pullPolicy(policy)
        .orElseGet(
            () -> {
              findings.invalid(parameter, policy, "must be Always, IfNotPresent or Never");
              return PullPolicy.IF_NOT_PRESENT;
            });
  }

  private List<String> command(String list, List<String> command) {
    if (command.size() > MOST_COMMANDS) {
      findings.tooMany(list, command.size(), MOST_COMMANDS);
    }
    if (!command.isEmpty() && command.getFirst().isEmpty()) {
      findings.invalid(list + ".1", null, "must name a program, not be empty");
    }
    for (int i = 0; i < command.size(); i++) {
      findings.tooLong(list + "." + (i + 1), command.get(i), LONGEST_COMMAND);
    }
    return command;
  }

  private List<String> args(String list, List<String> args) {
    if (args.size() > MOST_ARGS) {
      findings.tooMany(list, args.size(), MOST_ARGS);
    }
    for (int i = 0; i < args.size(); i++) {
      findings.tooLong(list + "." + (i + 1), args.get(i), LONGEST_ARG);
    }
    return args;
  }

  private @Nullable String workingDir(String parameter, @Nullable String folder) {
    if (folder == null || folder.isEmpty()) {
      return null;
    }
    if (!findings.tooLong(parameter, folder, TextForms.LONGEST_PATH)
        && !TextForms.isAbsolutePath(folder)) {
      findings.invalid(parameter, folder, "must be an absolute path such as /app, without '..'");
    }
    return folder;
  }

  private List<ContainerPort> ports(String list, List<PortRequest> asked) {
    if (asked.size() > MOST_PORTS) {
      findings.tooMany(list, asked.size(), MOST_PORTS);
    }
    List<ContainerPort> ports = new ArrayList<>();
    Set<ContainerPort> seen = new HashSet<>();
    for (int i = 0; i < asked.size(); i++) {
      String path = list + "." + (i + 1);
      ContainerPort.Protocol protocol = protocol(path + ".Protocol", asked.get(i).protocol());
      Integer number = asked.get(i).port();
      if (number == null) {
        findings.missing(path + ".Port");
      } else if (number < 1 || number > 65535) {
        findings.outOfRange(path + ".Port", number, "must be from 1 to 65535");
      } else if (RESERVED_PORTS.contains(number)) {
        findings.invalid(
            path + ".Port", number.toString(), "must be another port than 111, 10250 and 10255");
      } else {
        ContainerPort port = new ContainerPort(number, protocol);
        if (!seen.add(port)) {
          findings.invalid(
              path + ".Port", number.toString(), "must be given once for each protocol");
        }
        ports.add(port);
      }
    }
    return ports;
  }

  private ContainerPort.Protocol protocol(String parameter, @Nullable String protocol) {
    return switch (protocol) {
      case "UDP" -> ContainerPort.Protocol.UDP;
      case null -> ContainerPort.Protocol.TCP;
      case "", "TCP" -> ContainerPort.Protocol.TCP;
      default -> {
        findings.invalid(parameter, protocol, "must be TCP or UDP");
        yield ContainerPort.Protocol.TCP;
      }
    };
  }

  private @Nullable Long runAsUser(String parameter, @Nullable SecurityContextRequest context) {
    Long user = context == null ? null : context.runAsUser();
    if (user != null && (user < 0 || user > Integer.MAX_VALUE)) {
      findings.outOfRange(parameter, user, "must be a user id from 0 to 2147483647");
    }
    return user;
  }

  private @Nullable Long runAsGroup(String parameter, @Nullable Long group) {
    if (group != null && (group < 0 || group > Integer.MAX_VALUE)) {
      findings.outOfRange(parameter, group, "must be a group id from 0 to 2147483647");
    }
    return group;
  }

  private boolean runAsNonRoot(String parameter, ContainerAsked asked) {
    SecurityContextRequest context = asked.securityContext();
    if (asked.runAsNonRoot()
        && context != null
        && context.runAsUser() != null
        && context.runAsUser() == 0) {
      findings.invalid(parameter, "true", "cannot be given together with RunAsUser 0");
    }
    return asked.runAsNonRoot();
  }

  private Terminal terminal(String stdinOnce, ContainerAsked asked) {
    if (asked.stdinOnce() && !asked.stdin()) {
      findings.invalid(stdinOnce, "true", "needs Stdin");
    }
    return new Terminal(asked.stdin(), asked.stdinOnce(), asked.tty());
  }

  private TerminationMessage terminationMessage(ContainerAsked asked) {
    String parameter = asked.path() + ".TerminationMessagePath";
    String path = asked.terminationMessagePath();
    if (path == null || path.isEmpty()) {
      path = TerminationMessage.DEFAULT_PATH;
    } else if (!findings.tooLong(parameter, path, TextForms.LONGEST_PATH)
        && !TextForms.isAbsolutePath(path)) {
      findings.invalid(parameter, path, "must be an absolute path of a file, without '..'");
    }
    String policy = asked.terminationMessagePolicy();
    boolean fallsBack = "FallbackToLogsOnError".equals(policy);
    if (policy != null && !policy.isEmpty() && !policy.equals("File") && !fallsBack) {
      findings.invalid(
          asked.path() + ".TerminationMessagePolicy",
          policy,
          "must be File or FallbackToLogsOnError");
    }
    return new TerminationMessage(path, fallsBack);
  }

  /** The contract knows true only; false says no more than leaving it out. */
  private static boolean readOnlyRoot(@Nullable SecurityContextRequest context) {
    return context != null && Boolean.TRUE.equals(context.readOnlyRootFilesystem());
  }

  private List<String> capabilities(String list, @Nullable SecurityContextRequest context) {
    if (context == null || context.capability() == null) {
      return List.of();
    }
    List<String> added = context.capability().add();
    for (int i = 0; i < added.size(); i++) {
      if (!CAPABILITIES.contains(added.get(i))) {
        findings.invalid(list + "." + (i + 1), added.get(i), "must be NET_ADMIN or NET_RAW");
      }
    }
    return List.copyOf(new TreeSet<>(added));
  }
}
