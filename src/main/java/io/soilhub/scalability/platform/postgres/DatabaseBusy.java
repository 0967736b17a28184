package io.soilhub.scalability.platform.postgres;

/// PostgreSQL answers, but ended the statement because it waited too long for a lock or took too
/// long: its transaction is rolled back, and may be tried again. The database is not away: what
/// takes too long every time is no fault of the database.
public final class DatabaseBusy extends DatabaseUnavailable {

  private static final long serialVersionUID = 1L;

  DatabaseBusy(Throwable cause) {
    super("database-busy", "The database took too long to answer; nothing was changed.", cause);
  }
}
