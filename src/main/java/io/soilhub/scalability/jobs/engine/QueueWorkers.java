package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.jobs.journal.ClaimedJob;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.jobs.journal.Journal;
import io.soilhub.scalability.jobs.journal.Settlement;
import io.soilhub.scalability.jobs.queue.Prefetch;
import io.soilhub.scalability.platform.core.ByteBudget;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.telemetry.tracing.Span;
import io.soilhub.scalability.telemetry.tracing.Tracing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The worker threads of one queue on this replica, and the few jobs that wait here for them.
///
/// A handler that does not return when it is told to stop is abandoned: its claim is settled
/// without it and another thread takes its slot, up to as many times at once as there are slots.
final class QueueWorkers {

  private static final Logger LOG = System.getLogger(QueueWorkers.class.getName());
  private static final Duration LONGEST_WAIT_HERE = Duration.ofMillis(500);
  private static final Duration TIME_TO_UNWIND = Duration.ofSeconds(1);

  private final int slots;
  private final Map<String, JobHandler> handlers;
  private final Journal journal;
  private final CompletionWriter completionWriter;
  private final CompletionPolicy completionPolicy;
  private final Ticker ticker;
  private final ThreadFactory threads;
  private final Tracing tracing;
  private final ByteBudget payloads;
  private final RunTimes times = new RunTimes();
  private final BlockingQueue<JobExecution> buffer = new LinkedBlockingQueue<>();
  private final Set<JobExecution> running = ConcurrentHashMap.newKeySet();

  /// Every run from its acceptance until its end is the settler's affair, also between two of the
  /// other places: the shutdown must not overlook one.
  private final Set<JobExecution> taken = ConcurrentHashMap.newKeySet();

  private final AtomicInteger abandoned = new AtomicInteger();

  /// Time that the jobs in the buffer are expected to take.
  private final AtomicLong bufferedNanos = new AtomicLong();

  private volatile boolean open = true;

  /// @param payloads what large payloads may take at a time
  QueueWorkers(
      int slots,
      Map<String, JobHandler> handlers,
      Journal journal,
      CompletionWriter completionWriter,
      CompletionPolicy completionPolicy,
      Ticker ticker,
      ThreadFactory threads,
      Tracing tracing,
      ByteBudget payloads) {
    this.slots = slots;
    this.handlers = handlers;
    this.journal = journal;
    this.completionWriter = completionWriter;
    this.completionPolicy = completionPolicy;
    this.ticker = ticker;
    this.threads = threads;
    this.tracing = tracing;
    this.payloads = payloads;
  }

  void start() {
    for (int i = 0; i < slots; i++) {
      threads.newThread(this::work).start();
    }
  }

  int slots() {
    return slots;
  }

  int wanted(boolean limited) {
    long now = ticker.nanos();
    long[] busy = running.stream().mapToLong(run -> run.nanosLeft(now)).toArray();
    return Prefetch.DEFAULT.wanted(
        slots, busy, buffer.size(), bufferedNanos.get(), times.next(), limited);
  }

  /// Takes a claim over. It never throws: one job must not keep the others of its batch from being
  /// run.
  ///
  /// @return whether the job is in the hands of the workers now
  boolean accept(ClaimedJob job) {
    try {
      if (job.status().terminal()) {
        endedByClaim(job);
        return false;
      }
      JobExecution run = new JobExecution(job, journal, ticker.nanos(), times.taken(job.jobType()));
      taken.add(run);
      bufferedNanos.addAndGet(run.expectedNanos());
      buffer.add(run);
      return true;
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "job " + job.jobId() + " could not be taken over", e);
      return false;
    }
  }

  /// The claim itself ended the job: its workers died too often, or it was to be cancelled.
  private void endedByClaim(ClaimedJob job) {
    LOG.log(Level.WARNING, "job {0} is {1}: its worker had died", job.jobId(), job.status().text());
    if (tracing.isOn()) {
      Span span = JobExecution.span(job, tracing).with(JobExecution.OUTCOME, job.status().text());
      (job.status() == JobStatus.FAILED ? span.failed("CRASH_LOOP") : span).end();
    }
    completionWriter.ended(job);
  }

  /// All claims in the hands of this replica, started and not.
  List<JobExecution> runs() {
    return List.copyOf(taken);
  }

  boolean idle() {
    return taken.isEmpty();
  }

  /// Enforces time limits, settles for handlers that do not unwind, and gives back what has waited
  /// behind long jobs. To be called several times a second.
  void supervise() {
    long now = ticker.nanos();
    for (JobExecution run : running) {
      if (run.started() && run.nanosRunning(now) > run.job().timeout().toNanos()) {
        run.stop(JobExecution.Stop.TIMEOUT, now);
      }
      if (run.started()
          && run.stopRequested()
          && run.nanosSinceStop(now) > TIME_TO_UNWIND.toNanos()) {
        abandon(run);
      }
    }
    JobExecution oldest = buffer.peek();
    if (oldest != null && oldest.nanosSinceTaken(now) > LONGEST_WAIT_HERE.toNanos()) {
      releaseWaiting();
    }
  }

  /// Gives back every claim that no worker has begun.
  void releaseWaiting() {
    List<JobExecution> waiting = new ArrayList<>();
    buffer.drainTo(waiting);
    for (JobExecution run : waiting) {
      bufferedNanos.addAndGet(-run.expectedNanos());
      if (run.settleOnce()) {
        settle(run, Optional.of(Settlement.unstarted(run.job())));
      }
    }
  }

  void stopRunning(JobExecution.Stop reason) {
    running.forEach(run -> run.stop(reason, ticker.nanos()));
  }

  void close() {
    open = false;
  }

  private void abandon(JobExecution run) {
    if (abandoned.get() >= slots || !run.settleOnce()) {
      return;
    }
    abandoned.incrementAndGet();
    running.remove(run);
    LOG.log(
        Level.ERROR,
        "the handler of {0} job {1} ignores that it was stopped ({2}): its thread is replaced",
        run.job().jobType(),
        run.jobId(),
        run.stopReason().map(Enum::name).orElse(""));
    settle(run, Optional.empty());
    threads.newThread(this::work).start();
  }

  private void work() {
    while (open || !buffer.isEmpty()) {
      try {
        JobExecution run = buffer.poll(500, TimeUnit.MILLISECONDS);
        if (run != null) {
          bufferedNanos.addAndGet(-run.expectedNanos());
          if (!run(run)) {
            return;
          }
        }
      } catch (InterruptedException _) {
        LOG.log(Level.DEBUG, "a worker was interrupted between two jobs");
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "a worker goes on after an unexpected failure", e);
      }
    }
  }

  /// Whatever is thrown on the way, the claim is settled.
  ///
  /// @return false when the slot was given to another thread meanwhile
  private boolean run(JobExecution run) {
    Optional<Settlement> settlement = Optional.empty();
    running.add(run);
    try {
      settlement = withPayload(run);
    } catch (InterruptedException | RuntimeException | Error e) {
      LOG.log(Level.ERROR, "job " + run.jobId() + " could not be run", e);
      settlement = Optional.of(completionPolicy.threw(run.job(), e));
    } finally {
      run.end();
      running.remove(run);
    }
    if (run.started()) {
      times.ran(run.job().jobType(), run.nanosRunning(ticker.nanos()));
    }
    completionWriter.awaitRoom();
    if (!run.settleOnce()) {
      abandoned.decrementAndGet();
      return false;
    }
    settle(run, settlement);
    return true;
  }

  /// Runs it once there is room for its payload.
  ///
  /// @return empty when the run was stopped from outside
  private Optional<Settlement> withPayload(JobExecution run) throws InterruptedException {
    long bytes = run.job().payload().isEmpty() ? run.job().payloadBytes() : 0;
    while (bytes > 0 && !payloads.tryTake(bytes, LONGEST_WAIT_HERE)) {
      if (run.stopRequested()) {
        return Optional.empty();
      }
    }
    try {
      run.begin(ticker.nanos());
      try (Span.Scope _ = run.trace(tracing)) {
        return execute(run);
      }
    } finally {
      payloads.give(bytes);
    }
  }

  /// @return empty when the run was stopped from outside
  private Optional<Settlement> execute(JobExecution run) {
    ClaimedJob job = run.job();
    JobHandler handler = handlers.get(job.jobType());
    try {
      run.checkStopped();
      if (!run.readPayload()) {
        run.stop(JobExecution.Stop.LOST, ticker.nanos());
        return Optional.empty();
      }
      JsonNode result = handler.run(run);
      return Optional.of(completionPolicy.returned(job, result));
    } catch (Throwable failure) {
      if (run.stopRequested()) {
        return Optional.empty();
      }
      LOG.log(Level.WARNING, "job " + job.jobId() + " (" + job.jobType() + ") failed", failure);
      return Optional.of(completionPolicy.threw(job, failure));
    }
  }

  /// @param made empty when the run was stopped from outside
  private void settle(JobExecution run, Optional<Settlement> made) {
    JobExecution.Stop reason = run.stopReason().orElse(JobExecution.Stop.LOST);
    try {
      made.or(() -> completionPolicy.stopped(run.job(), reason))
          .ifPresentOrElse(
              settlement -> completionWriter.settle(run, settlement),
              () -> completionWriter.lost(run));
    } finally {
      taken.remove(run);
    }
  }
}
