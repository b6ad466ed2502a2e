package io.podyard.controlplane.container;

import io.podyard.api.ApiException;
import io.podyard.api.Decoded;
import io.podyard.api.ErrorCode;
import io.podyard.api.Problem;
import io.podyard.api.container.ExecContainerCommandRequest;
import io.podyard.controlplane.account.Caller;
import io.podyard.controlplane.containergroup.OwnGroups;
import io.podyard.controlplane.containergroup.OwnGroups.OwnGroup;
import io.podyard.controlplane.exec.AskedExec;
import io.podyard.controlplane.exec.ExecRecords;
import io.podyard.controlplane.exec.ExecSessions;
import io.podyard.controlplane.idempotency.NonceBurner;
import io.podyard.controlplane.idempotency.NonceUse;
import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.inventory.Regions;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.controlplane.write.NotWrittenException;
import io.podyard.model.HostId;
import io.podyard.model.RegionId;
import io.podyard.runtime.CommandTimedOutException;
import io.podyard.runtime.ContainerStatus;
import io.podyard.runtime.ExecOrder;
import io.podyard.runtime.ExecResult;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Runs commands in containers (contract section 15): waits for their end, or lets the caller talk
 * with them. Each is noted before it begins.
 */
@Component
public class ContainerCommands {

  private static final int MOST_WORDS = 20;
  private static final int LONGEST_WORD = 256;

  /** An interactive shell, which the contract does not allow where one waits for the end. */
  private static final List<String> SHELL = List.of("/bin/bash");

  /** The stock Java SDK waits 10 s for an answer; it should still hear that it took too long. */
  private static final Duration LONGEST = Duration.ofSeconds(7);

  /** The host ends the command after {@link #LONGEST}; so much longer it has to say so. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private static final String ENDED =
      "The command did not end within %d s and was killed.".formatted(LONGEST.toSeconds());

  /** Not every engine can end a command, and one that is far away may not have said so yet. */
  private static final String LATE =
      "The command did not end within %d s, or its host did not answer. It may still be running."
          .formatted(LONGEST.toSeconds());

  private static final Logger log = LoggerFactory.getLogger(ContainerCommands.class);

  private final OwnGroups groups;
  private final Regions regions;
  private final Inventory inventory;
  private final Runtimes runtimes;
  private final HostCalls hosts;
  private final NonceBurner nonces;
  private final ExecSessions sessions;
  private final ExecRecords records;

  ContainerCommands(
      OwnGroups groups,
      Regions regions,
      Inventory inventory,
      Runtimes runtimes,
      HostCalls hosts,
      NonceBurner nonces,
      ExecSessions sessions,
      ExecRecords records) {
    this.groups = groups;
    this.regions = regions;
    this.inventory = inventory;
    this.runtimes = runtimes;
    this.hosts = hosts;
    this.nonces = nonces;
    this.sessions = sessions;
    this.records = records;
  }

  /** What a caller gets of a command. */
  public sealed interface Outcome {

    /** It has ended, with whatever exit code; this is what it wrote. */
    record Ended(String output) implements Outcome {}

    /** It begins when its session is opened. */
    record Offered(ExecSessions.Offered secrets) implements Outcome {}
  }

  /**
   * Runs a command, or lets it be talked with.
   *
   * @throws ApiException with every problem of the request, or if there is no such group or
   *     container, it does not run, or the command does not end within {@link #LONGEST}; then it is
   *     killed, and only where the answer says so it may go on running
   * @throws NotWrittenException if the nonce could not be burnt; then nothing was run
   */
  public Outcome exec(Caller caller, Decoded<ExecContainerCommandRequest> decoded)
      throws NotWrittenException {
    List<Problem> problems = new ArrayList<>();
    RegionId region = regions.read(decoded.draft().regionId(), problems::add);
    check(decoded.draft(), problems);
    ExecContainerCommandRequest request = decoded.orThrow(problems);
    OwnGroup group = groups.require(caller, region, request.containerGroupId());
    String container = Containers.require(group, request.containerName());
    HostId host = group.host();
    boolean waits = Boolean.TRUE.equals(request.sync());
    if (host == null || (!waits && !runs(group, container))) {
      throw notRunning(container, null);
    }
    burn(caller.nonce());
    AskedExec asked =
        new AskedExec(
            caller.account(), caller.key(), group.id(), host, container, order(request, waits));
    return waits ? await(asked) : new Outcome.Offered(sessions.offer(asked));
  }

  private static boolean runs(OwnGroup group, String container) {
    return group.state().container(container).orElseThrow().current()
        instanceof ContainerStatus.Running;
  }

  private static ExecOrder order(ExecContainerCommandRequest request, boolean waits) {
    List<String> command = request.command();
    return waits
        ? new ExecOrder(command, false, false)
        : new ExecOrder(
            command,
            !Boolean.FALSE.equals(request.stdin()),
            request.tty() == null ? command.equals(SHELL) : request.tty());
  }

  private Outcome await(AskedExec asked) {
    String record = records.begin(asked);
    // Not the command itself: it may hold secrets.
    log.info(
        "{} runs a command in container {} of {}", asked.key(), asked.container(), asked.group());
    Integer exitCode = null;
    String outcome = "refused";
    try {
      Run run = hosts.within(LONGEST.plus(MARGIN), LATE, () -> run(asked));
      switch (run) {
        case Run.Ended(ExecResult result) -> {
          exitCode = result.exitCode();
          outcome = "exited";
          return new Outcome.Ended(result.output());
        }
        case Run.Late(boolean ended) -> {
          outcome = ended ? "took too long and was killed" : "took too long and may still run";
          throw new ApiException(ErrorCode.REQUEST_TIMEOUT, ended ? ENDED : LATE);
        }
      }
    } catch (NoSuchContainerException e) {
      outcome = "the container did not run";
      throw notRunning(asked.container(), e);
    } finally {
      end(record, exitCode, outcome);
    }
  }

  /** What has been run is answered also if its end cannot be noted. */
  private void end(String record, @Nullable Integer exitCode, String outcome) {
    try {
      records.end(record, exitCode, outcome);
    } catch (DataAccessException e) {
      log.warn("the end of {} is not noted: {}", record, e.getMessage());
    }
  }

  /** What became of a command. */
  private sealed interface Run {

    record Ended(ExecResult result) implements Run {}

    /**
     * @param ended whether nothing of it runs any more
     */
    record Late(boolean ended) implements Run {}
  }

  private Run run(AskedExec asked) throws RuntimeUnavailableException, NoSuchContainerException {
    try {
      return new Run.Ended(
          runtimes
              .of(asked.host())
              .exec(
                  inventory.installation(),
                  asked.host(),
                  asked.group(),
                  asked.container(),
                  asked.order().command(),
                  LONGEST));
    } catch (CommandTimedOutException e) {
      return new Run.Late(e.ended());
    }
  }

  /** Before the command: a replayed request must not run it a second time. */
  private void burn(@Nullable NonceUse nonce) throws NotWrittenException {
    if (nonce != null && !nonces.burn(nonce)) {
      throw new ApiException(
          ErrorCode.SIGNATURE_NONCE_USED, "The nonce of the signature was used before.");
    }
  }

  private static ApiException notRunning(String container, @Nullable Exception cause) {
    return new ApiException(
        ErrorCode.INCORRECT_STATUS,
        "ContainerName: container %s does not run, so nothing can be run in it."
            .formatted(container),
        cause);
  }

  private static void check(ExecContainerCommandRequest request, List<Problem> problems) {
    Containers.requireNamed(request.containerGroupId(), request.containerName(), problems);
    boolean waits = Boolean.TRUE.equals(request.sync());
    checkCommand(request.command(), waits, problems);
    if (waits && Boolean.TRUE.equals(request.tty())) {
      problems.add(
          new Problem(
              ErrorCode.INVALID_PARAMETER,
              "TTY",
              "true",
              "must be false where Sync is true: a terminal needs a session"));
    }
  }

  private static void checkCommand(List<String> command, boolean waits, List<Problem> problems) {
    if (command.isEmpty() || command.getFirst().isEmpty()) {
      problems.add(Problem.missing("Command"));
      return;
    }
    if (command.size() > MOST_WORDS) {
      problems.add(
          Problem.of(
              ErrorCode.INVALID_PARAMETER_VALUE_EXCEEDED,
              "Command",
              "has at most %d entries, not %d".formatted(MOST_WORDS, command.size())));
    }
    command.stream()
        .filter(word -> word.length() > LONGEST_WORD)
        .findFirst()
        .ifPresent(
            word ->
                problems.add(
                    Problem.of(
                        ErrorCode.INVALID_PARAMETER_LENGTH_EXCEEDED,
                        "Command",
                        "has entries of at most %d characters, not %d"
                            .formatted(LONGEST_WORD, word.length()))));
    if (waits && command.equals(SHELL)) {
      problems.add(
          Problem.of(
              ErrorCode.INVALID_PARAMETER,
              "Command",
              "must say what the shell is to run where Sync is true, for example with -c"));
    }
  }
}
