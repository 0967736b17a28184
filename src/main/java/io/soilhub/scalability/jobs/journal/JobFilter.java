package io.soilhub.scalability.jobs.journal;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Which jobs a list shows; an empty text means any.
public record JobFilter(String status, String queue, String jobType, String tag) {

  private static final String OPEN = "completed_at IS NULL";
  private static final String ENDED = "completed_at IS NOT NULL";
  private static final String DEAD = "completed_at IS NOT NULL AND error_type IS NOT NULL";

  private static final Walk OPEN_JOBS = new Walk("job", "", "", OPEN);

  /// One page: the newest `limit` jobs before a cursor.
  ///
  /// @param before id of the last job that the page before looked at; the greatest UUID for the
  ///   first page
  public record Page(UUID before, int limit) {
    static final UUID START = new UUID(-1, -1);

    /// @param cursor the last page's `next_cursor`, if any
    public static Page after(Optional<UUID> cursor, int limit) {
      return new Page(cursor.orElse(START), limit);
    }
  }

  /// A walk over an index that ends with the job's id, newest first.
  ///
  /// @param table whose rows the index has
  /// @param column in front of the id; empty for none
  /// @param value of that column, as a parameter
  /// @param part predicate of a partial index; empty for a whole one
  record Walk(String table, String column, String value, String part) {

    /// The rows that are walked over. Both columns are compared as one: with an equation the
    /// planner could as well walk over all jobs and look for the value.
    String range() {
      String range =
          column.isEmpty()
              ? "job_id < :before"
              : "(%1$s, job_id) < (cast(%2$s AS text), :before) AND (%1$s, job_id) >= (cast(%2$s AS text), cast('%3$s' AS uuid))"
                  .formatted(column, value, new UUID(0, 0));
      return part.isEmpty() ? range : part + " AND " + range;
    }

    /// @param id name of the column with the id
    String order(String id) {
      return column.isEmpty() ? id + " DESC" : column + " DESC, " + id + " DESC";
    }
  }

  /// What makes a job belong to the list, with named parameters.
  String condition() {
    return "true"
        + (status.isEmpty() ? "" : " AND status = :status")
        + (queue.isEmpty() ? "" : " AND queue = :queue")
        + (jobType.isEmpty() ? "" : " AND job_type = :type")
        + (tag.isEmpty() ? "" : " AND tags @> ARRAY[cast(:tag AS text)]");
  }

  /// Walks that together come by every job of the list once. The index is the one in which, as a
  /// rule, the fewest other jobs lie between those of the list: a tag is that of few, jobs are open
  /// or dead for a short time, a type is that of one queue. Open jobs are in no index by queue or
  /// type, which every submission would pay for.
  List<Walk> walks() {
    if (!tag.isEmpty()) {
      return List.of(new Walk("job_tag", "tag", ":tag", ""));
    }
    boolean any = queue.isEmpty() && jobType.isEmpty();
    return switch (part()) {
      case OPEN -> List.of(OPEN_JOBS);
      case DEAD -> List.of(any ? new Walk("job", "", "", DEAD) : kind(DEAD));
      case ENDED -> List.of(any ? new Walk("job", "", "", "") : kind(ENDED));
      default -> any ? List.of(new Walk("job", "", "", "")) : List.of(OPEN_JOBS, kind(ENDED));
    };
  }

  /// The walk over the jobs of a type or, without one, of a queue.
  private Walk kind(String part) {
    return jobType.isEmpty()
        ? new Walk("job", "queue", ":queue", part)
        : new Walk("job", "job_type", ":type", part);
  }

  private String part() {
    if (status.isEmpty()) {
      return "";
    }
    return switch (JobStatus.of(status)) {
      case PENDING, RUNNING, RETRYING -> OPEN;
      case FAILED, CANCELLED -> DEAD;
      case COMPLETED -> ENDED;
    };
  }
}
