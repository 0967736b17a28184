package io.soilhub.scalability.jobs;

import io.soilhub.scalability.journal.Claim;
import io.soilhub.scalability.journal.Journal;
import io.soilhub.scalability.journal.QueueLedger;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.Ticker;
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

  private record Watched(QueueWorkers workers, Settler settler) {}

  private final Journal journal;
  private final QueueLedger ledger;
  private final Ticker ticker;
  private final Map<JobQueue, Watched> queues = new ConcurrentHashMap<>();

  Supervisor(Journal journal, QueueLedger ledger, Ticker ticker) {
    this.journal = journal;
    this.ledger = ledger;
    this.ticker = ticker;
  }

  void add(JobQueue queue, QueueWorkers workers, Settler settler) {
    queues.put(queue, new Watched(workers, settler));
  }

  /// Enforces time limits; local, so that it works whatever else is away.
  void step() {
    queues.values().forEach(queue -> queue.workers().supervise());
  }

  /// Writes progress and stops what the journal says is cancelled or taken over.
  void watch() {
    List<ActiveRun> runs = runs();
    try {
      if (!runs.isEmpty()) {
        obey(runs, journal.watch(runs.stream().map(ActiveRun::snapshot).toList()));
      }
      count();
    } catch (Problem e) {
      LOG.log(Level.WARNING, "running jobs go on unwatched: {0}", e.getMessage());
    }
  }

  /// Adds what ended here since the last time to the totals. They are kept for show: what a killed
  /// replica had not added yet is missing from them.
  void count() {
    queues.forEach(
        (queue, watched) -> {
          long completed = watched.settler().takeCompleted();
          long failed = watched.settler().takeFailed();
          if (completed + failed > 0) {
            ledger.count(queue.text(), completed, failed);
          }
        });
  }

  /// Stops a run of this replica at once.
  void cancel(UUID jobId) {
    runs().stream()
        .filter(run -> run.jobId().equals(jobId))
        .forEach(run -> run.stop(ActiveRun.Stop.CANCELLED, ticker.nanos()));
  }

  private void obey(List<ActiveRun> runs, Journal.Verdicts verdicts) {
    for (ActiveRun run : runs) {
      Claim claim = run.claim();
      if (verdicts.cancelled().contains(claim)) {
        run.stop(ActiveRun.Stop.CANCELLED, ticker.nanos());
      } else if (verdicts.lost().contains(claim) && !run.settled()) {
        run.stop(ActiveRun.Stop.LOST, ticker.nanos());
      }
    }
  }

  private List<ActiveRun> runs() {
    List<ActiveRun> runs = new ArrayList<>();
    queues.values().forEach(queue -> runs.addAll(queue.workers().runs()));
    return runs;
  }
}
