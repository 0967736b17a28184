package io.soilhub.scalability.platform.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Ticker;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.cfg.AvailableSettings;
import org.postgresql.Driver;

/// PostgreSQL: the connections of a replica, JPA on them for lists, plain JDBC for all else. They
/// belong to the application and not to the server, so that the same code runs in the server, in
/// plain tests and in the benchmarks (docs/decisions.md).
///
/// Each kind of work has a pool of its own ([Pool]): what waits for a connection waits for its own
/// kind alone. The pools open without a server to talk to; [#migrate] and every use fail with
/// [DatabaseUnavailable] until there is one.
public final class Database implements AutoCloseable {

  /// Work on one connection inside one transaction.
  @FunctionalInterface
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /// Who shares connections with whom. However many callers are stuck in one pool, the others work.
  public enum Pool {
    /// The group commits of the journal.
    WRITER,
    /// What keeps the replica in the cluster and its jobs under watch: leadership, signs of life,
    /// verdicts on runs, the walk over the open jobs.
    CONTROL,
    /// Lists and single reads for callers of the API: read only, each transaction of one moment,
    /// each statement within the time limit of the settings.
    READER,
    /// All else.
    GENERAL
  }

  /// What a pool does at the moment.
  public record PoolState(int active, int idle, int waiting, int max) {}

  private static final String OUT_OF_TIME = "57014";

  private final DatabaseSettings settings;
  private final Map<Pool, HikariDataSource> pools = new EnumMap<>(Pool.class);
  private final Object jpaLock = new Object();
  private volatile EntityManagerFactory jpa;
  private volatile Ticker.Listener listener = (_, _) -> {};

  public Database(DatabaseSettings settings) {
    this.settings = settings;
    for (Pool pool : Pool.values()) {
      pools.put(pool, open(pool, settings));
    }
  }

  private static HikariDataSource open(Pool pool, DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("postgres-" + pool.name().toLowerCase(Locale.ROOT));
    // By name: DriverManager looks for drivers once in a JVM, in the first application of the
    // server.
    config.setDriverClassName(Driver.class.getName());
    config.setJdbcUrl(settings.jdbcUrl());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.poolSize(pool));
    config.setMinimumIdle(1);
    config.setConnectionTimeout(Math.max(250, settings.timeout().toMillis()));
    config.setValidationTimeout(Math.max(250, settings.timeout().toMillis() / 2));
    config.setInitializationFailTimeout(-1);
    // As text: the driver looks over values of any other type.
    long seconds = settings.timeout().toSeconds();
    config.addDataSourceProperty("socketTimeout", Long.toString(Math.max(30, seconds)));
    config.addDataSourceProperty("connectTimeout", Long.toString(Math.max(1, seconds)));
    config.addDataSourceProperty("ApplicationName", "scalability");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    if (pool == Pool.CONTROL || pool == Pool.READER) {
      // Few statements, over tables that grow under them: planned each time, for what is there
      // then.
      config.addDataSourceProperty("prepareThreshold", "0");
    }
    if (pool == Pool.READER) {
      config.setReadOnly(true);
      config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
      config.setConnectionInitSql("SET statement_timeout = " + settings.timeout().toMillis());
    }
    return new HikariDataSource(config);
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
    return inTransaction(Pool.GENERAL, work);
  }

  /// As [#inTransaction(Work)], on a connection of that pool.
  ///
  /// @throws Problem of kind UNAVAILABLE when a reader waits too long, for a connection or an
  ///   answer
  public <T> T inTransaction(Pool pool, Work<T> work) {
    return timed(() -> transaction(pool, work));
  }

  private <T> T transaction(Pool pool, Work<T> work) {
    try (Connection connection = pools.get(pool).getConnection()) {
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
      throw failure(pool, e);
    }
  }

  /// Work of a single statement, which commits by itself: saves the round trip of a commit.
  ///
  /// @throws DatabaseUnavailable when PostgreSQL cannot be reached
  /// @throws QueryFailed when the statement itself is refused
  public <T> T inStatement(Work<T> work) {
    return inStatement(Pool.GENERAL, work);
  }

  /// As [#inStatement(Work)], on a connection of that pool.
  ///
  /// @throws Problem of kind UNAVAILABLE when a reader waits too long, for a connection or an
  ///   answer
  public <T> T inStatement(Pool pool, Work<T> work) {
    return timed(
        () -> {
          try (Connection connection = pools.get(pool).getConnection()) {
            return work.run(connection);
          } catch (SQLException e) {
            throw failure(pool, e);
          }
        });
  }

  /// Reads through JPA in one transaction of the readers.
  ///
  /// @throws Problem of kind UNAVAILABLE when it waits too long, for a connection or an answer
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
      throw ofReader(e).orElseGet(() -> DatabaseUnavailable.translated(e));
    }
  }

  private RuntimeException failure(Pool pool, SQLException e) {
    return pool == Pool.READER
        ? ofReader(e).orElseGet(() -> DatabaseUnavailable.of(e))
        : DatabaseUnavailable.of(e);
  }

  /// What a reader is told when the database is there and only he did not get what he asked for.
  private Optional<RuntimeException> ofReader(Exception e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && OUT_OF_TIME.equals(sql.getSQLState())) {
        String detail =
            "Reading this took longer than %d ms and was given up. Ask for less: name another"
                + " filter or a smaller limit.";
        return busy("query-timeout", detail.formatted(settings.timeout().toMillis()), e);
      }
      // The pool names the last failure to connect as the cause, when there is one.
      if (t instanceof SQLTransientConnectionException && t.getCause() == null) {
        return busy("readers-busy", "Too much is being read at the moment.", e);
      }
    }
    return Optional.empty();
  }

  private static Optional<RuntimeException> busy(String type, String detail, Exception e) {
    return Optional.of(Problem.unavailable(type, detail, Duration.ofSeconds(1), e));
  }

  /// Asks the server for a sign of life.
  ///
  /// @throws DatabaseUnavailable when there is none
  public void ping() {
    int seconds = (int) Math.max(1, settings.timeout().toSeconds());
    inTransaction(
        Pool.CONTROL,
        connection -> {
          if (!connection.isValid(seconds)) {
            throw new SQLException("no answer within %d s".formatted(seconds), "08006");
          }
          return null;
        });
  }

  /// A connection outside the transaction helper, for advisory locks that live as long as it does.
  /// The caller closes it.
  Connection connection() throws SQLException {
    return pools.get(Pool.CONTROL).getConnection();
  }

  /// Ends a connection for good instead of giving it back to the pool.
  void discard(Connection connection) {
    pools.get(Pool.CONTROL).evictConnection(connection);
    try {
      connection.close();
    } catch (SQLException _) {
      // it was broken already
    }
  }

  /// Connections of this replica in use, idle, and callers waiting for one.
  public PoolState poolState(Pool pool) {
    HikariDataSource source = pools.get(pool);
    HikariPoolMXBean state = source.getHikariPoolMXBean();
    return new PoolState(
        state.getActiveConnections(),
        state.getIdleConnections(),
        state.getThreadsAwaitingConnection(),
        source.getMaximumPoolSize());
  }

  @Override
  public void close() {
    synchronized (jpaLock) {
      if (jpa != null) {
        jpa.close();
      }
    }
    pools.values().forEach(HikariDataSource::close);
  }

  /// Built at first use: Hibernate asks the server for its version, so it has to be there.
  private EntityManagerFactory jpa() {
    if (jpa == null) {
      synchronized (jpaLock) {
        if (jpa == null) {
          jpa =
              Persistence.createEntityManagerFactory(
                  "scalability",
                  Map.of(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, pools.get(Pool.READER)));
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
