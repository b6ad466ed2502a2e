package io.podyard.controlplane.keptlog;

import io.podyard.controlplane.settings.PodyardSettings;
import io.podyard.model.ContainerGroupId;
import io.podyard.model.InstallationId;
import io.podyard.runtime.docker.LogArchive;
import io.podyard.runtime.pod.ContainerName;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Kept logs in the database, where every process of an installation reaches them. A database is one
 * installation's, so its id is of no matter here. The logs of a group are deleted when its record
 * is over, by whoever is asked to forget them or by {@link KeptLogSweep}.
 */
@Component
public class DatabaseLogs implements LogArchive {

  /** Each holds a chunk in memory and now and then a connection of the pool. */
  private static final int MOST_AT_ONCE = 8;

  private final KeptLogTables tables;
  private final long mostBytes;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);

  @Autowired
  DatabaseLogs(JdbcTemplate jdbc, TransactionTemplate jdbcTransaction, PodyardSettings settings) {
    this(new KeptLogTables(jdbc, jdbcTransaction), settings.logs().perAttempt().toBytes());
  }

  DatabaseLogs(KeptLogTables tables, long mostBytes) {
    this.tables = tables;
    this.mostBytes = mostBytes;
  }

  @Override
  public <X extends Exception> void keep(ContainerName name, Text<X> text) throws IOException, X {
    try {
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before the log was kept", e);
    }
    try (KeptLogWriting writing = new KeptLogWriting(tables, name, mostBytes)) {
      text.writeTo(writing);
      writing.finish();
    } finally {
      places.release();
    }
  }

  @Override
  public Optional<InputStream> read(ContainerName name) throws IOException {
    try {
      KeptLogTables.Kept kept = tables.find(name).orElse(null);
      return kept == null ? Optional.empty() : Optional.of(KeptLogReading.of(tables, kept));
    } catch (DataAccessException e) {
      throw new IOException("the database does not answer", e);
    }
  }

  @Override
  public List<Integer> attempts(
      InstallationId installation, ContainerGroupId group, String container) throws IOException {
    try {
      return tables.attempts(group, container);
    } catch (DataAccessException e) {
      throw new IOException("the database does not answer", e);
    }
  }

  @Override
  public void forget(InstallationId installation, ContainerGroupId group) throws IOException {
    try {
      tables.deleteAll(group);
    } catch (DataAccessException e) {
      throw new IOException("the database does not answer", e);
    }
  }
}
