package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.soilhub.scalability.jobs.journal.Claim;
import io.soilhub.scalability.jobs.journal.ClaimedJob;
import io.soilhub.scalability.jobs.journal.Journal;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.telemetry.tracing.Span;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/// A claim on its way through this replica: taken, running on a thread, settled.
///
/// Whoever wants to settle it (its worker, or the supervisor for a worker that does not come back)
/// asks [#settleOnce] first, so that a claim has one settlement here whatever happens. Against
/// other replicas the fence decides.
final class JobExecution implements JobRun {

  /// Why a run has to stop.
  enum Stop {
    CANCELLED,
    TIMEOUT,
    LOST,
    SHUTDOWN
  }

  static final String OUTCOME = "soilhub.job.outcome";

  private final ClaimedJob job;
  private final Journal journal;
  private final long takenAt;
  private final long expectedNanos;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final Object lock = new Object();
  private Thread runner;
  private volatile long startedAt;
  private volatile long stoppedAt;
  private volatile boolean started;
  private volatile Stop stop;
  private volatile int progress;
  private volatile Span span = Span.NONE;

  /// There while the handler is at work. A tree is several times as large as its text, and claims
  /// wait here before their run, and settlements after it.
  private volatile ObjectNode payload;

  /// @param now nanoseconds of the engine's ticker
  /// @param expectedNanos time that the run is expected to take
  JobExecution(ClaimedJob job, Journal journal, long now, long expectedNanos) {
    this.job = job;
    this.journal = journal;
    this.takenAt = now;
    this.expectedNanos = expectedNanos;
  }

  ClaimedJob job() {
    return job;
  }

  Claim claim() {
    return new Claim(job.jobId(), job.fence());
  }

  /// A span of a run. Those of all attempts lie side by side below the request that submitted the
  /// job, on whichever replicas they happen.
  static Span span(ClaimedJob job, Tracing tracing) {
    return tracing
        .begin(Tracing.Kind.CONSUMER, "job." + job.jobType(), job.trace())
        .with("soilhub.job.id", job.jobId().toString())
        .with("soilhub.job.type", job.jobType())
        .with("soilhub.job.queue", job.queue())
        .with("soilhub.job.attempt", job.attempt())
        .with("soilhub.job.crashes", job.crashes());
  }

  /// Begins the run's span, on the calling thread.
  Span.Scope trace(Tracing tracing) {
    if (tracing.isOn()) {
      span = span(job, tracing);
    }
    return span.enter();
  }

  /// It went wrong; its span tells how.
  void failed(String errorType) {
    span.failed(errorType);
  }

  /// Ends the run's span.
  ///
  /// @param outcome what became of the claim
  void ended(String outcome) {
    span.with(OUTCOME, outcome).end();
  }

  /// Binds the run to the calling thread.
  void begin(long now) {
    synchronized (lock) {
      startedAt = now;
      started = true;
      runner = Thread.currentThread();
      if (stop != null) {
        runner.interrupt();
      }
    }
  }

  /// Reads the payload, a large one from the journal.
  ///
  /// @return false when the claim is another's by now
  /// @throws JobFailed when it is no JSON object
  boolean readPayload() {
    Optional<String> text =
        job.payload().isEmpty() ? journal.payload(claim()) : Optional.of(job.payload());
    payload = text.map(JobExecution::parsed).orElse(null);
    return text.isPresent();
  }

  private static ObjectNode parsed(String payload) {
    try {
      if (Json.parse(payload) instanceof ObjectNode object) {
        return object;
      }
    } catch (UncheckedIOException _) {
      // said below
    }
    throw JobFailed.permanently("INVALID_PAYLOAD", "The payload is no JSON object.");
  }

  /// Frees the calling thread of the run and of an interrupt that was meant for it.
  void end() {
    payload = null;
    synchronized (lock) {
      runner = null;
      Thread.interrupted();
    }
  }

  /// Asks the handler to stop; the first reason stays.
  void stop(Stop reason, long now) {
    synchronized (lock) {
      if (stop == null) {
        stop = reason;
        stoppedAt = now;
        if (runner != null) {
          runner.interrupt();
        }
      }
    }
  }

  Optional<Stop> stopReason() {
    return Optional.ofNullable(stop);
  }

  boolean started() {
    return started;
  }

  /// True for one caller only.
  boolean settleOnce() {
    return settled.compareAndSet(false, true);
  }

  boolean settled() {
    return settled.get();
  }

  long nanosSinceTaken(long now) {
    return now - takenAt;
  }

  long expectedNanos() {
    return expectedNanos;
  }

  /// Time that it is expected to take still. One that takes longer than expected is expected to
  /// take as long again.
  long nanosLeft(long now) {
    long passed = started ? nanosRunning(now) : 0;
    return passed < expectedNanos ? expectedNanos - passed : passed;
  }

  long nanosRunning(long now) {
    return now - startedAt;
  }

  long nanosSinceStop(long now) {
    return now - stoppedAt;
  }

  Journal.Running snapshot() {
    return new Journal.Running(claim(), progress);
  }

  @Override
  public UUID jobId() {
    return job.jobId();
  }

  @Override
  public ObjectNode payload() {
    return payload;
  }

  @Override
  public int attempt() {
    return job.attempt();
  }

  @Override
  public long fence() {
    return job.fence();
  }

  @Override
  public void progress(int percent) {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("progress must be 0 to 100, not " + percent);
    }
    progress = percent;
  }

  @Override
  public boolean stopRequested() {
    return stop != null;
  }

  @Override
  public void checkStopped() {
    if (stop != null) {
      throw new JobStopped("job %s: %s".formatted(job.jobId(), stop));
    }
  }

  @Override
  public boolean once(String effect, Database.Work<Void> work) {
    return journal
        .once(claim(), effect, work)
        .orElseThrow(
            () -> new JobStopped("job %s is held by another worker".formatted(job.jobId())));
  }
}
