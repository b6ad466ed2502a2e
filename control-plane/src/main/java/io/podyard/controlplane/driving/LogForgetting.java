package io.podyard.controlplane.driving;

import io.podyard.controlplane.containergroup.EndedGroups;
import io.podyard.controlplane.containergroup.GroupRemains;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  LogForgetting(EndedGroups ended, Runtimes runtimes, InstallationId installation) {
    this.ended = ended;
    this.runtimes = runtimes;
    this.installation = installation;
  }

  /**
   * Goes through the hosts of a shard; what does not work out now is tried again in the next round.
   */
  void round(int shard) {
    try {
      List<GroupRemains> forgotten = new ArrayList<>();
      Set<HostId> silent = new HashSet<>();
      for (GroupRemains remains : ended.remains(shard)) {
        if (silent.contains(remains.host())) {
          continue;
        }
        try {
          if (forget(remains)) {
            forgotten.add(remains);
          }
        } catch (RuntimeUnavailableException e) {
          silent.add(remains.host());
          log.debug("host {} forgets later: {}", remains.host(), e.getMessage());
        }
      }
      ended.forgotten(forgotten);
    } catch (DataAccessException e) {
      log.debug("logs of shard {} are forgotten later: {}", shard, e.getMessage());
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
}
