package io.podyard.controlplane.container;

import io.podyard.controlplane.inventory.Inventory;
import io.podyard.controlplane.runtimes.Runtimes;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.runtime.LogQuery;
import io.podyard.runtime.LogStream;
import io.podyard.runtime.NoSuchContainerException;
import io.podyard.runtime.RuntimeUnavailableException;
import io.podyard.runtime.docker.ArchivedLogs;
import io.podyard.runtime.docker.LogArchive;
import org.springframework.stereotype.Component;

/** Logs where they are: on the host of their group or, when that is no more, what was kept. */
@Component
class GroupLogs {

  private final Runtimes runtimes;
  private final Inventory inventory;
  private final ArchivedLogs archived;

  GroupLogs(Runtimes runtimes, Inventory inventory, LogArchive archive) {
    this.runtimes = runtimes;
    this.inventory = inventory;
    this.archived = new ArchivedLogs(archive);
  }

  /**
   * The part of a log that is asked for.
   *
   * @throws NoSuchContainerException if there is no log of it
   */
  String read(HostId host, ContainerGroupId group, String container, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return isNoMore(host)
        ? archived.logs(inventory.installation(), group, container, query)
        : runtimes.of(host).logs(inventory.installation(), host, group, container, query);
  }

  /**
   * The log of an attempt until its end.
   *
   * @param firstAttempt the oldest that is wanted; 0 for the newest that there is
   * @throws NoSuchContainerException if there is no such attempt
   */
  LogStream follow(
      HostId host, ContainerGroupId group, String container, int firstAttempt, LogQuery query)
      throws RuntimeUnavailableException, NoSuchContainerException {
    return isNoMore(host)
        ? archived.follow(inventory.installation(), group, container, firstAttempt, query)
        : runtimes
            .of(host)
            .follow(inventory.installation(), host, group, container, firstAttempt, query);
  }

  /** The runtimes may not have heard of a new one. */
  private boolean isNoMore(HostId host) {
    return !runtimes.know(host) && inventory.host(host).isEmpty();
  }
}
