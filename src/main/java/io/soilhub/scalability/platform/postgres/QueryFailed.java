package io.soilhub.scalability.platform.postgres;

import java.sql.SQLException;

/// PostgreSQL refused a statement: a defect of ours or a constraint that the caller of the
/// statement knows how to read.
public final class QueryFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private final String state;

  QueryFailed(SQLException cause) {
    super(cause.getMessage(), cause);
    this.state = cause.getSQLState() == null ? "" : cause.getSQLState();
  }

  /// SQLSTATE, five characters, or empty.
  public String state() {
    return state;
  }

  /// Whether running the same transaction again can succeed: serialisation failure or deadlock.
  public boolean isTransient() {
    return state.startsWith("40");
  }
}
