package io.podyard.runtime;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the groups of a pool run. All calls are idempotent and safe to repeat after a crash; none
 * is made inside a database transaction.
 */
public interface GroupRuntime
    extends ImageCommits,
        ImageCopies,
        DataCopies,
        PacketCaptures,
        CoreDumps,
        HostDisks,
        AutoCloseable {

  /** The name of a pool's runtime setting: {@code simulated}, {@code docker}. */
  String name();

  /**
   * What the host says of itself.
   *
   * @throws RuntimeUnavailableException if it does not answer
   */
  HostReport report(HostId host) throws RuntimeUnavailableException;

  /**
   * Everything on the host that belongs to the installation.
   *
   * @throws RuntimeUnavailableException if it does not answer
   */
  List<FoundGroup> list(InstallationId installation, HostId host)
      throws RuntimeUnavailableException;

  /**
   * What all hosts are at, asked for at once: of each one that answers a number that is another one
   * whenever something may have changed of what {@link #list} tells of it. A host that is left out
   * does not answer, or is not this runtime's.
   *
   * @return empty if hosts have to be asked one by one
   * @throws RuntimeUnavailableException if nobody answers for any host
   */
  default Optional<Map<HostId, Long>> revisions() throws RuntimeUnavailableException {
    return Optional.empty();
  }

  /**
   * What groups used until now. A group of which no container runs is left out, and so is one that
   * could not be asked in time: nobody waits long for figures. Engines that know of no statistics
   * have none.
   *
   * @throws RuntimeUnavailableException if the host does not answer at all
   */
  List<GroupStatistics> statistics(
      InstallationId installation, HostId host, Collection<GroupLimits> groups)
      throws RuntimeUnavailableException;

  /**
   * Brings a group nearer to its goal, as far as that goes without waiting. Level-triggered: it
   * looks at what is there, stores what it is about to do, does it, and looks again. Nothing relies
   * on an earlier call. One group is driven by one caller at a time.
   *
   * @return when to call again even if nothing is heard of the group; empty if there is nothing to
   *     wait for by time
   * @throws RuntimeUnavailableException if the host does not answer; call again later
   * @throws StaleFenceException if the right to drive is gone
   */
  Optional<Instant> drive(GroupOrder order, Fence fence, GroupJournal journal)
      throws RuntimeUnavailableException, StaleFenceException;

  /**
   * Removes what the host has of a group that nobody knows.
   *
   * @throws RuntimeUnavailableException if the host does not answer
   * @throws StaleFenceException if the right to drive is gone
   */
  void removeUnknown(InstallationId installation, HostId host, ContainerGroupId group, Fence fence)
      throws RuntimeUnavailableException, StaleFenceException;

  /** Drops what is kept of a group whose record is over: the logs of its containers. */
  void forget(InstallationId installation, HostId host, ContainerGroupId group);

  /**
   * Forgets what it remembers of a group that ended with its host, and checks nothing of it any
   * more. Asks no host.
   */
  void abandon(InstallationId installation, HostId host, ContainerGroupId group);

  /**
   * Calls back, from any thread and quickly, whenever something may have changed with a group. May
   * call too often; a call may also be lost, which is why groups are driven by time as well.
   */
  AutoCloseable watch(InstallationId installation, HostId host, Consumer<ContainerGroupId> changed);

  /**
   * The log of a container, also of one that ended.
   *
   * @throws NoSuchContainerException if there is none
   * @throws RuntimeUnavailableException if the host does not answer
   */
  String logs(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException;

  /**
   * Runs a command in a running container and waits for its end. A command that takes longer than
   * it may is ended, with all that it started in its session.
   *
   * @throws NoSuchContainerException if it is not running
   * @throws CommandTimedOutException if the time is over; says whether the command was ended
   * @throws RuntimeUnavailableException if the host does not answer; the command may run
   */
  ExecResult exec(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      List<String> command,
      Duration timeout)
      throws RuntimeUnavailableException, NoSuchContainerException, CommandTimedOutException;

  /**
   * Runs a command in a running container and talks with it. The host ends it with the session,
   * also if nobody hears of its end.
   *
   * @throws NoSuchContainerException if the container is not running
   * @throws RuntimeUnavailableException if the host does not answer; the command may run
   */
  ExecSession open(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      ExecOrder order)
      throws RuntimeUnavailableException, NoSuchContainerException;

  /**
   * Follows the log of a container from one run on. It ends with the run; who wants to go on asks
   * for the next one.
   *
   * @param firstAttempt the earliest run that is meant, 0 for the newest; runs that are no longer
   *     known are left out
   * @param query its lines and time say where to begin; its limit of bytes is of no matter, and
   *     timestamps are always told apart from the text
   * @throws NoSuchContainerException if there is no such run (yet)
   * @throws RuntimeUnavailableException if the host does not answer
   */
  LogStream follow(
      InstallationId installation,
      HostId host,
      ContainerGroupId group,
      String container,
      int firstAttempt,
      LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException;

  @Override
  void close();
}
