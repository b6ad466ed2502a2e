package io.podyard.controlplane.containergroup;

import io.podyard.controlplane.inventory.KnownHost;
import io.podyard.controlplane.write.Columns;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.HostId;
import io.podyard.model.Size;
import io.podyard.scheduler.GpuRequest;
import io.podyard.scheduler.SpotHost;
import io.podyard.scheduler.Taken;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Hosts with spot groups, with who may be asked to leave, who leaves, and to whom it is promised.
 */
final class SpotHosts {

  /** Of spot groups that are not protected; those that end by themselves are not asked to. */
  private static final String ON_HOSTS =
      """
      select r.host_id, r.group_id, r.milli_cpu, r.memory_mib, r.disk_mib, r.gpu_devices,
             r.gpu_milli_each, g.created_at, s.noticed_at is not null
      from container_group g
           join spot_group s on s.group_id = g.id
           join reservation r on r.group_id = g.id
      where g.spot and g.host_id is not null and g.final_at is null and g.goal = 'RUN'
        and s.protected_until <= now() and (?::text is null or g.host_id = ?)
      order by g.id
      """;

  private static final class Found {
    private final List<SpotHost.Group> groups = new ArrayList<>();
    private final List<Taken> leaving = new ArrayList<>();
    private final List<SpotHost.Promise> promised = new ArrayList<>();

    /** Whether a release promised some of it that did not tell of how many GPUs. */
    private boolean unknownGpus;
  }

  private final JdbcTemplate jdbc;

  SpotHosts(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * All of them.
   *
   * @param known a host as it is; none for one that is not to be looked at
   */
  List<SpotHost> all(Function<HostId, Optional<KnownHost>> known) {
    return read(null, known, "");
  }

  /** One, in a transaction: those that may be asked are locked, and others left out. */
  Optional<SpotHost> locked(HostId host, Function<HostId, Optional<KnownHost>> known) {
    return read(host, known, " for no key update of g skip locked").stream().findFirst();
  }

  private List<SpotHost> read(
      @Nullable HostId only, Function<HostId, Optional<KnownHost>> known, String locks) {
    Map<HostId, Found> found = new TreeMap<>();
    @Nullable String id = only == null ? null : only.value();
    jdbc.query(
        ON_HOSTS + locks,
        row -> {
          Found on = found.computeIfAbsent(new HostId(row.getString(1)), host -> new Found());
          if (row.getBoolean(9)) {
            on.leaving.add(taken(row));
          } else {
            on.groups.add(
                new SpotHost.Group(
                    new ContainerGroupId(row.getString(2)),
                    taken(row),
                    row.getObject(8, OffsetDateTime.class).toInstant()));
          }
        },
        id,
        id);
    promises(found);
    List<SpotHost> hosts = new ArrayList<>();
    found.forEach(
        (host, on) ->
            known
                .apply(host)
                .map(KnownHost::snapshot)
                .filter(snapshot -> !on.unknownGpus || snapshot.gpus().count() == 0)
                .ifPresent(
                    snapshot ->
                        hosts.add(new SpotHost(snapshot, on.groups, on.leaving, on.promised))));
    return hosts;
  }

  private void promises(Map<HostId, Found> found) {
    jdbc.query(
        """
        select p.host_id, p.milli_cpu, p.memory_mib, p.disk_mib, p.gpu_count, p.gpu_milli_each
        from spot_promise p join container_group g on g.id = p.group_id
        where p.host_id = any(?::text[]) and g.goal = 'RUN'
          and coalesce(g.host_id, '') = '' and g.status = 'Scheduling'
        order by p.made_at, p.group_id
        """,
        Columns.of(List.copyOf(found.keySet())).text(HostId::value),
        row -> {
          Found on = found.get(new HostId(row.getString(1)));
          if (on != null) {
            Integer gpus = row.getObject(5, Integer.class);
            on.unknownGpus |= gpus == null;
            on.promised.add(
                new SpotHost.Promise(
                    Size.of(row.getInt(2), row.getInt(3)),
                    row.getInt(4),
                    gpus == null ? GpuRequest.NONE : new GpuRequest(gpus, row.getInt(6))));
          }
        });
  }

  private static Taken taken(ResultSet row) throws SQLException {
    return new Taken(
        Size.of(row.getInt(3), row.getInt(4)), row.getInt(5), row.getLong(6), row.getInt(7));
  }
}
