package io.soilhub.scalability.jobs.journal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/// A row of `job_event`, for reading.
@Entity
@Immutable
@Table(name = "job_event")
class JobEventRow {

  @Id
  @Column(name = "event_id")
  long eventId;

  @Column(name = "job_id")
  UUID jobId;

  String status;
  Instant at;
  String node;
  String message;
}
