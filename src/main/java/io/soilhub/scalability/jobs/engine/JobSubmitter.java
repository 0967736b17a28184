package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.journal.Journal;
import io.soilhub.scalability.jobs.journal.NewJob;
import io.soilhub.scalability.jobs.journal.OpenJob;
import io.soilhub.scalability.jobs.queue.DelayedEntry;
import io.soilhub.scalability.jobs.queue.EnqueueBuffer;
import io.soilhub.scalability.jobs.queue.LeaseQueue;
import io.soilhub.scalability.jobs.queue.QueueEntry;
import io.soilhub.scalability.jobs.queue.QueueUnavailable;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Sha256;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.Violations;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// Takes jobs in: checks them, writes them to the journal, and then tells Redis. The answer waits
/// for the journal alone.
final class JobSubmitter {

  private static final Logger LOG = System.getLogger(JobSubmitter.class.getName());
  private static final int DEFAULT_ATTEMPTS = 4;
  private static final int DEFAULT_TIMEOUT_SECONDS = 300;

  private final Journal journal;
  private final EnqueueBuffer enqueueBuffer;
  private final Map<String, LeaseQueue> queues;
  private final Map<String, JobHandler> handlers;
  private final Uuid7 ids;
  private final Tracing tracing;

  JobSubmitter(
      Journal journal,
      EnqueueBuffer enqueueBuffer,
      Map<String, LeaseQueue> queues,
      Map<String, JobHandler> handlers,
      Uuid7 ids,
      Tracing tracing) {
    this.journal = journal;
    this.enqueueBuffer = enqueueBuffer;
    this.queues = Map.copyOf(queues);
    this.handlers = Map.copyOf(handlers);
    this.ids = ids;
    this.tracing = tracing;
  }

  /// @param prefix JSON pointer of the list; each request's faults lie below its index
  /// @throws Problem of kind INVALID with every fault of the requests and their payloads
  void check(List<JobRequest> requests, String prefix) {
    Violations violations = new Violations();
    for (int i = 0; i < requests.size(); i++) {
      check(requests.get(i), prefix.isEmpty() ? "" : prefix + "/" + i, violations);
    }
    violations.raise();
  }

  /// Checks all but the payload.
  ///
  /// @throws Problem of kind INVALID with every fault
  void checkEnvelope(JobRequest request) {
    Violations violations = new Violations();
    checkEnvelope(request, "", violations);
    violations.raise();
  }

  /// @param requests that are known to be valid
  /// @return the ids, once all the jobs are in the journal
  CompletableFuture<List<UUID>> submit(List<JobRequest> requests, Optional<UUID> operationId) {
    TraceContext trace = tracing.current();
    List<NewJob> jobs = new ArrayList<>(requests.size());
    for (int i = 0; i < requests.size(); i++) {
      int index = i;
      UUID id = operationId.map(operation -> derived(operation, index)).orElseGet(ids::next);
      jobs.add(job(id, requests.get(i), trace));
    }
    return journal
        .submit(jobs)
        .thenApply(
            written -> {
              written.forEach(this::announce);
              return jobs.stream().map(NewJob::jobId).toList();
            });
  }

  /// Tells Redis about a job that is in the journal.
  void announce(OpenJob job) {
    QueueEntry queueEntry = new QueueEntry(job.priority(), job.jobId());
    enqueueBuffer.announce(queues.get(job.queue()), new DelayedEntry(queueEntry, job.dueIn()));
  }

  /// Takes a job out of Redis that needs no run any more. Only saves a claim in vain: what stays
  /// there is refused by the journal.
  void withdraw(OpenJob job) {
    try {
      queues.get(job.queue()).remove(new QueueEntry(job.priority(), job.jobId()));
    } catch (QueueUnavailable e) {
      LOG.log(Level.DEBUG, "job {0} stays in its queue: {1}", job.jobId(), e.getMessage());
    }
  }

  /// The id of an operation's n-th job: the same in every repeat. It keeps the operation's time, so
  /// that ids still sort by age, and counts within it (RFC 9562 section 6.2).
  ///
  /// @param operation UUID of version 7
  static UUID derived(UUID operation, int index) {
    if (operation.version() != 7) {
      throw new IllegalArgumentException("an operation id must be a UUID of version 7");
    }
    ByteBuffer input = ByteBuffer.allocate(20);
    input.putLong(operation.getMostSignificantBits());
    input.putLong(operation.getLeastSignificantBits()).putInt(index);
    ByteBuffer hash = ByteBuffer.wrap(Sha256.of(input.array()));
    long high = (operation.getMostSignificantBits() & ~0xFFFFL) | 0x7000L | (index & 0xFFFL);
    long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private void check(JobRequest request, String pointer, Violations violations) {
    checkEnvelope(request, pointer, violations);
    JobHandler handler = handlers.get(request.jobType());
    if (handler == null) {
      return;
    }
    try {
      handler.validate(request.payload());
    } catch (Problem e) {
      if (e.violations().isEmpty()) {
        throw e;
      }
      violations.addBelow(pointer + "/payload", e.violations());
    }
  }

  private void checkEnvelope(JobRequest request, String pointer, Violations violations) {
    request.check(violations, pointer);
    if (!handlers.containsKey(request.jobType())) {
      String known = String.join(", ", new TreeSet<>(handlers.keySet()));
      violations.add(pointer + "/job_type", "must be one of " + known);
    }
  }

  private NewJob job(UUID id, JobRequest request, TraceContext trace) {
    ObjectNode payload = request.payload();
    JobQueue queue =
        request.queue().orElseGet(() -> handlers.get(request.jobType()).defaultQueue());
    return new NewJob(
        id,
        request.jobType(),
        queue.text(),
        request.priority().orElse(Priority.NORMAL).ordinal(),
        Json.write(payload),
        request.tags(),
        request.maxAttempts().orElse(DEFAULT_ATTEMPTS),
        Duration.ofSeconds(request.timeoutSeconds().orElse(DEFAULT_TIMEOUT_SECONDS)),
        request.runAt().orElse(NewJob.AT_ONCE),
        Duration.ofSeconds(request.delaySeconds().orElse(0)),
        trace);
  }
}
