package io.soilhub.scalability.platform.postgres;

import io.soilhub.scalability.platform.core.Problem;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;

/// PostgreSQL cannot be reached, is starting, or shut down under the statement: nothing is wrong
/// with the request, and it may be tried again.
public sealed class DatabaseUnavailable extends Problem permits DatabaseBusy {

  private static final long serialVersionUID = 1L;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /// What came back when nothing can have happened, in SQLSTATE classes and codes: no connection
  /// was made (08001, 08004, 57P03), or the server itself said that it did not do it.
  private static final List<String> REFUSED = List.of("08001", "08004", "57P03", "53", "25006");

  private DatabaseUnavailable(Throwable cause, boolean unchanged) {
    this(
        "database-unavailable",
        unchanged
            ? "The database cannot be reached; nothing was changed."
            : "The database cannot be reached. The request may or may not have been accepted;"
                + " repeat it, a POST under an Idempotency-Key.",
        cause);
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
    return isConnectionTrouble(e) ? new DatabaseUnavailable(e, isUnchanged(e)) : new QueryFailed(e);
  }

  /// Looks through the wrappers that JPA puts around the driver's exception.
  static RuntimeException translated(RuntimeException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql && isTimeUp(sql)) {
        return new DatabaseBusy(e);
      }
      if (t instanceof SQLException sql && isConnectionTrouble(sql)) {
        return new DatabaseUnavailable(e, isUnchanged(sql));
      }
    }
    return e;
  }

  /// A connection that breaks may do so after the server has committed and before it could say so.
  private static boolean isUnchanged(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return e instanceof SQLTransientConnectionException
        || REFUSED.stream().anyMatch(state::startsWith);
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
