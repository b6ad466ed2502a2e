package io.podyard.controlplane.inventory;

import io.podyard.model.PoolId;
import io.podyard.model.RegionId;
import io.podyard.scheduler.PlacementPolicy;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Pools that operators declare, and those that settings bring, in the tables. */
@Component
public class DeclaredPools {

  private final JdbcTemplate jdbc;

  public DeclaredPools(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** A pool as it is, and who declared it. */
  public record Declared(PoolDeclaration pool, DeclaredBy by, int hosts) {}

  /** All pools, in the order of their ids. */
  public List<Declared> all() {
    return all("true");
  }

  /** One pool. */
  public Optional<Declared> find(PoolId id) {
    return all("p.id = ?", id.value()).stream().findFirst();
  }

  private List<Declared> all(String which, Object... parameters) {
    return jdbc.query(
        """
        select p.id, p.region, p.runtime, p.policy, p.cpu_overcommit, p.declared_by,
               (select count(*) from host h where h.pool_id = p.id), p.compute_category
        from pool p where %s order by p.id
        """
            .formatted(which),
        (row, n) ->
            new Declared(
                new PoolDeclaration(
                    new PoolId(row.getString(1)),
                    new RegionId(row.getString(2)),
                    row.getString(3),
                    PlacementPolicy.valueOf(row.getString(4)),
                    row.getInt(5),
                    row.getString(8)),
                DeclaredBy.valueOf(row.getString(6)),
                row.getInt(7)),
        parameters);
  }

  /**
   * Adds a pool or changes it. Its region and its runtime stay while it has hosts.
   *
   * @return why not; empty if it was done
   */
  public Optional<String> declare(PoolDeclaration pool, DeclaredBy by) {
    Declared known = find(pool.id()).orElse(null);
    if (known != null) {
      if (known.by().keepsFrom(by)) {
        return Optional.of(known.by().says("pool " + pool.id()));
      }
      boolean moved =
          !known.pool().region().equals(pool.region())
              || !known.pool().runtime().equals(pool.runtime());
      if (moved && known.hosts() > 0) {
        return Optional.of(
            "pool %s is of runtime %s in %s as long as it has hosts"
                .formatted(pool.id(), known.pool().runtime(), known.pool().region()));
      }
    }
    jdbc.update(
        """
        insert into pool
          (id, region, runtime, policy, cpu_overcommit, declared_by, compute_category)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict (id) do update
          set region = excluded.region, runtime = excluded.runtime, policy = excluded.policy,
              cpu_overcommit = excluded.cpu_overcommit, declared_by = excluded.declared_by,
              compute_category = excluded.compute_category
        """,
        pool.id().value(),
        pool.region().value(),
        pool.runtime(),
        pool.policy().name(),
        pool.cpuOvercommit(),
        by.name(),
        pool.computeCategory());
    Inventory.count(jdbc, "p.id = ?", pool.id().value());
    return Optional.empty();
  }

  /**
   * Takes a pool away that has no hosts.
   *
   * @return why not; empty if it is gone
   */
  public Optional<String> remove(PoolId pool, DeclaredBy by) {
    Declared known = find(pool).orElse(null);
    if (known == null) {
      return Optional.empty();
    }
    if (known.by().keepsFrom(by)) {
      return Optional.of(known.by().says("pool " + pool));
    }
    if (known.hosts() == 0) {
      try {
        jdbc.update("delete from pool where id = ?", pool.value());
        return Optional.empty();
      } catch (DataIntegrityViolationException e) {
        // A host came in between.
      }
    }
    return Optional.of("pool " + pool + " has hosts");
  }

  /** What a pool means to its hosts, who may be thousands: they are not counted for it. */
  record Kind(RegionId region, String runtime) {}

  Optional<Kind> kind(PoolId pool) {
    return jdbc
        .query(
            "select region, runtime from pool where id = ?",
            (row, n) -> new Kind(new RegionId(row.getString(1)), row.getString(2)),
            pool.value())
        .stream()
        .findFirst();
  }
}
