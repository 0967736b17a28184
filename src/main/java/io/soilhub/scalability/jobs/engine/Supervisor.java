package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.journal.Claim;
import io.soilhub.scalability.jobs.journal.Journal;
import io.soilhub.scalability.jobs.journal.QueueStore;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.QueryFailed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Watches over the runs of this replica: time limits by its own ticker, cancellations and lost
/// claims by asking the journal once a second about all of them together. No flag has to reach this
/// replica by any other way, so none can be lost.
final class Supervisor {

  private static final Logger LOG = System.getLogger(Supervisor.class.getName());

  private record Watched(QueueWorkers workers, CompletionWriter settler) {}

  private final Journal journal;
  private final QueueStore ledger;
  private final Ticker ticker;
  private final Map<JobQueue, Watched> queues = new ConcurrentHashMap<>();

  Supervisor(Journal journal, QueueStore ledger, Ticker ticker) {
    this.journal = journal;
    this.ledger = ledger;
    this.ticker = ticker;
  }

  void add(JobQueue queue, QueueWorkers workers, CompletionWriter completionWriter) {
    queues.put(queue, new Watched(workers, completionWriter));
  }

  /// Enforces time limits; local, so that it works whatever else is away.
  void step() {
    queues.values().forEach(queue -> queue.workers().supervise());
  }

  /// Stops what the journal says is cancelled or taken over, and writes progress and totals. Each
  /// by itself: what keeps the one from being written must not keep a cancellation from being read.
  void watch() {
    List<JobExecution> runs = runs();
    if (!runs.isEmpty()) {
      attempt(
          "running jobs go on unwatched",
          () -> obey(runs, journal.verdicts(runs.stream().map(JobExecution::claim).toList())));
      attempt(
          "progress is not written",
          () -> journal.progress(runs.stream().map(JobExecution::snapshot).toList()));
    }
    count();
  }

  /// Adds what ended here since the last time to the totals. They are kept for show: what a killed
  /// replica had not added yet is missing from them.
  void count() {
    attempt("ended jobs are not counted yet", () -> queues.forEach(this::count));
  }

  private void count(JobQueue queue, Watched watched) {
    long completed = watched.settler().takeCompleted();
    long failed = watched.settler().takeFailed();
    if (completed + failed == 0) {
      return;
    }
    boolean counted = false;
    try {
      ledger.count(queue.text(), completed, failed);
      counted = true;
    } finally {
      if (!counted) {
        watched.settler().giveBack(completed, failed);
      }
    }
  }

  private static void attempt(String otherwise, Runnable work) {
    try {
      work.run();
    } catch (Problem | QueryFailed e) {
      LOG.log(Level.WARNING, "{0}: {1}", otherwise, e.getMessage());
    }
  }

  /// Stops a run of this replica at once.
  void cancel(UUID jobId) {
    runs().stream()
        .filter(run -> run.jobId().equals(jobId))
        .forEach(run -> run.stop(JobExecution.Stop.CANCELLED, ticker.nanos()));
  }

  private void obey(List<JobExecution> runs, Journal.Verdicts verdicts) {
    for (JobExecution run : runs) {
      Claim claim = run.claim();
      if (verdicts.cancelled().contains(claim)) {
        run.stop(JobExecution.Stop.CANCELLED, ticker.nanos());
      } else if (verdicts.lost().contains(claim) && !run.settled()) {
        run.stop(JobExecution.Stop.LOST, ticker.nanos());
      }
    }
  }

  private List<JobExecution> runs() {
    List<JobExecution> runs = new ArrayList<>();
    queues.values().forEach(queue -> runs.addAll(queue.workers().runs()));
    return runs;
  }
}
