package io.soilhub.scalability.jobs.journal;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.DatabaseBusy;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import io.soilhub.scalability.platform.postgres.QueryFailed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/// Group commit: operations of all threads of a replica that wait at the same time are written by
/// one transaction and share its commit (DeWitt et al., "Implementation techniques for main memory
/// database systems", SIGMOD 1984). Nothing waits for a group to fill: a writer takes what is
/// there, so a lone operation pays one commit and a thousand at once pay one as well. One writer
/// makes larger groups than two; the others therefore join only when many operations wait, or when
/// some still wait a moment later, because the first writer is held up by a lock.
///
/// A group that is refused is written again one operation at a time, so that a bad one fails alone,
/// and one whose row is locked waits alone. While the database is away or the tables are locked,
/// the whole group is tried again; those that have had their tries are told
/// ([JournalOperation#tries]).
final class GroupCommit implements AutoCloseable {

  private static final Logger LOG = System.getLogger(GroupCommit.class.getName());
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration MOMENT = Duration.ofMillis(20);
  private static final int TRIES_AFTER_CONFLICT = 5;
  private static final Duration PAUSE_WHEN_AWAY = Duration.ofMillis(250);

  /// Beyond those of [JournalOperation#tries]: a lock is shorter than an outage, mostly.
  private static final int MORE_TRIES_UNDER_LOCK = 3;

  /// Fails at once when a group could not be written whatever its rows.
  private static final String LOCK_TABLES =
      "LOCK TABLE job, job_event IN ROW EXCLUSIVE MODE NOWAIT";

  private static final String CLOSING = "The service is shutting down.";

  private final Database database;
  private final int crashLimit;
  private final Set<String> types;
  private final String prelude;
  private final OperationQueue waiting;

  /// Settlements whose rows are locked; the second writer tries each alone.
  private final Queue<JournalOperation> blocked = new ConcurrentLinkedQueue<>();

  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Thread> writers = new ArrayList<>();

  /// @param crashLimit deaths of its worker that a job survives
  /// @param types of jobs that may be claimed
  /// @param writerCount at least two
  /// @param capacity operations that may wait before submissions are refused
  GroupCommit(
      Database database,
      int crashLimit,
      Set<String> types,
      JournalLimits limits,
      int writerCount,
      int capacity,
      ThreadFactory threads) {
    this.database = database;
    this.crashLimit = crashLimit;
    this.types = Set.copyOf(types);
    this.prelude = BatchStatements.prelude(limits);
    this.waiting = new OperationQueue(capacity, limits.waitingBytes());
    for (int i = 0; i < writerCount; i++) {
      boolean first = i == 0;
      Thread writer = threads.newThread(() -> loop(first));
      writers.add(writer);
      writer.start();
    }
  }

  /// Hands the operation to the writers; the answer comes through its promise. Refuses a submission
  /// at once when too much is waiting.
  void add(JournalOperation operation) {
    if (closed()) {
      refuse(operation, CLOSING);
    } else if (!waiting.offer(operation)) {
      refuse(operation, "Too many jobs are waiting to be written down.");
    } else if (closed() && waiting.remove(operation)) {
      refuse(operation, CLOSING);
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
    blocked.forEach(operation -> refuse(operation, CLOSING));
    waiting.removeAll(_ -> true).forEach(operation -> refuse(operation, CLOSING));
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void loop(boolean first) {
    List<JournalOperation> group = List.of();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        group = first ? List.of() : nextBlocked();
        write(group);
        group = first ? waiting.next(IDLE) : waiting.nextLate(MOMENT);
        write(group);
        if (group.isEmpty() && closed()) {
          return;
        }
      } catch (InterruptedException _) {
        group.forEach(operation -> refuse(operation, CLOSING));
        return;
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "the journal's writer goes on after an unexpected failure", e);
        // Those that are answered already stay so.
        group.forEach(operation -> operation.answer().completeExceptionally(e));
      }
    }
  }

  private List<JournalOperation> nextBlocked() {
    JournalOperation next = blocked.poll();
    return next == null ? List.of() : List.of(next);
  }

  private void write(List<JournalOperation> group) throws InterruptedException {
    List<JournalOperation> left = group;
    for (int attempt = 1; !left.isEmpty(); attempt++) {
      try {
        commit(left);
        return;
      } catch (DatabaseBusy e) {
        if (!tablesAreLocked()) {
          writeSingly(left, e);
          return;
        }
        left = keepPatient(left, e, attempt - MORE_TRIES_UNDER_LOCK);
      } catch (DatabaseUnavailable e) {
        left = keepPatient(left, e, attempt);
      } catch (QueryFailed e) {
        if (!e.isTransient() || attempt >= TRIES_AFTER_CONFLICT) {
          writeSingly(left, e);
          return;
        }
      } catch (RuntimeException | Error e) {
        writeSingly(left, e);
        return;
      }
    }
  }

  /// The promises are kept after the commit and not before.
  private void commit(List<JournalOperation> group) {
    List<NewJob> jobs = new ArrayList<>();
    SortedMap<UUID, JournalOperation.Claim> claims = new TreeMap<>();
    List<Settlement> settlements = new ArrayList<>();
    for (JournalOperation operation : group) {
      switch (operation) {
        case JournalOperation.Submit submit -> jobs.addAll(submit.jobs());
        case JournalOperation.Claim claim -> claim.ids().forEach(id -> claims.put(id, claim));
        case JournalOperation.Settle settle -> settlements.addAll(settle.settlements());
      }
    }
    BatchStatements.Answers answers =
        database.inTransaction(
            Database.Pool.WRITER,
            connection ->
                new BatchStatements(connection, crashLimit, types, prelude)
                    .write(jobs, claims, settlements));
    group.forEach(operation -> answer(operation, answers));
  }

  private static void answer(JournalOperation operation, BatchStatements.Answers answers) {
    switch (operation) {
      case JournalOperation.Submit(var jobs, var answer) ->
          answer.complete(pick(jobs, NewJob::jobId, answers.queued()));
      case JournalOperation.Claim(var ids, _, _, var answer) ->
          answer.complete(pick(ids, Function.identity(), answers.claimed()));
      case JournalOperation.Settle(var settlements, var answer) ->
          answer.complete(pick(settlements, Settlement::claim, answers.settled()));
    }
  }

  private static <T, K, R> List<R> pick(List<T> asked, Function<T, K> id, Map<K, R> answers) {
    return asked.stream().map(id).filter(answers::containsKey).map(answers::get).toList();
  }

  /// Waits a moment with what has tries left. The rest learns now that the database is away, also
  /// what came in meanwhile: nobody else may be free to tell it.
  ///
  /// @param tries that the group has had
  private List<JournalOperation> keepPatient(
      List<JournalOperation> group, DatabaseUnavailable e, int tries) throws InterruptedException {
    Predicate<JournalOperation> over = operation -> closed() || tries >= operation.tries();
    List<JournalOperation> told = new ArrayList<>(group.stream().filter(over).toList());
    told.addAll(waiting.removeAll(over));
    told.forEach(operation -> operation.answer().completeExceptionally(e));
    List<JournalOperation> kept =
        group.stream().filter(operation -> !operation.answer().isDone()).toList();
    if (!kept.isEmpty()) {
      LOG.log(Level.WARNING, "{0} operations wait for the database: {1}", kept.size(), e.type());
      closing.await(PAUSE_WHEN_AWAY.toMillis(), TimeUnit.MILLISECONDS);
    }
    return kept;
  }

  /// Tells a lock on a table, under which the group waits as a whole, from one on a row of it.
  private boolean tablesAreLocked() {
    try {
      return database.inTransaction(
          Database.Pool.WRITER,
          connection -> {
            try (Statement lock = connection.createStatement()) {
              return lock.execute(LOCK_TABLES);
            }
          });
    } catch (DatabaseUnavailable _) {
      return true;
    }
  }

  private void writeSingly(List<JournalOperation> group, Throwable cause)
      throws InterruptedException {
    if (group.size() > 1) {
      for (JournalOperation operation : group) {
        write(List.of(operation));
      }
      return;
    }
    switch (group.getFirst()) {
      case JournalOperation.Settle settle when cause instanceof DatabaseBusy -> blocked.add(settle);
      case JournalOperation.Claim claim
          when cause instanceof DatabaseBusy && claim.ids().size() > 1 ->
          claimSingly(claim);
      case JournalOperation operation -> operation.answer().completeExceptionally(cause);
    }
  }

  /// Jobs whose rows are locked are left out, as such that cannot be taken: the others go on.
  private void claimSingly(JournalOperation.Claim claim) throws InterruptedException {
    List<ClaimedJob> claimed = new ArrayList<>();
    for (UUID id : claim.ids()) {
      CompletableFuture<List<ClaimedJob>> answer = new CompletableFuture<>();
      write(
          List.of(new JournalOperation.Claim(List.of(id), claim.worker(), claim.token(), answer)));
      if (!answer.isCompletedExceptionally()) {
        claimed.addAll(answer.join());
      }
    }
    claim.answer().complete(claimed);
  }

  private static void refuse(JournalOperation operation, String reason) {
    operation
        .answer()
        .completeExceptionally(
            Problem.unavailable("journal-busy", reason, Duration.ofSeconds(1), null));
  }
}
