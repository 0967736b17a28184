package io.soilhub.scalability.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The statements of a group, each over all rows of its kind at once. Rows are touched in the order
/// of their ids, so that groups of several writers and replicas do not lock each other out.
final class GroupStatements {

  /// The driver's statements are planned once, and a plan made while the table was small would scan
  /// it for ever. Every one of these reads by primary key: a nested loop over index lookups is all
  /// that is left to the planner, and the statements avoid the predicates of the partial indexes.
  private static final String BY_KEY_ONLY =
      Stream.of("hashjoin", "mergejoin", "seqscan", "bitmapscan", "material")
          .map("set_config('enable_%s', 'off', true)"::formatted)
          .collect(Collectors.joining(", ", "SELECT ", ""));

  private static final String SUBMIT = Sql.resource("submit.sql");
  private static final String CLAIM = Sql.resource("claim.sql");
  private static final String SETTLE = Sql.resource("settle.sql");
  private static final String SETTLED_BEFORE = Sql.resource("settled_before.sql");

  /// Reads one row of an answer.
  @FunctionalInterface
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final int crashLimit;

  /// @param connection with an open transaction
  GroupStatements(Connection connection, int crashLimit) throws SQLException {
    this.connection = connection;
    this.crashLimit = crashLimit;
    try (PreparedStatement byKey = connection.prepareStatement(BY_KEY_ONLY)) {
      byKey.execute();
    }
  }

  /// Writes the jobs; those that were there already, from an earlier try of the same submission,
  /// are left as they are and out of the answer.
  Map<UUID, Queued> submit(List<NewJob> unordered) throws SQLException {
    List<NewJob> jobs = sorted(unordered, NewJob::jobId);
    try (PreparedStatement s = connection.prepareStatement(SUBMIT)) {
      array(s, 1, "uuid", jobs, NewJob::jobId);
      array(s, 2, "text", jobs, NewJob::jobType);
      array(s, 3, "text", jobs, NewJob::queue);
      array(s, 4, "int4", jobs, NewJob::priority);
      array(s, 5, "text", jobs, NewJob::payload);
      array(s, 6, "text", jobs, job -> literal(job.tags()));
      array(s, 7, "int4", jobs, NewJob::maxAttempts);
      array(s, 8, "int4", jobs, job -> (int) job.timeout().toSeconds());
      array(s, 9, "text", jobs, job -> job.notBefore().toString());
      array(s, 10, "int8", jobs, job -> job.delay().toMillis());
      return rows(
          s,
          row ->
              new Queued(
                  row.getObject("job_id", UUID.class),
                  row.getString("queue"),
                  row.getInt("priority"),
                  millis(row, "due_ms"),
                  false),
          Queued::jobId);
    }
  }

  /// Takes the jobs for a worker; those that are ended or not due are left out of the answer.
  Map<UUID, ClaimedJob> claim(List<UUID> ids, String worker) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(CLAIM)) {
      array(s, 1, "uuid", sorted(ids, Function.identity()), Function.identity());
      s.setString(2, worker);
      s.setInt(3, crashLimit);
      return rows(s, GroupStatements::claimed, ClaimedJob::jobId);
    }
  }

  /// Ends or gives back claims; one whose fence is not the row's any more is answered as refused.
  Map<Claim, Settled> settle(List<Settlement> unordered) throws SQLException {
    List<Settlement> settlements = sorted(unordered, Settlement::jobId);
    Map<Claim, Settled> settled;
    try (PreparedStatement s = connection.prepareStatement(SETTLE)) {
      array(s, 1, "uuid", settlements, Settlement::jobId);
      array(s, 2, "int8", settlements, Settlement::fence);
      array(s, 3, "text", settlements, x -> x.status().text());
      array(s, 4, "text", settlements, Settlement::result);
      array(s, 5, "text", settlements, Settlement::errorType);
      array(s, 6, "text", settlements, Settlement::errorMessage);
      array(s, 7, "int8", settlements, x -> x.delay().toMillis());
      settled = rows(s, GroupStatements::settled, Settled::claim);
    }
    List<Settlement> refused =
        settlements.stream().filter(x -> !settled.containsKey(x.claim())).toList();
    if (!refused.isEmpty()) {
      settled.putAll(settledBefore(refused));
      for (Settlement x : refused) {
        Settled no = new Settled(x.jobId(), x.fence(), false, x.status(), Duration.ZERO);
        settled.putIfAbsent(x.claim(), no);
      }
    }
    return settled;
  }

  private Map<Claim, Settled> settledBefore(List<Settlement> refused) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(SETTLED_BEFORE)) {
      array(s, 1, "uuid", refused, Settlement::jobId);
      array(s, 2, "int8", refused, Settlement::fence);
      array(s, 3, "text", refused, x -> x.status().text());
      return rows(s, GroupStatements::settled, Settled::claim);
    }
  }

  private static ClaimedJob claimed(ResultSet row) throws SQLException {
    return new ClaimedJob(
        row.getObject("job_id", UUID.class),
        row.getString("queue"),
        row.getString("job_type"),
        row.getInt("priority"),
        row.getString("payload"),
        JobStatus.of(row.getString("status")),
        row.getInt("attempt"),
        row.getInt("max_attempts"),
        row.getLong("fence"),
        Duration.ofSeconds(row.getInt("timeout_seconds")),
        row.getInt("crash_count"));
  }

  private static Settled settled(ResultSet row) throws SQLException {
    JobStatus status = JobStatus.of(row.getString("status"));
    Duration dueIn = status.terminal() ? Duration.ZERO : millis(row, "due_ms");
    UUID id = row.getObject("job_id", UUID.class);
    return new Settled(id, row.getLong("fence"), true, status, dueIn);
  }

  private static Duration millis(ResultSet row, String column) throws SQLException {
    return Duration.ofMillis((long) Math.ceil(row.getDouble(column)));
  }

  private static <T, R> Map<R, T> rows(PreparedStatement s, Row<T> reader, Function<T, R> key)
      throws SQLException {
    Map<R, T> answer = new HashMap<>();
    try (ResultSet rows = s.executeQuery()) {
      while (rows.next()) {
        T row = reader.read(rows);
        answer.put(key.apply(row), row);
      }
    }
    return answer;
  }

  private <T> void array(
      PreparedStatement s, int index, String type, List<T> values, Function<? super T, ?> element)
      throws SQLException {
    s.setArray(index, connection.createArrayOf(type, values.stream().map(element).toArray()));
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
}
