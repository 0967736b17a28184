package io.soilhub.scalability.platform.postgres;

import io.soilhub.scalability.platform.core.Ticker;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.postgresql.ds.PGSimpleDataSource;

/// Brings the schema to the version of this code while replicas of the version before work on it.
/// Flyway holds an advisory lock for each migration, so that replicas that start together make it
/// once.
///
/// A statement that changes a table waits for everybody who uses it, and everybody who comes after
/// it waits behind it. So a migration gives up its place after [#LOCK_TIMEOUT] and tries again
/// later. One that runs outside a transaction (`CREATE INDEX CONCURRENTLY`) may wait longer: nobody
/// who reads or writes waits behind it.
final class SchemaMigration {

  static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration LOCK_TIMEOUT_OF_CONCURRENT = Duration.ofMinutes(10);
  private static final int ATTEMPTS = 10;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  /// lock_not_available, deadlock_detected
  private static final Set<String> LOCKED = Set.of("55P03", "40P01");

  /// A migration outside a transaction that failed has left a row that forbids every further one.
  /// Such migrations can be repeated from the start, so that the row is of no use.
  private static final String FORGET_FAILED =
      """
      DO $$ BEGIN
        IF to_regclass('flyway_schema_history') IS NOT NULL THEN
          DELETE FROM flyway_schema_history WHERE NOT success;
        END IF;
      END $$
      """;

  private static final Logger LOG = System.getLogger(SchemaMigration.class.getName());

  private final DataSource source;
  private final Flyway flyway;
  private final Ticker ticker;

  /// @param locations of the migrations, as Flyway writes them
  SchemaMigration(DatabaseSettings settings, Ticker ticker, String... locations) {
    this.source = source(settings);
    this.flyway = flyway(source, locations);
    this.ticker = ticker;
  }

  /// @throws FlywayException when a migration failed, or found its table locked at every attempt
  void run() {
    for (int attempt = 1; ; attempt++) {
      try {
        forgetFailed();
        flyway.migrate();
        return;
      } catch (FlywayException e) {
        if (!isLocked(e) || attempt == ATTEMPTS) {
          throw e;
        }
        LOG.log(
            Level.WARNING,
            "a migration found its table locked, attempt {0} of {1}",
            attempt,
            ATTEMPTS);
        pause(attempt, e);
      }
    }
  }

  /// Connections outside the pool: an index of a large table takes longer than any answer that the
  /// pool would wait for.
  private static DataSource source(DatabaseSettings settings) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(settings.jdbcUrl());
    source.setUser(settings.user());
    source.setPassword(settings.password());
    source.setConnectTimeout((int) Math.max(1, settings.timeout().toSeconds()));
    source.setTcpKeepAlive(true);
    source.setApplicationName("scalability");
    return source;
  }

  private static Flyway flyway(DataSource source, String... locations) {
    var configuration =
        Flyway.configure(SchemaMigration.class.getClassLoader())
            .dataSource(source)
            .locations(locations)
            .callbacks(new Timeouts())
            .validateMigrationNaming(true)
            .connectRetries(0);
    // Held by the session: CREATE INDEX CONCURRENTLY waits for all older transactions, and would
    // wait for the one that holds the lock.
    configuration
        .getPluginRegister()
        .getExact(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  private void forgetFailed() {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(FORGET_FAILED);
    } catch (SQLException e) {
      throw DatabaseUnavailable.of(e);
    }
  }

  private void pause(int attempt, FlywayException failure) {
    Duration doubled = Duration.ofSeconds(1L << (attempt - 1));
    try {
      ticker.pause(doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private static boolean isLocked(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && LOCKED.contains(String.valueOf(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /// How long each migration may wait for locks. The build of an index may take as long as it does,
  /// but ends with the process that asked for it.
  private static final class Timeouts extends BaseCallback {

    @Override
    public boolean supports(Event event, Context context) {
      return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
      try (Statement statement = context.getConnection().createStatement()) {
        Duration lock =
            context.getConnection().getAutoCommit() ? LOCK_TIMEOUT_OF_CONCURRENT : LOCK_TIMEOUT;
        statement.execute(
            "SET lock_timeout = %d; SET statement_timeout = 0; SET client_connection_check_interval = 5000"
                .formatted(lock.toMillis()));
      } catch (SQLException e) {
        throw DatabaseUnavailable.of(e);
      }
    }
  }
}
