package io.soilhub.scalability.platform.postgres;

import io.soilhub.scalability.platform.core.Node;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The replicas that are up, by the heartbeats they leave in PostgreSQL. All times are the
/// database's, so that the replicas' clocks do not matter.
public final class Nodes {

  /// A replica that was seen within the last 15 seconds.
  public record Seen(String nodeId, String address, Instant lastSeen, boolean leader) {}

  private static final String BEAT =
      """
      INSERT INTO node (node_id, address, started_at, last_seen, leader, joined_at)
      VALUES (?, ?, ?, statement_timestamp(), ?, statement_timestamp())
      ON CONFLICT (node_id) DO UPDATE
      SET address = excluded.address, started_at = excluded.started_at,
          last_seen = excluded.last_seen, leader = excluded.leader,
          joined_at = CASE node.started_at
                        WHEN excluded.started_at THEN least(node.joined_at, excluded.joined_at)
                        ELSE excluded.joined_at END
      """;
  private static final String FORGET =
      """
      DELETE FROM node WHERE last_seen < statement_timestamp() - interval '1 hour'
                          OR last_seen > statement_timestamp() + interval '1 hour'
      """;

  /// A heartbeat from the future is one from before the database's clock was set back.
  private static final String SEEN =
      """
      SELECT node_id, address, last_seen, leader, joined_at,
             last_seen BETWEEN statement_timestamp() - interval '15 seconds'
                           AND statement_timestamp() + interval '15 seconds' AS alive
      FROM node ORDER BY alive DESC, node_id LIMIT 1000
      """;

  private static final String LEAVE = "DELETE FROM node WHERE node_id = ?";

  /// @param joined when its first heartbeat came
  private record Beat(Seen seen, Instant joined, boolean alive) {}

  private final Node self;
  private final Database database;
  private final BooleanSupplier leader;
  private volatile List<Beat> beats = List.of();

  public Nodes(Node self, Database database, BooleanSupplier leader) {
    this.self = self;
    this.database = database;
    this.leader = leader;
  }

  public Node self() {
    return self;
  }

  /// As of the last [#step]; the times tell how old that is.
  public List<Seen> seen() {
    return beats.stream().filter(Beat::alive).map(Beat::seen).toList();
  }

  /// How many replicas died within the last hour, without a [#leave], and were not replaced: for
  /// each that died another one must have joined since. As of the last [#step].
  public int missing() {
    List<Instant> deaths =
        beats.stream()
            .filter(beat -> !beat.alive)
            .map(beat -> beat.seen.lastSeen())
            .sorted(Comparator.reverseOrder())
            .toList();
    Iterator<Instant> joins =
        beats.stream().map(Beat::joined).sorted(Comparator.reverseOrder()).iterator();
    int missing = 0;
    Optional<Instant> join = next(joins);
    for (Instant death : deaths) {
      if (join.isPresent() && join.get().isAfter(death)) {
        join = next(joins);
      } else {
        missing++;
      }
    }
    return missing;
  }

  private static Optional<Instant> next(Iterator<Instant> times) {
    return times.hasNext() ? Optional.of(times.next()) : Optional.empty();
  }

  /// Leaves a heartbeat and looks who else did. To be called every two seconds or so by one loop.
  public void step() {
    beats = database.inTransaction(Database.Pool.CONTROL, this::beat);
  }

  /// Takes this replica off the list, so that nobody misses it. To be called when it stops, after
  /// the last [#step].
  public void leave() {
    database.inStatement(
        Database.Pool.CONTROL, connection -> Sql.update(connection, LEAVE, self.id()));
  }

  private List<Beat> beat(Connection connection) throws SQLException {
    Sql.update(
        connection, BEAT, self.id(), self.address(), self.startedAt(), leader.getAsBoolean());
    Sql.update(connection, FORGET);
    return List.copyOf(Sql.read(connection, SEEN, Nodes::heartbeat));
  }

  private static Beat heartbeat(ResultSet row) throws SQLException {
    Seen seen =
        new Seen(
            row.getString("node_id"),
            row.getString("address"),
            Sql.time(row, "last_seen").orElseThrow(),
            row.getBoolean("leader"));
    return new Beat(seen, Sql.time(row, "joined_at").orElseThrow(), row.getBoolean("alive"));
  }
}
