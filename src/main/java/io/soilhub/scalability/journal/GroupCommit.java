package io.soilhub.scalability.journal;

import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.DatabaseUnavailable;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.QueryFailed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Group commit: operations of all threads of a replica that wait at the same time are written by
/// one transaction and share its commit (DeWitt et al., "Implementation techniques for main memory
/// database systems", SIGMOD 1984). Nothing waits for a group to fill: a writer takes what is
/// there, so a lone operation pays one commit and a thousand at once pay one as well. One writer
/// makes larger groups than two; the others therefore join only when many operations wait, or when
/// some still wait a moment later, because the first writer is held up by a lock.
///
/// A group that is refused is written again one operation at a time, so that a bad one fails alone.
/// While the database is away settlements are kept and tried again; everything else is told at
/// once.
final class GroupCommit implements AutoCloseable {

  private static final Logger LOG = System.getLogger(GroupCommit.class.getName());
  private static final int MOST_OPERATIONS = 512;
  private static final int MOST_ROWS = 2000;
  private static final int MANY = 16;
  private static final Duration MOMENT = Duration.ofMillis(20);
  private static final int TRIES_AFTER_CONFLICT = 5;
  private static final Duration PAUSE_WHEN_AWAY = Duration.ofMillis(250);

  private final Database database;
  private final int crashLimit;
  private final Set<String> types;
  private final BlockingQueue<Operation> waiting;
  private final Semaphore crowded = new Semaphore(0);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Thread> writers = new ArrayList<>();

  /// @param crashLimit deaths of its worker that a job survives
  /// @param types of jobs that may be claimed
  GroupCommit(
      Database database,
      int crashLimit,
      Set<String> types,
      int writerCount,
      int capacity,
      ThreadFactory threads) {
    this.database = database;
    this.crashLimit = crashLimit;
    this.types = Set.copyOf(types);
    this.waiting = new ArrayBlockingQueue<>(capacity);
    for (int i = 0; i < writerCount; i++) {
      boolean first = i == 0;
      Thread writer = threads.newThread(() -> loop(first));
      writers.add(writer);
      writer.start();
    }
  }

  /// Hands the operation to the writers; the answer comes through its promise. Refuses at once when
  /// too many are waiting, which is the back-pressure of the whole engine.
  void add(Operation operation) {
    if (closed()) {
      refuse(operation, "The service is shutting down.");
    } else if (!waiting.offer(operation)) {
      refuse(operation, "Too many jobs are waiting to be written down.");
    } else if (closed() && waiting.remove(operation)) {
      refuse(operation, "The service is shutting down.");
    } else if (waiting.size() >= MANY && crowded.availablePermits() == 0) {
      crowded.release();
    }
  }

  /// Writes what is waiting, for at most `patience` a writer, then stops.
  @Override
  public void close() {
    close(Duration.ofSeconds(5));
  }

  void close(Duration patience) {
    closing.countDown();
    for (Thread writer : writers) {
      try {
        if (!writer.join(patience)) {
          writer.interrupt();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        writer.interrupt();
      }
    }
    for (Operation left = waiting.poll(); left != null; left = waiting.poll()) {
      refuse(left, "The service is shutting down.");
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void loop(boolean first) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        List<Operation> group = take(first ? waiting.poll(200, TimeUnit.MILLISECONDS) : late());
        if (!group.isEmpty()) {
          write(group);
        } else if (closed()) {
          return;
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "the journal's writer goes on after an unexpected failure", e);
      }
    }
  }

  private Operation late() throws InterruptedException {
    if (crowded.tryAcquire(MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
      crowded.drainPermits();
    }
    return waiting.poll();
  }

  private List<Operation> take(Operation head) {
    List<Operation> group = new ArrayList<>();
    int rows = 0;
    Operation next = head;
    while (next != null) {
      group.add(next);
      rows += next.size();
      next = rows < MOST_ROWS && group.size() < MOST_OPERATIONS ? waiting.poll() : null;
    }
    return group;
  }

  private void write(List<Operation> group) throws InterruptedException {
    List<Operation> left = group;
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      try {
        commit(left);
        return;
      } catch (DatabaseUnavailable e) {
        left = keepPatient(left, e);
      } catch (QueryFailed e) {
        if (!e.isTransient() || attempt >= TRIES_AFTER_CONFLICT) {
          writeSingly(left, e);
          return;
        }
      } catch (RuntimeException e) {
        writeSingly(left, e);
        return;
      }
    }
  }

  /// The promises are kept after the commit and not before.
  private void commit(List<Operation> group) {
    List<NewJob> jobs = new ArrayList<>();
    SortedMap<UUID, String> claims = new TreeMap<>();
    List<Settlement> settlements = new ArrayList<>();
    for (Operation operation : group) {
      switch (operation) {
        case Operation.Submit submit -> jobs.addAll(submit.jobs());
        case Operation.Claim claim -> claim.ids().forEach(id -> claims.put(id, claim.worker()));
        case Operation.Settle settle -> settlements.addAll(settle.settlements());
      }
    }
    GroupStatements.Answers answers =
        database.inTransaction(
            Database.Pool.WRITER,
            connection ->
                new GroupStatements(connection, crashLimit, types)
                    .write(jobs, claims, settlements));
    group.forEach(operation -> answer(operation, answers));
  }

  private static void answer(Operation operation, GroupStatements.Answers answers) {
    switch (operation) {
      case Operation.Submit(var jobs, var answer) ->
          answer.complete(pick(jobs, NewJob::jobId, answers.queued()));
      case Operation.Claim(var ids, _, var answer) ->
          answer.complete(pick(ids, Function.identity(), answers.claimed()));
      case Operation.Settle(var settlements, var answer) ->
          answer.complete(pick(settlements, Settlement::claim, answers.settled()));
    }
  }

  private static <T, K, R> List<R> pick(List<T> asked, Function<T, K> id, Map<K, R> answers) {
    return asked.stream().map(id).filter(answers::containsKey).map(answers::get).toList();
  }

  /// Waits a moment with what must not be lost. The rest learns now that the database is away, also
  /// what came in meanwhile: nobody else may be free to tell it.
  private List<Operation> keepPatient(List<Operation> group, DatabaseUnavailable e)
      throws InterruptedException {
    List<Operation> all = new ArrayList<>(group);
    waiting.drainTo(all);
    all.stream().filter(o -> !o.patient()).forEach(o -> o.answer().completeExceptionally(e));
    List<Operation> patient = all.stream().filter(Operation::patient).toList();
    if (patient.isEmpty()) {
      return patient;
    }
    if (closed()) {
      patient.forEach(o -> o.answer().completeExceptionally(e));
      return List.of();
    }
    LOG.log(Level.WARNING, "{0} settlements wait for the database", patient.size());
    closing.await(PAUSE_WHEN_AWAY.toMillis(), TimeUnit.MILLISECONDS);
    return patient;
  }

  private void writeSingly(List<Operation> group, RuntimeException cause)
      throws InterruptedException {
    if (group.size() == 1) {
      group.getFirst().answer().completeExceptionally(cause);
      return;
    }
    for (Operation operation : group) {
      write(new ArrayList<>(List.of(operation)));
    }
  }

  private static void refuse(Operation operation, String reason) {
    operation
        .answer()
        .completeExceptionally(
            Problem.unavailable("journal-busy", reason, Duration.ofSeconds(1), null));
  }
}
