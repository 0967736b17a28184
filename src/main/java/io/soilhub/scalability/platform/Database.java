package io.soilhub.scalability.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.cfg.AvailableSettings;

/// PostgreSQL: one pool a replica, JPA on it for reads and administration, plain JDBC on it for the
/// hot batch paths. The pool belongs to the application and not to the server, so that the same
/// code runs in the server, in plain tests and in the benchmarks (docs/decisions.md).
///
/// The pool opens without a server to talk to; [#migrate] and every use fail with
/// [DatabaseUnavailable] until there is one.
public final class Database implements AutoCloseable {

  /// Work on one connection inside one transaction.
  @FunctionalInterface
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /// What the pool does at the moment.
  public record PoolState(int active, int idle, int waiting, int max) {}

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private final Object jpaLock = new Object();
  private volatile EntityManagerFactory jpa;
  private volatile Ticker.Listener listener = (_, _) -> {};

  public Database(DatabaseSettings settings) {
    this.settings = settings;
    HikariConfig config = new HikariConfig();
    config.setPoolName("postgres");
    config.setJdbcUrl(settings.jdbcUrl());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(2);
    config.setConnectionTimeout(Math.max(250, settings.timeout().toMillis()));
    config.setValidationTimeout(Math.max(250, settings.timeout().toMillis() / 2));
    config.setInitializationFailTimeout(-1);
    // As text: the driver looks over values of any other type.
    long seconds = settings.timeout().toSeconds();
    config.addDataSourceProperty("socketTimeout", Long.toString(Math.max(30, seconds)));
    config.addDataSourceProperty("connectTimeout", Long.toString(Math.max(1, seconds)));
    config.addDataSourceProperty("ApplicationName", "scalability");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    this.pool = new HikariDataSource(config);
  }

  /// Brings the schema to this version. A table that is in use delays it.
  public void migrate() {
    new SchemaMigration(settings, Ticker.system(), "classpath:db/migration").run();
  }

  /// One transaction on one connection: committed when `work` returns, rolled back when it throws.
  ///
  /// @throws DatabaseUnavailable when PostgreSQL cannot be reached
  /// @throws QueryFailed when the statement itself is refused
  public <T> T inTransaction(Work<T> work) {
    return timed(() -> transaction(work));
  }

  private <T> T transaction(Work<T> work) {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (Throwable failure) {
        rollback(connection, failure);
        throw failure;
      }
    } catch (SQLException e) {
      throw DatabaseUnavailable.of(e);
    }
  }

  /// Work of a single statement, which commits by itself: saves the round trip of a commit.
  ///
  /// @throws DatabaseUnavailable when PostgreSQL cannot be reached
  /// @throws QueryFailed when the statement itself is refused
  public <T> T inStatement(Work<T> work) {
    return timed(
        () -> {
          try (Connection connection = pool.getConnection()) {
            return work.run(connection);
          } catch (SQLException e) {
            throw DatabaseUnavailable.of(e);
          }
        });
  }

  /// Reads and writes through JPA in one transaction.
  public <T> T withEntities(Function<EntityManager, T> work) {
    return timed(() -> entities(work));
  }

  /// Tells somebody how long each use takes, from the wait for a connection to its end. A use that
  /// throws has failed, whatever it throws.
  public void listen(Ticker.Listener told) {
    this.listener = told;
  }

  private <T> T timed(Supplier<T> use) {
    return Ticker.system().time(listener, use::get);
  }

  private <T> T entities(Function<EntityManager, T> work) {
    try (EntityManager entities = jpa().createEntityManager()) {
      entities.getTransaction().begin();
      try {
        T result = work.apply(entities);
        entities.getTransaction().commit();
        return result;
      } finally {
        if (entities.getTransaction().isActive()) {
          entities.getTransaction().rollback();
        }
      }
    } catch (RuntimeException e) {
      throw DatabaseUnavailable.translated(e);
    }
  }

  /// Asks the server for a sign of life.
  ///
  /// @throws DatabaseUnavailable when there is none
  public void ping() {
    inTransaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
          }
        });
  }

  /// A connection outside the transaction helper, for advisory locks that live as long as it does.
  /// The caller closes it.
  Connection connection() throws SQLException {
    return pool.getConnection();
  }

  /// Ends a connection for good instead of giving it back to the pool.
  void discard(Connection connection) {
    pool.evictConnection(connection);
    try {
      connection.close();
    } catch (SQLException _) {
      // it was broken already
    }
  }

  /// Connections of this replica in use, idle, and callers waiting for one.
  public PoolState poolState() {
    HikariPoolMXBean state = pool.getHikariPoolMXBean();
    return new PoolState(
        state.getActiveConnections(),
        state.getIdleConnections(),
        state.getThreadsAwaitingConnection(),
        pool.getMaximumPoolSize());
  }

  @Override
  public void close() {
    synchronized (jpaLock) {
      if (jpa != null) {
        jpa.close();
      }
    }
    pool.close();
  }

  /// Built at first use: Hibernate asks the server for its version, so it has to be there.
  private EntityManagerFactory jpa() {
    if (jpa == null) {
      synchronized (jpaLock) {
        if (jpa == null) {
          jpa =
              Persistence.createEntityManagerFactory(
                  "scalability", Map.of(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, pool));
        }
      }
    }
    return jpa;
  }

  private static void rollback(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}
