package io.soilhub.scalability.jobs.journal;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/// Counts the open jobs, on one replica for all: it walks over them a page at a time, for a part of
/// each second at most, and leaves the result in the journal. A million open jobs take a while to
/// count, but neither a long statement nor much of the server.
public final class BacklogCount {

  /// Rows of a page: some tens of milliseconds when they have to come from disk.
  static final int PAGE = 10_000;

  private static final Duration BUDGET = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final UUID START = new UUID(0, 0);
  private static final String OPEN = SqlResource.read("queue_open.sql");
  private static final String PUBLISH =
      """
      UPDATE queue_backlog SET counted_at = now() - ? * interval '1 ms', open_jobs = ?::json
      """;

  /// What a page holds of one queue and priority.
  ///
  /// @param last job of the whole page
  private record Row(OpenJobs open, UUID last) {}

  /// Where a walk is.
  private record Walk(long begunAt, UUID last, boolean more, Map<String, OpenJobs> counted) {

    Walk with(List<OpenJobs> page, UUID end, int pageSize) {
      Map<String, OpenJobs> all = new TreeMap<>(counted);
      page.forEach(open -> all.merge(open.queue() + "/" + open.priority(), open, OpenJobs::and));
      boolean full = page.stream().mapToLong(OpenJobs::all).sum() == pageSize;
      return new Walk(begunAt, end, full, all);
    }
  }

  private final Database database;
  private final BooleanSupplier leader;
  private final Ticker ticker;
  private final int pageSize;
  private Optional<Walk> walk = Optional.empty();

  /// @param leader whether this replica is the one that counts
  public BacklogCount(Database database, BooleanSupplier leader, Ticker ticker) {
    this(database, leader, ticker, PAGE);
  }

  BacklogCount(Database database, BooleanSupplier leader, Ticker ticker, int pageSize) {
    this.database = database;
    this.leader = leader;
    this.ticker = ticker;
    this.pageSize = pageSize;
  }

  /// Counts on. To be called once a second by one loop.
  public void step() {
    if (!leader.getAsBoolean()) {
      walk = Optional.empty();
      return;
    }
    long begin = ticker.nanos();
    Walk now = walk.orElseGet(() -> new Walk(begin, START, true, Map.of()));
    do {
      now = read(now);
      walk = Optional.of(now);
    } while (now.more() && ticker.nanos() - begin <= BUDGET.toNanos());
    if (!now.more()) {
      publish(now);
      walk = Optional.empty();
    }
  }

  private Walk read(Walk now) {
    List<Row> rows =
        database.inStatement(
            Database.Pool.CONTROL,
            connection ->
                Sql.readWithin(
                    PATIENCE, connection, OPEN, BacklogCount::row, now.last(), pageSize));
    UUID last = rows.isEmpty() ? now.last() : rows.getLast().last();
    return now.with(rows.stream().map(Row::open).toList(), last, pageSize);
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new OpenJobs(
            row.getString("queue"),
            row.getInt("priority"),
            row.getLong("pending"),
            row.getLong("delayed"),
            row.getLong("running"),
            Sql.time(row, "due_since")),
        row.getObject("last", UUID.class));
  }

  private void publish(Walk done) {
    String counted = Json.write(List.copyOf(done.counted().values()));
    long millis = Duration.ofNanos(ticker.nanos() - done.begunAt()).toMillis();
    database.inStatement(
        Database.Pool.CONTROL,
        connection -> Sql.updateWithin(PATIENCE, connection, PUBLISH, millis, counted));
  }
}
