package io.soilhub.scalability.cache.postgres;

import io.soilhub.scalability.platform.postgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Steps of several actors in a given order. The next step begins when the one before has ended or
/// waits for a lock of PostgreSQL.
final class Stage implements AutoCloseable {

  private static final String WAITING =
      "SELECT count(*) FROM pg_stat_activity"
          + " WHERE datname = current_database() AND wait_event_type = 'Lock'";
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

  private final Database database;
  private final Map<String, ExecutorService> actors = new HashMap<>();
  private final Map<String, Future<?>> last = new HashMap<>();

  Stage(Database database) {
    this.database = database;
  }

  /// Lets an actor do its next step.
  void step(String actor, Database.Work<?> step, Connection connection) {
    Future<?> running =
        actors
            .computeIfAbsent(actor, _ -> Executors.newSingleThreadExecutor())
            .submit(() -> step.run(connection));
    last.put(actor, running);
    long deadline = System.nanoTime() + PATIENCE;
    while (!running.isDone() && waiting() == 0) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("a step of " + actor + " neither ends nor waits");
      }
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
    }
  }

  /// Waits for every actor's last step.
  void end() throws Exception {
    for (Future<?> running : last.values()) {
      running.get(PATIENCE, TimeUnit.NANOSECONDS);
    }
  }

  private long waiting() {
    return database.inStatement(Stage::countWaiting);
  }

  private static long countWaiting(Connection connection) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(WAITING);
        ResultSet row = s.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    actors.values().forEach(ExecutorService::shutdownNow);
  }
}
