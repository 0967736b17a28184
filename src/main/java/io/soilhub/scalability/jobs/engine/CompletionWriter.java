package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.journal.ClaimedJob;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.jobs.journal.Journal;
import io.soilhub.scalability.jobs.journal.Settlement;
import io.soilhub.scalability.jobs.journal.SettlementResult;
import io.soilhub.scalability.jobs.queue.DelayedEntry;
import io.soilhub.scalability.jobs.queue.QueueEntry;
import io.soilhub.scalability.platform.core.ByteBudget;
import io.soilhub.scalability.platform.postgres.QueryFailed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Writes what became of the claims of one queue, without a worker waiting for the commit: a slot
/// takes its next job while the last one's end is on its way to the journal together with others'.
/// How many may be on their way, and how large together, is bounded, so that with the database away
/// workers stop rather than pile up results.
final class CompletionWriter {

  private static final Logger LOG = System.getLogger(CompletionWriter.class.getName());
  private static final int MOST_ON_THE_WAY = 2000;

  /// Where members go when the journal has answered; the dispatcher.
  private volatile Dispatcher dispatcher;

  private final Journal journal;
  private final CompletionWaiters waiting;
  private final ByteBudget results;
  private final Object room = new Object();
  private int onTheWay;
  private final LongAdder completed = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /// @param results what all queues' settlements may take that are on their way
  CompletionWriter(Journal journal, CompletionWaiters waiting, ByteBudget results) {
    this.journal = journal;
    this.waiting = waiting;
    this.results = results;
  }

  void to(Dispatcher target) {
    this.dispatcher = target;
  }

  /// Waits until another settlement may be on its way. What is to be settled is in memory already,
  /// so it matters only how much there is besides.
  void awaitRoom() {
    synchronized (room) {
      while (onTheWay >= MOST_ON_THE_WAY || (onTheWay > 0 && results.isSpent())) {
        LOG.log(Level.WARNING, "a worker waits: {0} results are not written yet", onTheWay);
        try {
          room.wait(1000);
        } catch (InterruptedException _) {
          // The claim has to be settled all the same.
          return;
        }
      }
    }
  }

  /// Settles a claim; the member follows when the journal has answered.
  void settle(JobExecution run, Settlement settlement) {
    if (settlement.status() == JobStatus.FAILED || settlement.status() == JobStatus.RETRYING) {
      run.failed(settlement.errorType());
    }
    int bytes = settlement.result().length() + run.job().payload().length();
    move(1, bytes);
    var _ =
        journal
            .settle(List.of(settlement))
            .handle(
                (answer, failure) -> {
                  try {
                    if (failure == null) {
                      settled(run, answer.getFirst());
                    } else {
                      unsettled(run, settlement, failure);
                    }
                  } finally {
                    move(-1, -bytes);
                  }
                  return answer;
                });
    dispatcher.signal();
  }

  /// The claim is another's by now: nothing is written, nothing given back.
  void lost(JobExecution run) {
    dispatcher.forget(queueEntry(run.job()));
    LOG.log(Level.WARNING, "job {0} was taken over; this run of it is discarded", run.jobId());
    run.ended("lost");
  }

  /// The job ended without a run.
  void ended(ClaimedJob job) {
    count(job.status());
    waiting.ended(job.jobId());
  }

  boolean quiet() {
    synchronized (room) {
      return onTheWay == 0;
    }
  }

  long takeCompleted() {
    return completed.sumThenReset();
  }

  long takeFailed() {
    return failed.sumThenReset();
  }

  /// What was taken could not be counted: it comes with the next look.
  void giveBack(long completedAgain, long failedAgain) {
    completed.add(completedAgain);
    failed.add(failedAgain);
  }

  /// What the database refuses is no reason to run the job again.
  private void unsettled(JobExecution run, Settlement settlement, Throwable failure) {
    if (failure instanceof QueryFailed && settlement.status() == JobStatus.COMPLETED) {
      LOG.log(Level.WARNING, "the result of job " + run.jobId() + " cannot be stored", failure);
      settle(run, Settlement.failed(run.job(), "RESULT_REFUSED", "The result cannot be stored."));
      return;
    }
    dispatcher.forget(queueEntry(run.job()));
    LOG.log(Level.WARNING, "job {0} is left to its lease: {1}", run.jobId(), failure.getMessage());
    run.ended("unsettled");
  }

  private void settled(JobExecution run, SettlementResult answer) {
    QueueEntry queueEntry = queueEntry(run.job());
    if (!answer.accepted()) {
      lost(run);
      return;
    }
    if (answer.status().terminal()) {
      count(answer.status());
      dispatcher.done(queueEntry);
      waiting.ended(run.jobId());
    } else if (answer.status() == JobStatus.PENDING && !answer.dueIn().isPositive()) {
      dispatcher.unused(queueEntry);
    } else {
      dispatcher.again(new DelayedEntry(queueEntry, answer.dueIn()));
    }
    run.ended(answer.status().text());
  }

  private void move(int by, int bytes) {
    if (bytes > 0) {
      results.take(bytes);
    } else {
      results.give(-bytes);
    }
    synchronized (room) {
      onTheWay += by;
      room.notifyAll();
    }
  }

  private void count(JobStatus status) {
    if (status == JobStatus.COMPLETED) {
      completed.increment();
    } else if (status == JobStatus.FAILED) {
      failed.increment();
    }
  }

  private static QueueEntry queueEntry(ClaimedJob job) {
    return new QueueEntry(job.priority(), job.jobId());
  }
}
