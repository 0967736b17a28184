package io.soilhub.scalability.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaMigrationIT {

  private static final Duration LIMIT = Duration.ofSeconds(40);

  @TempDir private Path later;
  private final ExecutorService replicas = Executors.newFixedThreadPool(2);
  private DatabaseSettings settings;
  private Connection holder;
  private Connection watcher;

  @BeforeEach
  void aTableInUse() throws SQLException {
    String url = TestPostgres.shared().newDatabase();
    settings = DatabaseSettings.of(url, 10, Duration.ofSeconds(4));
    migration().run();
    holder = connect();
    holder.setAutoCommit(false);
    watcher = connect();
  }

  @AfterEach
  void close() throws Exception {
    holder.close();
    watcher.close();
    replicas.shutdown();
    assertThat(replicas.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTableInUseDelaysAMigrationAndNobodyQueuesBehindIt() throws Exception {
    add("V900__column.sql", "ALTER TABLE node ADD COLUMN trial integer;");
    execute(holder, "LOCK TABLE node IN ROW EXCLUSIVE MODE");
    Future<?> migrated = replicas.submit(migration()::run);
    Await.until("the migration waits", LIMIT, () -> waiting("ALTER TABLE%") == 1);
    // Queues behind the waiting migration, and gets through while the table is still in use.
    execute(watcher, "SET statement_timeout = '20s'");
    assertThat(number(watcher, "SELECT count(*) FROM node")).isZero();
    assertThat(migrated.isDone()).isFalse();
    holder.commit();
    migrated.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(number(watcher, "SELECT count(trial) FROM node")).isZero();
  }

  @Test
  void twoReplicasMakeAnIndexBesideOpenTransactions() throws Exception {
    add("V900__index.sql", index());
    execute(holder, "LOCK TABLE node IN ROW EXCLUSIVE MODE");
    Future<?> one = replicas.submit(migration()::run);
    Future<?> two = replicas.submit(migration()::run);
    Await.until("the index waits", LIMIT, () -> waiting("CREATE INDEX%") == 1);
    holder.commit();
    one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    two.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(validIndexes()).isOne();
  }

  /// As an error of the statement, which Flyway keeps as a failed migration, and as the end of the
  /// replica that made it.
  @ParameterizedTest
  @ValueSource(strings = {"pg_cancel_backend", "pg_terminate_backend"})
  void anIndexThatWasCutOffIsMadeAgain(String cut) throws Exception {
    add("V900__index.sql", index());
    execute(holder, "LOCK TABLE node IN ROW EXCLUSIVE MODE");
    Future<?> cutOff = replicas.submit(migration()::run);
    Await.until("the index waits", LIMIT, () -> waiting("CREATE INDEX%") == 1);
    execute(
        watcher,
        "SELECT %s(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%%'".formatted(cut));
    assertThatThrownBy(() -> cutOff.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
        .hasCauseInstanceOf(FlywayException.class);
    holder.commit();
    assertThat(validIndexes()).isZero();
    migration().run();
    assertThat(validIndexes()).isOne();
  }

  private SchemaMigration migration() {
    return new SchemaMigration(
        settings, Ticker.system(), "classpath:db/migration", "filesystem:" + later);
  }

  private static String index() {
    return """
    DROP INDEX CONCURRENTLY IF EXISTS node_trial;
    CREATE INDEX CONCURRENTLY node_trial ON node (leader);
    """;
  }

  private void add(String file, String sql) throws IOException {
    Files.writeString(later.resolve(file), sql);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
  }

  private long waiting(String statement) {
    return number(
        watcher,
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%s'
        """
            .formatted(statement));
  }

  private long validIndexes() {
    return number(
        watcher,
        """
        SELECT count(*) FROM pg_index
        WHERE indisvalid AND indexrelid = to_regclass('node_trial')
        """);
  }

  private static long number(Connection connection, String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
