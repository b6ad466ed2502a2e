package io.podyard.runtime.simulated;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.podyard.runtime.ContainerSpec;
import io.podyard.runtime.EnvironmentVariable;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.TerminationMessage;
import io.podyard.runtime.pod.ContainerOrder;
import io.podyard.runtime.pod.ContainerRefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a container's spec says of how it behaves here, beside its image and its command.
 *
 * @param message what it leaves as its message when it ends, null if only what it writes
 * @param messagePath the file whose content is its message
 * @param fallsBackToLogs whether the end of its log stands for an empty message of a bad end
 * @param checks how checks come out with time, as {@link CheckPhases} reads it, by kind
 * @param gpus the GPUs that it sees; processes of earlier releases do not hear of none
 */
record Conduct(
    @Nullable String message,
    String messagePath,
    boolean fallsBackToLogs,
    Map<CheckKind, String> checks,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> gpus) {

  /** Of a container whose spec says nothing of it. */
  static final Conduct PLAIN =
      new Conduct(null, TerminationMessage.DEFAULT_PATH, false, Map.of(), List.of());

  static final String MESSAGE = "PODYARD_SIMULATED_MESSAGE";

  /** For all kinds; with {@code _EXEC}, {@code _HTTP} or {@code _TCP} behind it for one. */
  static final String CHECKS = "PODYARD_SIMULATED_CHECKS";

  /** As Kubernetes cuts a log that stands for a message. */
  private static final LogQuery END_OF_LOG = new LogQuery(80, 2048, null, false, false);

  Conduct {
    checks = Map.copyOf(checks);
    // Absent from clients of earlier releases.
    gpus = gpus == null ? List.of() : List.copyOf(gpus);
  }

  /**
   * From an order.
   *
   * @throws ContainerRefusedException if a variable of ours cannot be understood, or the container
   *     may not run as root and would
   */
  static Conduct of(ContainerOrder order) throws ContainerRefusedException {
    ContainerSpec spec = order.spec();
    refuseRoot(spec);
    String message = null;
    Map<CheckKind, String> checks = new TreeMap<>();
    for (EnvironmentVariable variable : spec.environment()) {
      if (variable.source() != EnvironmentVariable.Source.VALUE) {
        continue;
      }
      String value = variable.value().reveal();
      if (variable.name().equals(MESSAGE)) {
        message = value;
      }
      for (CheckKind kind : CheckKind.values()) {
        if (variable.name().equals(CHECKS + "_" + kind)) {
          checks.put(kind, understood(spec, variable.name(), value));
        } else if (variable.name().equals(CHECKS)) {
          checks.putIfAbsent(kind, understood(spec, variable.name(), value));
        }
      }
    }
    TerminationMessage wanted = spec.terminationMessage();
    return new Conduct(message, wanted.path(), wanted.fallsBackToLogs(), checks, order.gpus());
  }

  private static String understood(ContainerSpec spec, String name, String value)
      throws ContainerRefusedException {
    try {
      CheckPhases _ = CheckPhases.of(value);
      return value;
    } catch (IllegalArgumentException e) {
      throw new ContainerRefusedException(
          "CreateContainerError", "container " + spec.name() + ": " + name + " " + e.getMessage());
    }
  }

  /** Simulated images run as root unless their name says otherwise. */
  private static void refuseRoot(ContainerSpec spec) throws ContainerRefusedException {
    Long user = spec.runAsUser();
    boolean root = user == null ? !spec.image().contains("nonroot") : user == 0;
    if (spec.runAsNonRoot() && root) {
      throw new ContainerRefusedException(
          "CreateContainerConfigError",
          "container "
              + spec.name()
              + ": it must not run as root, but "
              + (user == null ? "its image runs as root" : "is to run as user 0"));
    }
  }

  boolean passes(CheckKind kind, Duration ran) {
    String phases = checks.get(kind);
    return phases == null || CheckPhases.of(phases).passAt(ran);
  }

  /** What it says of its end. */
  String lastWords(@Nullable Program program, LogBook log, Duration ran, int exitCode) {
    String written = program == null ? "" : program.file(messagePath, ran);
    String said = written.isEmpty() && message != null ? message : written;
    if (said.isEmpty() && fallsBackToLogs && exitCode != 0) {
      return log.text(END_OF_LOG);
    }
    byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
    int cut = Math.max(0, bytes.length - TerminationMessage.LONGEST_BYTES);
    return new String(bytes, cut, bytes.length - cut, StandardCharsets.UTF_8);
  }
}
