package io.soilhub.scalability.platform;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;

/// PostgreSQL cannot be reached, is starting, or shut down under the statement: nothing is wrong
/// with the request, and it may be tried again.
public sealed class DatabaseUnavailable extends Problem permits DatabaseBusy {

  private static final long serialVersionUID = 1L;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private DatabaseUnavailable(Throwable cause) {
    this("database-unavailable", "The database cannot be reached; nothing was changed.", cause);
  }

  DatabaseUnavailable(String type, String detail, Throwable cause) {
    super(Kind.UNAVAILABLE, type, detail, List.of(), RETRY_AFTER, cause);
  }

  /// The exception that stands for this one: unavailable for connection trouble, busy for a limit
  /// of time, else [QueryFailed].
  static RuntimeException of(SQLException e) {
    if (isTimeUp(e)) {
      return new DatabaseBusy(e);
    }
    return isConnectionTrouble(e) ? new DatabaseUnavailable(e) : new QueryFailed(e);
  }

  /// Looks through the wrappers that JPA puts around the driver's exception.
  static RuntimeException translated(RuntimeException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && isTimeUp(sql)) {
        return new DatabaseBusy(e);
      }
      if (t instanceof SQLException sql && isConnectionTrouble(sql)) {
        return new DatabaseUnavailable(e);
      }
    }
    return e;
  }

  /// SQLSTATE classes 08 (connection), 57P (shut down, starting up), 53 (out of connections,
  /// memory, disk), 25006 (read-only: a standby answered) and the pool's own time-out.
  static boolean isConnectionTrouble(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return e instanceof SQLTransientConnectionException
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        || state.equals("25006");
  }

  /// SQLSTATE 57014 (a statement reached its time limit) and 55P03 (it waited too long for a lock).
  private static boolean isTimeUp(SQLException e) {
    return "57014".equals(e.getSQLState()) || "55P03".equals(e.getSQLState());
  }
}
