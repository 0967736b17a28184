package io.soilhub.scalability.journal;

import java.util.Optional;
import java.util.UUID;

/// Which jobs a list shows; an empty text means any.
public record JobFilter(String status, String queue, String jobType, String tag) {

  /// One page: the newest `limit` jobs before a cursor.
  ///
  /// @param before id of the last job of the page before; the nil UUID for the first page
  public record Page(UUID before, int limit) {
    static final UUID START = new UUID(0, 0);

    /// @param cursor the last page's `next_cursor`, if any
    public static Page after(Optional<UUID> cursor, int limit) {
      return new Page(cursor.orElse(START), limit);
    }
  }

  /// The condition on `job` with its named parameters; worded so that each partial index it could
  /// use is recognised.
  String condition(Page page) {
    StringBuilder sql = new StringBuilder("true");
    if (!status.isEmpty()) {
      sql.append(" AND status = :status");
      sql.append(
          switch (JobStatus.of(status)) {
            case PENDING, RUNNING, RETRYING -> " AND completed_at IS NULL";
            case FAILED, CANCELLED -> " AND completed_at IS NOT NULL AND error_type IS NOT NULL";
            case COMPLETED -> "";
          });
    }
    sql.append(queue.isEmpty() ? "" : " AND queue = :queue");
    sql.append(jobType.isEmpty() ? "" : " AND job_type = :type");
    sql.append(tag.isEmpty() ? "" : " AND tags <> '{}' AND tags @> ARRAY[cast(:tag AS text)]");
    sql.append(page.before().equals(Page.START) ? "" : " AND job_id < :before");
    return sql.toString();
  }
}
