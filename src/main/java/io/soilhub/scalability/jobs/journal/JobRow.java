package io.soilhub.scalability.jobs.journal;

import jakarta.persistence.Column;
import jakarta.persistence.ColumnResult;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityResult;
import jakarta.persistence.Id;
import jakarta.persistence.SqlResultSetMapping;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/// A row of `job`, for reading: every change goes through the journal's statements.
@Entity
@Immutable
@Table(name = "job")
@SqlResultSetMapping(
    name = JobRow.LISTED,
    entities = @EntityResult(entityClass = JobRow.class),
    columns = {
      @ColumnResult(name = "walk", type = Integer.class),
      @ColumnResult(name = "looked_at", type = UUID.class),
      @ColumnResult(name = "listed", type = Boolean.class),
      @ColumnResult(name = "last", type = Boolean.class)
    })
class JobRow {

  /// A row that a list looked at, in which of its walks, whether it belongs to the list, and
  /// whether it is the last of the walk.
  static final String LISTED = "listed";

  @Id
  @Column(name = "job_id")
  UUID jobId;

  @Column(name = "job_type")
  String jobType;

  String queue;
  short priority;

  @JdbcTypeCode(SqlTypes.LONGVARCHAR)
  String payload;

  @JdbcTypeCode(SqlTypes.ARRAY)
  List<String> tags;

  String status;
  short progress;
  int attempt;

  @Column(name = "max_attempts")
  int maxAttempts;

  @Column(name = "crash_count")
  int crashCount;

  long fence;

  @Column(name = "timeout_seconds")
  int timeoutSeconds;

  @Column(name = "cancel_requested")
  boolean cancelRequested;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "run_at")
  Instant runAt;

  @Column(name = "started_at")
  Instant startedAt;

  @Column(name = "completed_at")
  Instant completedAt;

  String worker;

  @JdbcTypeCode(SqlTypes.LONGVARCHAR)
  String result;

  @Column(name = "error_type")
  String errorType;

  @Column(name = "error_message")
  String errorMessage;
}
