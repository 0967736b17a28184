package io.soilhub.scalability.jobs;

import io.soilhub.scalability.journal.ClaimedJob;
import io.soilhub.scalability.journal.JobStatus;
import io.soilhub.scalability.journal.Journal;
import io.soilhub.scalability.journal.Settled;
import io.soilhub.scalability.journal.Settlement;
import io.soilhub.scalability.queueing.Due;
import io.soilhub.scalability.queueing.Member;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Writes what became of the claims of one queue, without a worker waiting for the commit: a slot
/// takes its next job while the last one's end is on its way to the journal together with others'.
/// How many may be on their way is bounded, so that with the database away workers stop rather than
/// pile up results.
final class Settler {

  private static final Logger LOG = System.getLogger(Settler.class.getName());
  private static final int MOST_ON_THE_WAY = 2000;

  /// Where members go when the journal has answered; the dispatcher.
  private volatile Dispatcher dispatcher;

  private final Journal journal;
  private final JobWaiting waiting;
  private final Object room = new Object();
  private int onTheWay;
  private final LongAdder completed = new LongAdder();
  private final LongAdder failed = new LongAdder();

  Settler(Journal journal, JobWaiting waiting) {
    this.journal = journal;
    this.waiting = waiting;
  }

  void to(Dispatcher target) {
    this.dispatcher = target;
  }

  /// Waits until another settlement may be on its way.
  void awaitRoom() throws InterruptedException {
    synchronized (room) {
      while (onTheWay >= MOST_ON_THE_WAY) {
        LOG.log(Level.WARNING, "a worker waits: {0} results are not written yet", onTheWay);
        room.wait(1000);
      }
    }
  }

  /// Settles a claim; the member follows when the journal has answered.
  void settle(ActiveRun run, Settlement settlement) {
    if (settlement.status() == JobStatus.FAILED || settlement.status() == JobStatus.RETRYING) {
      run.failed(settlement.errorType());
    }
    move(1);
    var _ =
        journal
            .settle(List.of(settlement))
            .handle(
                (answer, failure) -> {
                  move(-1);
                  if (failure == null) {
                    settled(run, answer.getFirst());
                  } else {
                    unsettled(run, failure);
                  }
                  return answer;
                });
    dispatcher.signal();
  }

  /// The claim is another's by now: nothing is written, nothing given back.
  void lost(ActiveRun run) {
    LOG.log(Level.WARNING, "job {0} was taken over; this run of it is discarded", run.jobId());
    run.ended("lost");
    dispatcher.forget(member(run.job()));
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

  private void unsettled(ActiveRun run, Throwable failure) {
    LOG.log(Level.WARNING, "job {0} is left to its lease: {1}", run.jobId(), failure.getMessage());
    run.ended("unsettled");
    dispatcher.forget(member(run.job()));
  }

  private void settled(ActiveRun run, Settled answer) {
    Member member = member(run.job());
    if (!answer.accepted()) {
      lost(run);
      return;
    }
    run.ended(answer.status().text());
    if (answer.status().terminal()) {
      count(answer.status());
      dispatcher.done(member);
      waiting.ended(run.jobId());
    } else if (answer.status() == JobStatus.PENDING && !answer.dueIn().isPositive()) {
      dispatcher.unused(member);
    } else {
      dispatcher.again(new Due(member, answer.dueIn()));
    }
  }

  private void move(int by) {
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

  private static Member member(ClaimedJob job) {
    return new Member(job.priority(), job.jobId());
  }
}
