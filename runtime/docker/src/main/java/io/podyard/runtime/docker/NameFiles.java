package io.podyard.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HostConfig;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.DnsSettings;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.Fence;
import io.podyard.runtime.GroupSpec;
import io.podyard.runtime.HostAlias;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.StaleFenceException;
import io.podyard.runtime.docker.http.CallScope;
import io.podyard.runtime.docker.http.EngineRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hosts file and the resolver of a group. They are the sandbox's, and its containers see the
 * same files, so what is written there holds for all of them at once.
 */
final class NameFiles {

  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** What the engine answers names with in the networks it made. */
  private static final String ENGINES_RESOLVER = "127.0.0.11";

  /** Kernels take 128 KiB in one word of a command. */
  private static final int LONGEST_WORD = 100_000;

  private final EngineCalls calls;
  private final ExecRun execs;
  private final EngineImages images;
  private final SharedContainers shared;

  NameFiles(EngineCalls calls, ExecRun execs, EngineImages images) {
    this.calls = calls;
    this.execs = execs;
    this.images = images;
    this.shared = new SharedContainers(calls);
  }

  void update(InspectContainerResponse sandbox, GroupSpec spec, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    String hosts = content(sandbox.getId(), "/etc/hosts");
    write(sandbox.getId(), "/etc/hosts", hosts, hosts(sandbox, hosts, spec.hostAliases()), fence);
    String resolver = content(sandbox.getId(), "/etc/resolv.conf");
    String wanted = resolver(sandbox, resolver, spec.dns(), fence);
    write(sandbox.getId(), "/etc/resolv.conf", resolver, wanted, fence);
  }

  /** What the engine wrote of the sandbox itself stays; all other lines are the aliases. */
  private static String hosts(
      InspectContainerResponse sandbox, String before, List<HostAlias> aliases) {
    List<String> lines = new ArrayList<>();
    List<String> own = new ArrayList<>();
    List<String> addresses = addresses(sandbox);
    String hostName = String.valueOf(sandbox.getConfig().getHostName());
    for (String line : before.lines().toList()) {
      List<String> words = List.of(line.strip().split("\\s+"));
      List<String> names = words.subList(Math.min(1, words.size()), words.size());
      if (!names.isEmpty()
          && names.stream().allMatch(n -> n.equals("localhost") || n.startsWith("ip6-"))) {
        lines.add(line);
      } else if (names.contains(hostName) && addresses.contains(words.getFirst())) {
        own.add(line);
      }
    }
    for (HostAlias alias : aliases) {
      for (String name : alias.hostnames()) {
        lines.add(alias.ip() + "\t" + name);
      }
    }
    lines.addAll(own);
    return String.join("\n", lines) + "\n";
  }

  private static List<String> addresses(InspectContainerResponse sandbox) {
    Map<String, ContainerNetwork> networks = sandbox.getNetworkSettings().getNetworks();
    return networks == null
        ? List.of()
        : networks.values().stream()
            .map(ContainerNetwork::getIpAddress)
            .filter(ip -> ip != null && !ip.isEmpty())
            .toList();
  }

  private String resolver(
      InspectContainerResponse sandbox, String before, @Nullable DnsSettings dns, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    HostConfig made = sandbox.getHostConfig();
    List<String> madeServers = words(made.getDns());
    DnsSettings first =
        new DnsSettings(madeServers, words(made.getDnsSearch()), words(made.getDnsOptions()));
    DnsSettings wanted = dns == null ? new DnsSettings(List.of(), List.of(), List.of()) : dns;
    if (wanted.equals(first)) {
      // The engine asks the servers that the sandbox was made with.
      return before.contains(ENGINES_RESOLVER)
          ? before
          : text(List.of(ENGINES_RESOLVER), wanted.searches(), wanted.options());
    }
    if (!wanted.nameServers().isEmpty()) {
      return text(wanted.nameServers(), wanted.searches(), wanted.options());
    }
    if (madeServers.isEmpty()) {
      return text(List.of(ENGINES_RESOLVER), wanted.searches(), wanted.options());
    }
    String hosts = hostsResolver(sandbox, fence);
    return dns == null
        ? hosts
        : text(values(hosts, "nameserver"), wanted.searches(), wanted.options());
  }

  private static List<String> words(String @Nullable [] words) {
    return words == null ? List.of() : Arrays.asList(words);
  }

  private static List<String> words(@Nullable List<String> words) {
    return words == null ? List.of() : words;
  }

  private static List<String> values(String file, String key) {
    return file.lines()
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.substring(key.length()).strip())
        .toList();
  }

  private static String text(List<String> servers, List<String> searches, List<String> options) {
    List<String> lines = new ArrayList<>();
    servers.forEach(server -> lines.add("nameserver " + server));
    if (!searches.isEmpty()) {
      lines.add("search " + String.join(" ", searches));
    }
    if (!options.isEmpty()) {
      lines.add("options " + String.join(" ", options));
    }
    return String.join("\n", lines) + "\n";
  }

  /**
   * What the engine gives to containers that name no resolver, seen by one that ends at once: the
   * sandbox was made with a resolver of its own.
   */
  private String hostsResolver(InspectContainerResponse sandbox, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    Map<String, String> labels = new LinkedHashMap<>(sandbox.getConfig().getLabels());
    labels.keySet().retainAll(List.of(Names.INSTALLATION, Names.GROUP, Names.ACCOUNT));
    labels.put(Names.ROLE, Names.ROLE_END);
    String name = labels.get(Names.INSTALLATION) + "-" + labels.get(Names.GROUP) + "-resolver";
    HostConfig config =
        new HostConfig()
            .withNetworkMode("bridge")
            .withReadonlyRootfs(true)
            .withCapDrop(Capability.ALL)
            .withSecurityOpts(List.of("no-new-privileges"))
            .withLogConfig(ContainerLimits.log(1 << 16));
    List<String> command = List.of("cat", "/etc/resolv.conf");
    shared.remove(name, fence);
    shared.make(name, images.sandbox(fence), command, labels, config, fence);
    try {
      if (shared.run(name, LONGEST, fence) != 0) {
        throw new RuntimeUnavailableException("the resolver of the engine's host is not known");
      }
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      calls.<RuntimeException>follow(
          EngineRequest.get("/containers/" + name + "/logs?stdout=1"),
          CallScope.reading(calls.timeout()),
          answer -> new LogFrames(answer.getBody()).forEach((_, bytes) -> text.writeBytes(bytes)));
      return text.toString(StandardCharsets.UTF_8);
    } catch (DockerException e) {
      throw calls.unavailable(e);
    } finally {
      shared.remove(name, fence);
    }
  }

  private String content(String sandbox, String file) throws RuntimeUnavailableException {
    return run(sandbox, List.of("cat", file));
  }

  private void write(String sandbox, String file, String before, String text, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException {
    if (text.equals(before)) {
      return;
    }
    fence.check();
    String command = "write";
    for (String part : parts(text)) {
      String _ = run(sandbox, List.of(command, file, part));
      command = "append";
    }
  }

  /** Whole lines, without the last line break: the program adds it. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (!part.isEmpty()) {
        if (part.length() + line.length() > LONGEST_WORD) {
          parts.add(part.toString());
          part.setLength(0);
        } else {
          part.append('\n');
        }
      }
      part.append(line);
    }
    parts.add(part.toString());
    return parts;
  }

  private String run(String sandbox, List<String> command) throws RuntimeUnavailableException {
    List<String> whole = new ArrayList<>(List.of(SandboxImage.PROGRAM));
    whole.addAll(command);
    try {
      ExecResult result = execs.run(sandbox, whole, LONGEST);
      if (result.exitCode() != 0) {
        throw new RuntimeUnavailableException(
            "the files of sandbox " + sandbox + " cannot be changed: " + result.output().strip());
      }
      return result.output();
    } catch (NoSuchContainerException | CommandTimedOutException e) {
      throw new RuntimeUnavailableException("sandbox " + sandbox + " does not answer", e);
    }
  }
}
