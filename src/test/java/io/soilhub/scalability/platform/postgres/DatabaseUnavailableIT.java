package io.soilhub.scalability.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.soilhub.scalability.testing.Await;
import io.soilhub.scalability.testing.FaultProxy;
import io.soilhub.scalability.testing.TestPostgres;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a caller is told when the connection ends: that nothing was changed only where it is so.
class DatabaseUnavailableIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String UNCHANGED = "nothing was changed";
  private static final String UNKNOWN = "may or may not have been accepted";

  private Database direct;
  private FaultProxy network;
  private Database behind;

  @BeforeEach
  void aNetworkThatCanBeCut() {
    String url = TestPostgres.shared().newDatabase();
    int port = URI.create(url).getPort();
    direct = TestPostgres.open(url);
    network = FaultProxy.before(port);
    behind = TestPostgres.open(url.replace(":" + port + "/", ":" + network.port() + "/"));
    direct.inStatement(connection -> execute(connection, "CREATE TABLE kept (id int)"));
  }

  @AfterEach
  void close() {
    behind.close();
    network.close();
    direct.close();
  }

  @Test
  void aCommitWhoseAnswerIsCutOffMayHaveHappened() {
    DatabaseUnavailable told =
        whenCut(() -> behind.inTransaction(connection -> insertedAndFrozen(connection)));
    assertThat(told).hasMessageContaining(UNKNOWN).hasMessageNotContaining(UNCHANGED);
  }

  @Test
  void aStatementThatCommitsByItselfMayHaveHappened() {
    DatabaseUnavailable told =
        whenCut(
            () ->
                behind.inStatement(
                    connection -> {
                      network.freeze(FaultProxy.Direction.TO_CLIENT);
                      return execute(connection, "INSERT INTO kept VALUES (1)");
                    }));
    assertThat(told).hasMessageContaining(UNKNOWN).hasMessageNotContaining(UNCHANGED);
  }

  /// The pool asks a connection that was used just now nothing before it gives it away.
  @Test
  void aLookAtAServerThatHangsEndsLongBeforeTheSocketDoes() {
    behind.ping();
    network.freeze();
    long begin = System.nanoTime();
    assertThatThrownBy(behind::ping).isInstanceOf(DatabaseUnavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT);
  }

  @Test
  void nothingWasChangedWithoutAConnection() {
    network.refuse();
    DatabaseUnavailable told =
        catchThrowableOfType(
            DatabaseUnavailable.class,
            () ->
                behind.inTransaction(
                    connection -> execute(connection, "INSERT INTO kept VALUES (1)")));
    assertThat(told).hasMessageContaining(UNCHANGED);
    assertThat(kept()).isZero();
  }

  @Test
  void nothingWasChangedByAStatementThatReachedItsTimeLimit() {
    DatabaseUnavailable told =
        catchThrowableOfType(
            DatabaseUnavailable.class,
            () ->
                behind.inTransaction(
                    connection -> {
                      execute(connection, "INSERT INTO kept VALUES (1)");
                      execute(connection, "SET LOCAL statement_timeout = 50");
                      return execute(connection, "SELECT pg_sleep(20)");
                    }));
    assertThat(told).hasMessageContaining(UNCHANGED);
    assertThat(kept()).isZero();
  }

  /// Lets the commit happen and its answer never arrive.
  private DatabaseUnavailable whenCut(Runnable use) {
    try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
      Future<DatabaseUnavailable> told =
          caller.submit(() -> catchThrowableOfType(DatabaseUnavailable.class, use::run));
      Await.until("it is committed", LIMIT, () -> kept() == 1);
      network.reset();
      return told.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private boolean insertedAndFrozen(Connection connection) throws SQLException {
    execute(connection, "INSERT INTO kept VALUES (1)");
    network.freeze(FaultProxy.Direction.TO_CLIENT);
    return true;
  }

  private long kept() {
    return direct.inStatement(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT count(*) FROM kept")) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  private static boolean execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql);
    }
  }
}
