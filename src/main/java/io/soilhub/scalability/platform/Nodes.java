package io.soilhub.scalability.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The replicas that are up, by the heartbeats they leave in PostgreSQL. All times are the
/// database's, so that the replicas' clocks do not matter.
public final class Nodes {

  /// A replica that was seen within the last 15 seconds.
  public record Seen(String nodeId, String address, Instant lastSeen, boolean leader) {}

  private static final String BEAT =
      """
      INSERT INTO node (node_id, address, started_at, last_seen, leader)
      VALUES (?, ?, ?, clock_timestamp(), ?)
      ON CONFLICT (node_id) DO UPDATE
      SET address = excluded.address, started_at = excluded.started_at,
          last_seen = excluded.last_seen, leader = excluded.leader
      """;
  private static final String FORGET =
      "DELETE FROM node WHERE last_seen < statement_timestamp() - interval '1 hour'";
  private static final String SEEN =
      """
      SELECT node_id, address, last_seen, leader FROM node
      WHERE last_seen > statement_timestamp() - interval '15 seconds'
      ORDER BY node_id LIMIT 1000
      """;

  private final Node self;
  private final Database database;
  private final BooleanSupplier leader;
  private volatile List<Seen> seen = List.of();

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
    return seen;
  }

  /// Leaves a heartbeat and looks who else did. To be called every two seconds or so by one loop.
  public void step() {
    seen = database.inTransaction(Database.Pool.CONTROL, this::beat);
  }

  private List<Seen> beat(Connection connection) throws SQLException {
    try (PreparedStatement beat = connection.prepareStatement(BEAT);
        PreparedStatement forget = connection.prepareStatement(FORGET);
        PreparedStatement look = connection.prepareStatement(SEEN)) {
      beat.setString(1, self.id());
      beat.setString(2, self.address());
      beat.setObject(3, self.startedAt().atOffset(java.time.ZoneOffset.UTC));
      beat.setBoolean(4, leader.getAsBoolean());
      beat.executeUpdate();
      forget.executeUpdate();
      List<Seen> found = new ArrayList<>();
      try (ResultSet row = look.executeQuery()) {
        while (row.next()) {
          Instant at = row.getObject(3, OffsetDateTime.class).toInstant();
          found.add(new Seen(row.getString(1), row.getString(2), at, row.getBoolean(4)));
        }
      }
      return List.copyOf(found);
    }
  }
}
