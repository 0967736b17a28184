package io.soilhub.scalability.jobs.journal;

import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toSet;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/// The transitions of a job's life, written so that callers of one replica share commits.
///
/// Answers come as promises, completed after the commit on the writer's thread: what hangs on them
/// must be short. They fail with [io.soilhub.scalability.platform.postgres.DatabaseUnavailable]
/// while PostgreSQL is away or locked and with a problem of kind UNAVAILABLE when too much is
/// waiting. Claims are kept for about a minute and tried again, as the same claims; settlements
/// until the database is back or the journal is closed.
public final class Journal implements AutoCloseable {

  /// A claim that is being run, with how far it is.
  public record Running(Claim claim, int progress) {}

  /// An open job that a claim did not take.
  ///
  /// @param dueIn time until it may run, by the database's clock; negative when it has been due for
  ///   that long
  /// @param known whether this replica can run jobs of its type
  public record Unclaimed(UUID jobId, String jobType, Duration dueIn, boolean known) {}

  /// What the journal says about runs: those whose claim is gone, and those to be cancelled.
  public record Verdicts(Set<Claim> lost, Set<Claim> cancelled) {}

  private static final int WAITING_OPERATIONS = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final String UNCLAIMED = SqlResource.read("unclaimed.sql");
  private static final String VERDICTS = SqlResource.read("verdicts.sql");
  private static final String PROGRESS = SqlResource.read("progress.sql");

  private final Database database;
  private final Set<String> types;
  private final GroupCommit commits;

  /// With limits for the memory of this process.
  public Journal(Database database, int crashLimit, Set<String> types, ThreadFactory threads) {
    this(database, crashLimit, types, JournalLimits.of(Runtime.getRuntime().maxMemory()), threads);
  }

  /// @param crashLimit how many deaths of its worker a job survives
  /// @param types of jobs that this replica can run, and therefore claims
  public Journal(
      Database database,
      int crashLimit,
      Set<String> types,
      JournalLimits limits,
      ThreadFactory threads) {
    this.database = database;
    this.types = Set.copyOf(types);
    int writers = database.poolState(Database.Pool.WRITER).max();
    this.commits =
        new GroupCommit(database, crashLimit, types, limits, writers, WAITING_OPERATIONS, threads);
  }

  /// Writes all the jobs down or none.
  ///
  /// @return those that are new; a job whose id is in the journal already is left as it is
  public CompletableFuture<List<OpenJob>> submit(List<NewJob> jobs) {
    CompletableFuture<List<OpenJob>> answer = new CompletableFuture<>();
    commits.add(new JournalOperation.Submit(List.copyOf(jobs), answer));
    return answer;
  }

  /// Takes jobs for a worker, each under a new fence.
  ///
  /// @return the jobs taken, or ended by the attempt to take them; what is missing is for
  ///   [#unclaimed]
  public CompletableFuture<List<ClaimedJob>> claim(List<UUID> ids, String worker) {
    CompletableFuture<List<ClaimedJob>> answer = new CompletableFuture<>();
    commits.add(new JournalOperation.Claim(List.copyOf(ids), worker, UUID.randomUUID(), answer));
    return answer;
  }

  /// Why jobs were missing from the answer to a claim.
  ///
  /// @return those that are to be handed out later or to others; not to be handed out again are the
  ///   rest: they have ended, or another worker was quicker
  public List<Unclaimed> unclaimed(Collection<UUID> ids) {
    return database.inStatement(
        Database.Pool.CONTROL,
        connection ->
            Sql.read(
                connection,
                UNCLAIMED,
                row ->
                    new Unclaimed(
                        row.getObject("job_id", UUID.class),
                        row.getString("job_type"),
                        Duration.ofMillis((long) Math.ceil(row.getDouble("due_ms"))),
                        row.getBoolean("known")),
                Sql.array("text", types),
                Sql.array("uuid", ids)));
  }

  /// Reads the payload of a job that was claimed without it.
  ///
  /// @return empty when the fence is no longer the job's
  public Optional<String> payload(Claim claim) {
    return database.inTransaction(connection -> payload(connection, claim));
  }

  /// Ends claims or gives them back, each on its own.
  public CompletableFuture<List<SettlementResult>> settle(List<Settlement> settlements) {
    CompletableFuture<List<SettlementResult>> answer = new CompletableFuture<>();
    commits.add(new JournalOperation.Settle(List.copyOf(settlements), answer));
    return answer;
  }

  /// Asks which claims must stop being run, without waiting for any row that is locked.
  public Verdicts verdicts(List<Claim> claims) {
    return database.inStatement(Database.Pool.CONTROL, connection -> verdicts(connection, claims));
  }

  /// Writes the progress of runs where it changed. A job whose row is locked is left out.
  public void progress(List<Running> runs) {
    database.inStatement(
        Database.Pool.CONTROL,
        connection ->
            Sql.updateWithin(
                PATIENCE,
                connection,
                PROGRESS,
                array("uuid", runs, run -> run.claim().jobId()),
                array("int8", runs, run -> run.claim().fence()),
                array("int4", runs, Running::progress)));
  }

  /// Has an effect once for a job, whatever becomes of its runs: effect, check of the fence and
  /// mark commit together. The row's lock keeps a new claim out until then.
  ///
  /// @return empty when the fence is no longer the job's; else whether the effect was had now
  public Optional<Boolean> once(Claim claim, String effect, Database.Work<Void> work) {
    return database.inTransaction(
        connection -> {
          if (!holds(connection, claim)) {
            return Optional.empty();
          }
          boolean first = mark(connection, claim.jobId(), effect);
          if (first) {
            work.run(connection);
          }
          return Optional.of(first);
        });
  }

  /// Writes what is waiting and stops; later operations are refused.
  @Override
  public void close() {
    commits.close();
  }

  private static Verdicts verdicts(Connection connection, List<Claim> claims) throws SQLException {
    Map<Boolean, Set<Claim>> byHeld =
        Sql.readWithin(
                PATIENCE,
                connection,
                VERDICTS,
                row ->
                    Map.entry(
                        row.getBoolean("held"),
                        new Claim(row.getObject("job_id", UUID.class), row.getLong("fence"))),
                array("uuid", claims, Claim::jobId),
                array("int8", claims, Claim::fence))
            .stream()
            .collect(partitioningBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toSet())));
    return new Verdicts(byHeld.get(false), byHeld.get(true));
  }

  private static <T> Sql.Array array(String type, List<T> rows, Function<T, Object> element) {
    return Sql.array(type, rows.stream().map(element).toList());
  }

  private static Optional<String> payload(Connection connection, Claim claim) throws SQLException {
    String sql = "SELECT payload FROM job WHERE job_id = ? AND fence = ? AND status = 'running'";
    return Sql.first(connection, sql, row -> row.getString(1), claim.jobId(), claim.fence());
  }

  private static boolean holds(Connection connection, Claim claim) throws SQLException {
    String sql =
        "SELECT 1 FROM job WHERE job_id = ? AND fence = ? AND status = 'running' FOR UPDATE";
    return Sql.first(connection, sql, _ -> true, claim.jobId(), claim.fence()).isPresent();
  }

  private static boolean mark(Connection connection, UUID jobId, String effect)
      throws SQLException {
    String sql = "INSERT INTO job_effect (job_id, effect) VALUES (?, ?) ON CONFLICT DO NOTHING";
    return Sql.update(connection, sql, jobId, effect) == 1;
  }
}
