package io.podyard.controlplane.judge;

import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.GroupRuntime;
import io.podyard.runtime.RuntimeUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads the database and the hosts and reports each broken rule. It may look at a live system: what
 * is in motion looks broken for a moment, so only what stays broken over the whole settling time is
 * a violation.
 */
public final class Judge {

  private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Something that looks. */
  interface Look {
    Set<Violation> look() throws RuntimeUnavailableException;
  }

  private static final Logger log = LoggerFactory.getLogger(Judge.class);

  private final JdbcTemplate jdbc;
  private final InstallationId installation;
  private final Map<HostId, GroupRuntime> hosts;
  private int hostsLeftOut;

  public Judge(JdbcTemplate jdbc, InstallationId installation, Map<HostId, GroupRuntime> hosts) {
    this.jdbc = jdbc;
    this.installation = installation;
    this.hosts = Map.copyOf(hosts);
  }

  /** What is broken in one look. */
  public Set<Violation> look() throws RuntimeUnavailableException {
    Map<HostId, GroupRuntime> there = withoutLost();
    hostsLeftOut = hosts.size() - there.size();
    Set<Violation> violations = new HashSet<>(new HostRules(jdbc, installation, there).look());
    violations.addAll(new HostDiskRules(jdbc, installation, there).look());
    violations.addAll(new HostTaskRules(jdbc, installation, there).look());
    violations.addAll(DatabaseRules.look(jdbc));
    return violations;
  }

  /** How many hosts the last look left out: they are lost and do not answer. */
  public int hostsLeftOut() {
    return hostsLeftOut;
  }

  /** Of a lost host that does not answer nobody knows what it has, and nobody is to. */
  private Map<HostId, GroupRuntime> withoutLost() {
    Map<HostId, GroupRuntime> there = new TreeMap<>(hosts);
    jdbc.query(
        "select id from host where lost_at is not null",
        row -> {
          HostId lost = new HostId(row.getString(1));
          if (!answers(lost)) {
            there.remove(lost);
          }
        });
    return there;
  }

  private boolean answers(HostId host) {
    GroupRuntime runtime = hosts.get(host);
    try {
      return runtime != null && !runtime.report(host).engine().isEmpty();
    } catch (RuntimeUnavailableException e) {
      return false;
    }
  }

  /**
   * What stays broken while the system has time to settle; returns as soon as nothing does.
   *
   * @throws RuntimeUnavailableException if a host does not answer to the end
   */
  public List<Violation> verdict(Duration settle) throws RuntimeUnavailableException {
    return verdict(this::look, settle);
  }

  static List<Violation> verdict(Look look, Duration settle) throws RuntimeUnavailableException {
    long end = System.nanoTime() + settle.toNanos();
    Map<Found, Violation> lasting = null;
    while (true) {
      try {
        Map<Found, Violation> now = found(look.look());
        if (lasting != null) {
          now.keySet().retainAll(lasting.keySet());
        }
        lasting = now;
        if (lasting.isEmpty() || System.nanoTime() > end) {
          return List.copyOf(lasting.values());
        }
      } catch (RuntimeUnavailableException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        log.debug("a host does not answer yet: {}", e.getMessage());
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  /** What one look has found and the next may find again, in other words. */
  private record Found(Rule rule, String subject, String kind) {}

  private static Map<Found, Violation> found(Set<Violation> violations) {
    Map<Found, Violation> result = new HashMap<>();
    violations.forEach(v -> result.put(new Found(v.rule(), v.subject(), v.kind()), v));
    return result;
  }

  /**
   * Compares with what clients were told.
   *
   * @param created groups whose creation was acknowledged
   * @param deleted groups whose deletion was acknowledged
   */
  public List<Violation> acknowledged(
      Collection<ContainerGroupId> created, Collection<ContainerGroupId> deleted) {
    Set<String> alive =
        new HashSet<>(jdbc.queryForList("select id from container_group", String.class));
    Set<String> over =
        new HashSet<>(jdbc.queryForList("select id from container_group_history", String.class));
    List<Violation> violations = new ArrayList<>();
    for (ContainerGroupId id : created) {
      if (!alive.contains(id.value()) && !over.contains(id.value())) {
        violations.add(new Violation(Rule.ACKNOWLEDGED, id.value(), "was created and is lost"));
      }
    }
    for (ContainerGroupId id : deleted) {
      if (alive.contains(id.value())) {
        violations.add(
            new Violation(Rule.ACKNOWLEDGED, id.value(), "was deleted and is still there"));
      }
    }
    return violations;
  }
}
