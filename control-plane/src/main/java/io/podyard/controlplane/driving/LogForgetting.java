package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.EndedGroups;
import io.podyard.controlplane.containergroup.GroupRemains;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Has hosts drop the logs of groups whose record is over. A call to forget may get lost, so a host
 * is asked for a log afterwards: only when it knows none is the group done with.
 */
final class LogForgetting {

  /** As little of a log as there can be. */
  private static final LogQuery ANY = new LogQuery(1, 1, null, false, false);

  private static final Logger log = LoggerFactory.getLogger(LogForgetting.class);

  private final EndedGroups ended;
  private final Runtimes runtimes;
  private final InstallationId installation;
  private final SideBySide hosts;

  LogForgetting(
      EndedGroups ended, Runtimes runtimes, InstallationId installation, SideBySide hosts) {
    this.ended = ended;
    this.runtimes = runtimes;
    this.installation = installation;
    this.hosts = hosts;
  }

  /**
   * Begins with the hosts of a shard that are not busy with it; what does not work out now is tried
   * again in the next round.
   */
  void round(int shard) {
    try {
      ended.remains(shard).stream()
          .collect(Collectors.groupingBy(GroupRemains::host))
          .forEach((host, remains) -> hosts.on(host, () -> forget(remains)));
    } catch (DataAccessException e) {
      log.debug("logs of shard {} are forgotten later: {}", shard, e.getMessage());
    }
  }

  /** Those of one host, until it does not answer. */
  private void forget(List<GroupRemains> all) {
    List<GroupRemains> forgotten = new ArrayList<>();
    try {
      for (GroupRemains remains : all) {
        if (forget(remains)) {
          forgotten.add(remains);
        }
      }
    } catch (RuntimeUnavailableException e) {
      log.debug("host {} forgets later: {}", all.getFirst().host(), e.getMessage());
    }
    try {
      ended.forgotten(forgotten);
    } catch (DataAccessException e) {
      log.debug("forgotten logs are noted later: {}", e.getMessage());
    }
  }

  private boolean forget(GroupRemains remains) throws RuntimeUnavailableException {
    GroupRuntime runtime = runtimes.of(remains.host());
    runtime.forget(installation, remains.host(), remains.group());
    for (String container : remains.containers()) {
      if (hasLog(runtime, remains, container)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasLog(GroupRuntime runtime, GroupRemains remains, String container)
      throws RuntimeUnavailableException {
    try {
      String _ = runtime.logs(installation, remains.host(), remains.group(), container, ANY);
      return true;
    } catch (NoSuchContainerException e) {
      return false;
    }
  }

  /** Those that do it, for whoever ends more than this. */
  ExecutorService threads() {
    return hosts.threads();
  }
}
