package io.soilhub.scalability.jobs.journal;

import io.soilhub.scalability.platform.postgres.Sql.RowReader;
import io.soilhub.scalability.telemetry.tracing.TraceContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The statements of a group, each over all rows of its kind at once. They travel together with
/// their COMMIT, so that a group costs one round trip; after an error the server skips the rest.
/// Rows are touched in the order of their ids, so that groups of several writers and replicas do
/// not lock each other out.
final class BatchStatements {

  /// What came of the rows of a group.
  ///
  /// @param queued new jobs; those that were there already, from an earlier try of the same
  ///   submission, are left as they are and missing here
  /// @param claimed jobs taken; those that are ended, not due or of another type are missing
  /// @param settled of every settlement; one whose fence is not the row's any more is refused
  record Answers(
      Map<UUID, OpenJob> queued,
      Map<UUID, ClaimedJob> claimed,
      Map<Claim, SettlementResult> settled) {}

  /// A plan made while the table was small is kept while it grows, and to a planner that believes
  /// in one row any order of a nested loop is as good: it walked the whole index for each claim. So
  /// the statements name their keys as a list, for the index, and a hash join of what it found with
  /// what was asked is all that is left to the planner; they avoid the predicates of the partial
  /// indexes. Servers before version 18 count what is turned off as a cost, by which they would
  /// compile the statement.
  private static final List<String> BY_KEY_ONLY =
      List.of(
          "enable_nestloop",
          "enable_mergejoin",
          "enable_seqscan",
          "enable_bitmapscan",
          "enable_material",
          "jit");

  /// Larger payloads are read when their run begins: a replica takes hundreds of claims at a time
  /// and runs a few.
  private static final int INLINE_BYTES = 8 * 1024;

  private static final String SUBMIT = SqlResource.read("submit.sql");
  private static final String CLAIM = SqlResource.read("claim.sql");
  private static final String SETTLE = SqlResource.read("settle.sql");
  private static final String FOLD_EVENTS = SqlResource.read("fold_events.sql");
  private static final String SETTLED_BEFORE = SqlResource.read("settled_before.sql");

  private final Connection connection;
  private final int crashLimit;
  private final Set<String> types;
  private final String prelude;

  /// @param connection in which nothing was done yet since its last commit
  /// @param types of jobs that may be claimed
  /// @param prelude of [#prelude]
  BatchStatements(Connection connection, int crashLimit, Set<String> types, String prelude) {
    this.connection = connection;
    this.crashLimit = crashLimit;
    this.types = types;
    this.prelude = prelude;
  }

  /// What holds for the transaction of a group: its plans and its limits of time.
  static String prelude(JournalLimits limits) {
    Map<String, String> settings = new LinkedHashMap<>();
    BY_KEY_ONLY.forEach(name -> settings.put(name, "off"));
    settings.put("lock_timeout", Long.toString(limits.lockTimeout().toMillis()));
    settings.put("statement_timeout", Long.toString(limits.statementTimeout().toMillis()));
    return settings.entrySet().stream()
        .map(s -> "set_config('%s', '%s', true)".formatted(s.getKey(), s.getValue()))
        .collect(Collectors.joining(", ", "SELECT ", ""));
  }

  /// Writes new jobs, takes jobs for workers, ends claims or gives them back, and commits.
  ///
  /// @param claims by id
  Answers write(
      List<NewJob> unordered,
      SortedMap<UUID, JournalOperation.Claim> claims,
      List<Settlement> settlements)
      throws SQLException {
    List<NewJob> jobs = sorted(unordered, NewJob::jobId);
    List<Settlement> ends = sorted(settlements, Settlement::jobId);
    List<Settlement> detours = ends.stream().filter(Settlement::isDetour).toList();
    List<String> texts = new ArrayList<>(List.of(prelude));
    texts.addAll(jobs.isEmpty() ? List.of() : List.of(SUBMIT));
    texts.addAll(claims.isEmpty() ? List.of() : List.of(CLAIM));
    texts.addAll(ends.isEmpty() ? List.of() : List.of(SETTLE));
    texts.addAll(detours.isEmpty() ? List.of() : List.of(FOLD_EVENTS));
    texts.add("COMMIT");
    Answers answers;
    try (PreparedStatement s = connection.prepareStatement(String.join(";\n", texts))) {
      Parameters parameters = new Parameters(s);
      submit(parameters, jobs);
      claim(parameters, claims);
      settle(parameters, ends);
      if (!detours.isEmpty()) {
        parameters.array("uuid", detours, Settlement::jobId);
        parameters.array("uuid", detours, Settlement::jobId);
      }
      s.execute();
      answers =
          new Answers(
              next(s, jobs, BatchStatements::openJob, OpenJob::jobId),
              next(s, claims.keySet(), BatchStatements::claimed, ClaimedJob::jobId),
              next(s, ends, BatchStatements::settlementResult, SettlementResult::claim));
    }
    answerRefused(ends, answers.settled);
    return answers;
  }

  private static void submit(Parameters s, List<NewJob> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    s.array("uuid", jobs, NewJob::jobId);
    s.array("text", jobs, NewJob::jobType);
    s.array("text", jobs, NewJob::queue);
    s.array("int4", jobs, NewJob::priority);
    s.array("text", jobs, NewJob::payload);
    s.array("text", jobs, job -> literal(job.tags()));
    s.array("int4", jobs, NewJob::maxAttempts);
    s.array("int4", jobs, job -> (int) job.timeout().toSeconds());
    s.array("text", jobs, job -> job.notBefore().toString());
    s.array("int8", jobs, job -> job.delay().toMillis());
    s.array("text", jobs, job -> job.trace().traceparent());
    s.array("text", jobs, job -> job.trace().tracestate());
  }

  private void claim(Parameters s, SortedMap<UUID, JournalOperation.Claim> claims)
      throws SQLException {
    if (claims.isEmpty()) {
      return;
    }
    s.array("uuid", claims.keySet(), Function.identity());
    s.array("text", claims.values(), JournalOperation.Claim::worker);
    s.array("uuid", claims.values(), JournalOperation.Claim::token);
    s.integer(crashLimit);
    s.integer(INLINE_BYTES);
    s.array("text", types, Function.identity());
  }

  private static void settle(Parameters s, List<Settlement> settlements) throws SQLException {
    if (settlements.isEmpty()) {
      return;
    }
    s.array("uuid", settlements, Settlement::jobId);
    s.array("int8", settlements, Settlement::fence);
    s.array("text", settlements, x -> x.status().text());
    s.array("text", settlements, Settlement::result);
    s.array("text", settlements, Settlement::errorType);
    s.array("text", settlements, Settlement::errorMessage);
    s.array("int8", settlements, x -> x.delay().toMillis());
    s.array("bool", settlements, Settlement::started);
    s.array("int4", settlements, Settlement::postponements);
  }

  private void answerRefused(List<Settlement> settlements, Map<Claim, SettlementResult> settled)
      throws SQLException {
    List<Settlement> refused =
        settlements.stream().filter(x -> !settled.containsKey(x.claim())).toList();
    if (!refused.isEmpty()) {
      settled.putAll(settledBefore(refused));
      for (Settlement x : refused) {
        SettlementResult no =
            new SettlementResult(x.jobId(), x.fence(), false, x.status(), Duration.ZERO);
        settled.putIfAbsent(x.claim(), no);
      }
    }
  }

  private Map<Claim, SettlementResult> settledBefore(List<Settlement> refused) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(SETTLED_BEFORE)) {
      Parameters parameters = new Parameters(s);
      parameters.array("uuid", refused, Settlement::jobId);
      parameters.array("int8", refused, Settlement::fence);
      parameters.array("text", refused, x -> x.status().text());
      try (ResultSet rows = s.executeQuery()) {
        return read(rows, BatchStatements::settlementResult, SettlementResult::claim);
      }
    }
  }

  private static OpenJob openJob(ResultSet row) throws SQLException {
    return new OpenJob(
        row.getObject("job_id", UUID.class),
        row.getString("queue"),
        row.getInt("priority"),
        millis(row, "due_ms"),
        false);
  }

  private static ClaimedJob claimed(ResultSet row) throws SQLException {
    return new ClaimedJob(
        row.getObject("job_id", UUID.class),
        row.getString("queue"),
        row.getString("job_type"),
        row.getInt("priority"),
        Objects.requireNonNullElse(row.getString("payload"), ""),
        row.getInt("payload_bytes"),
        JobStatus.of(row.getString("status")),
        row.getInt("attempt"),
        row.getInt("max_attempts"),
        row.getLong("fence"),
        Duration.ofSeconds(row.getInt("timeout_seconds")),
        row.getInt("crash_count"),
        row.getInt("postponed_count"),
        TraceContext.of(row.getString("traceparent"), row.getString("tracestate")));
  }

  private static SettlementResult settlementResult(ResultSet row) throws SQLException {
    JobStatus status = JobStatus.of(row.getString("status"));
    Duration dueIn = status.terminal() ? Duration.ZERO : millis(row, "due_ms");
    UUID id = row.getObject("job_id", UUID.class);
    return new SettlementResult(id, row.getLong("fence"), true, status, dueIn);
  }

  private static Duration millis(ResultSet row, String column) throws SQLException {
    return Duration.ofMillis((long) Math.ceil(row.getDouble(column)));
  }

  /// The next result of `s`, if rows of its kind were asked for.
  private static <T, R> Map<R, T> next(
      PreparedStatement s, Collection<?> asked, RowReader<T> reader, Function<T, R> key)
      throws SQLException {
    if (asked.isEmpty()) {
      return Map.of();
    }
    s.getMoreResults();
    try (ResultSet rows = s.getResultSet()) {
      return read(rows, reader, key);
    }
  }

  private static <T, R> Map<R, T> read(ResultSet rows, RowReader<T> reader, Function<T, R> key)
      throws SQLException {
    Map<R, T> answer = new HashMap<>();
    while (rows.next()) {
      T row = reader.read(rows);
      answer.put(key.apply(row), row);
    }
    return answer;
  }

  private static <T> List<T> sorted(List<T> values, Function<T, UUID> id) {
    List<T> sorted = new ArrayList<>(values);
    sorted.sort(Comparator.comparing(id));
    return sorted;
  }

  /// An array of arrays would have to be rectangular: each row's tags travel as one array literal.
  private static String literal(List<String> tags) {
    StringBuilder text = new StringBuilder("{");
    for (String tag : tags) {
      text.append(text.length() == 1 ? "" : ",").append('"');
      text.append(tag.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
    return text.append('}').toString();
  }

  /// The parameters of a text in their order, over all its statements.
  private static final class Parameters {

    private final PreparedStatement statement;
    private int last;

    Parameters(PreparedStatement statement) {
      this.statement = statement;
    }

    <T> void array(String type, Collection<T> values, Function<? super T, ?> element)
        throws SQLException {
      Object[] elements = values.stream().map(element).toArray();
      statement.setArray(++last, statement.getConnection().createArrayOf(type, elements));
    }

    void integer(int value) throws SQLException {
      statement.setInt(++last, value);
    }
  }
}
