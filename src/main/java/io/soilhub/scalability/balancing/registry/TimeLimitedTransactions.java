package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.platform.postgres.Database;
import java.sql.Statement;

/// Transactions in which no statement takes longer than four seconds: the server ends it, and where
/// that does not even happen, the connection is given up a second later. Requests go on from memory
/// meanwhile; what must not happen is that one hung statement holds the loop for long.
final class TimeLimitedTransactions {

  private static final int STATEMENT_MILLIS = 4_000;
  private static final int SOCKET_MILLIS = STATEMENT_MILLIS + 1_000;
  private static final String LIMIT = "SET LOCAL statement_timeout = " + STATEMENT_MILLIS;

  private final Database database;

  TimeLimitedTransactions(Database database) {
    this.database = database;
  }

  /// As [Database#inTransaction].
  <T> T inTransaction(Database.Work<T> work) {
    return database.inTransaction(
        connection -> {
          // The pool sets its own limit again when it gets the connection back.
          connection.setNetworkTimeout(Runnable::run, SOCKET_MILLIS);
          try (Statement statement = connection.createStatement()) {
            statement.execute(LIMIT);
          }
          return work.run(connection);
        });
  }
}
