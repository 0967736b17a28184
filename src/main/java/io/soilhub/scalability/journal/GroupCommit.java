package io.soilhub.scalability.journal;

import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.DatabaseUnavailable;
import io.soilhub.scalability.platform.Problem;
import io.soilhub.scalability.platform.QueryFailed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Group commit: operations of all threads of a replica that wait at the same time are written by
/// one transaction and share its commit (DeWitt et al., "Implementation techniques for main memory
/// database systems", SIGMOD 1984). Nothing waits for a group to fill: a writer takes what is
/// there, so a lone operation pays one commit and a thousand at once pay one as well.
///
/// A group that is refused is written again one operation at a time, so that a bad one fails alone.
/// While the database is away settlements are kept and tried again; everything else is told at
/// once.
final class GroupCommit implements AutoCloseable {

  private static final Logger LOG = System.getLogger(GroupCommit.class.getName());
  private static final int MOST_OPERATIONS = 512;
  private static final int MOST_ROWS = 2000;
  private static final int TRIES_AFTER_CONFLICT = 5;
  private static final Duration PAUSE_WHEN_AWAY = Duration.ofMillis(250);

  private final Database database;
  private final int crashLimit;
  private final BlockingQueue<Operation> waiting;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Thread> writers = new ArrayList<>();

  /// @param crashLimit deaths of its worker that a job survives
  GroupCommit(
      Database database, int crashLimit, int writerCount, int capacity, ThreadFactory threads) {
    this.database = database;
    this.crashLimit = crashLimit;
    this.waiting = new ArrayBlockingQueue<>(capacity);
    for (int i = 0; i < writerCount; i++) {
      Thread writer = threads.newThread(this::loop);
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

  private void loop() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        List<Operation> group = take();
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

  private List<Operation> take() throws InterruptedException {
    List<Operation> group = new ArrayList<>();
    int rows = 0;
    Operation next = waiting.poll(200, TimeUnit.MILLISECONDS);
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
    List<Runnable> answers =
        database.inTransaction(
            connection -> answers(group, new GroupStatements(connection, crashLimit)));
    answers.forEach(Runnable::run);
  }

  private static List<Runnable> answers(List<Operation> group, GroupStatements statements)
      throws SQLException {
    List<Runnable> answers = new ArrayList<>();
    List<NewJob> jobs = new ArrayList<>();
    List<Settlement> settlements = new ArrayList<>();
    for (Operation operation : group) {
      switch (operation) {
        case Operation.Submit submit -> jobs.addAll(submit.jobs());
        case Operation.Settle settle -> settlements.addAll(settle.settlements());
        case Operation.Claim claim -> {
          Map<UUID, ClaimedJob> claimed = statements.claim(claim.ids(), claim.worker());
          answers.add(() -> claim.answer().complete(List.copyOf(claimed.values())));
        }
      }
    }
    Map<UUID, Queued> queued = jobs.isEmpty() ? Map.of() : statements.submit(jobs);
    Map<Claim, Settled> settled = settlements.isEmpty() ? Map.of() : statements.settle(settlements);
    for (Operation operation : group) {
      if (operation instanceof Operation.Submit(var submitted, var answer)) {
        answers.add(() -> answer.complete(pick(submitted, NewJob::jobId, queued)));
      } else if (operation instanceof Operation.Settle(var asked, var answer)) {
        answers.add(() -> answer.complete(pick(asked, Settlement::claim, settled)));
      }
    }
    return answers;
  }

  private static <T, K, R> List<R> pick(List<T> asked, Function<T, K> id, Map<K, R> answers) {
    return asked.stream().map(id).filter(answers::containsKey).map(answers::get).toList();
  }

  /// Waits a moment with what must not be lost; the rest learns now that the database is away.
  private List<Operation> keepPatient(List<Operation> group, DatabaseUnavailable e)
      throws InterruptedException {
    group.stream().filter(o -> !o.patient()).forEach(o -> o.answer().completeExceptionally(e));
    List<Operation> patient = new ArrayList<>(group.stream().filter(Operation::patient).toList());
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
