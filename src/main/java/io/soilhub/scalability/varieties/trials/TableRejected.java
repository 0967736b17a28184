package io.soilhub.scalability.varieties.trials;

/// A table cannot be used as a whole: no header, a column missing, too large, or no good line in
/// it. The message is for the table's author.
public final class TableRejected extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public TableRejected(String message) {
    super(message);
  }

  TableRejected(String message, Throwable cause) {
    super(message, cause);
  }
}
