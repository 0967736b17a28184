package io.soilhub.scalability.platform;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;

/// PostgreSQL cannot be reached, is starting, or shut down under the statement: nothing is wrong
/// with the request, and it may be tried again.
public final class DatabaseUnavailable extends Problem {

  private static final long serialVersionUID = 1L;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private DatabaseUnavailable(Throwable cause) {
    super(
        Kind.UNAVAILABLE,
        "database-unavailable",
        "The database cannot be reached; nothing was changed.",
        List.of(),
        RETRY_AFTER,
        cause);
  }

  /// The exception that stands for this one: unavailable for connection trouble, else
  /// [QueryFailed].
  static RuntimeException of(SQLException e) {
    return isConnectionTrouble(e) ? new DatabaseUnavailable(e) : new QueryFailed(e);
  }

  /// Looks through the wrappers that JPA puts around the driver's exception.
  static RuntimeException translated(RuntimeException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && isConnectionTrouble(sql)) {
        return new DatabaseUnavailable(e);
      }
    }
    return e;
  }

  /// SQLSTATE classes 08 (connection), 57P (shut down, starting up), 53 (out of connections,
  /// memory, disk), 25006 (read-only: a standby answered), 57014 (a statement reached its time
  /// limit) and the pool's own time-out.
  static boolean isConnectionTrouble(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return e instanceof SQLTransientConnectionException
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        || state.equals("25006")
        || state.equals("57014");
  }
}
