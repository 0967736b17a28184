package io.soilhub.scalability.balancing;

import io.soilhub.scalability.fleet.Instance;
import io.soilhub.scalability.fleet.Member.Totals;
import io.soilhub.scalability.fleet.Policy;
import io.soilhub.scalability.fleet.Target;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Json;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The registry in PostgreSQL. All times are the database's.
final class InstanceRecords {

  /// A policy with the number of its version; 0 when it is the default.
  record Versioned(Policy policy, long version) {}

  /// Everything, as of one moment.
  record Snapshot(
      List<Instance> instances, Map<String, Versioned> policies, Map<String, Totals> totals) {}

  static final int MOST_INSTANCES = 10_000;

  private static final String ADD =
      """
      INSERT INTO instance AS i (instance_id, service, host, port, health_endpoint, weight, zone,
                                 metrics_endpoint, registered_at)
      SELECT ?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp()
      WHERE (SELECT count(*) FROM instance) < %d
      ON CONFLICT (instance_id) DO NOTHING
      """
          .formatted(MOST_INSTANCES);
  private static final String KEEP =
      "UPDATE instance SET drain_until = NULL WHERE instance_id = ? AND drain_until IS NOT NULL";
  private static final String DRAIN =
      """
      UPDATE instance SET drain_until = least(coalesce(drain_until, 'infinity'),
                                              clock_timestamp() + make_interval(secs => ?))
      WHERE instance_id = ?
      """;
  private static final String REMOVE_DRAINED =
      "DELETE FROM instance WHERE drain_until <= clock_timestamp()";
  private static final String COUNT =
      """
      INSERT INTO instance_traffic AS t VALUES (?, ?, ?, ?, clock_timestamp())
      ON CONFLICT (instance_id) DO UPDATE SET requests = t.requests + excluded.requests,
        errors = t.errors + excluded.errors, bytes = t.bytes + excluded.bytes,
        updated_at = excluded.updated_at
      """;
  private static final String FORGET =
      """
      DELETE FROM instance_traffic t WHERE updated_at < clock_timestamp() - interval '30 days'
        AND NOT EXISTS (SELECT FROM instance i WHERE i.instance_id = t.instance_id)
      """;
  private static final String CHANGE =
      """
      INSERT INTO balancing_policy AS p (service, policy, version)
      SELECT ?, ?, 1 WHERE ? = 0 OR EXISTS (SELECT FROM balancing_policy WHERE service = ?)
      ON CONFLICT (service) DO UPDATE SET policy = excluded.policy, version = p.version + 1
        WHERE p.version = ?
      RETURNING version
      """;

  private final Database database;

  InstanceRecords(Database database) {
    this.database = database;
  }

  /// Adds an instance unless its id is there already.
  ///
  /// @return whether it was added
  boolean add(Target target) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(ADD)) {
            s.setString(1, target.instanceId());
            s.setString(2, target.service());
            s.setString(3, target.host());
            s.setInt(4, target.port());
            s.setString(5, target.healthEndpoint());
            s.setInt(6, target.weight());
            s.setString(7, target.zone());
            s.setString(8, target.metricsEndpoint());
            return s.executeUpdate() == 1;
          }
        });
  }

  /// Ends the draining of an instance.
  void keep(String id) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(KEEP)) {
            s.setString(1, id);
            return s.executeUpdate();
          }
        });
  }

  /// Has an instance removed after some seconds, or sooner when it drains already.
  ///
  /// @return whether there is one
  boolean drain(String id, int seconds) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(DRAIN)) {
            s.setInt(1, seconds);
            s.setString(2, id);
            return s.executeUpdate() == 1;
          }
        });
  }

  /// Puts a policy in place of that of a version.
  ///
  /// @return its version; empty when somebody else changed it meanwhile
  Optional<Long> change(String service, Policy policy, long version) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(CHANGE)) {
            s.setString(1, service);
            s.setString(2, Json.write(policy));
            s.setLong(3, version);
            s.setString(4, service);
            s.setLong(5, version);
            try (ResultSet row = s.executeQuery()) {
              return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
          }
        });
  }

  /// Adds to the totals, removes who has drained, and reads everything: one transaction, once a
  /// second.
  Snapshot exchange(Map<String, Totals> deltas) {
    return database.inTransaction(
        connection -> {
          count(connection, deltas);
          try (PreparedStatement s = connection.prepareStatement(REMOVE_DRAINED)) {
            s.executeUpdate();
          }
          return new Snapshot(instances(connection), policies(connection), totals(connection));
        });
  }

  /// Forgets the totals of instances that have been gone for thirty days.
  void forget() {
    database.inTransaction(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(FORGET)) {
            return s.executeUpdate();
          }
        });
  }

  /// In the order of ids: replicas that count at the same time never wait for each other in a
  /// circle.
  private static void count(Connection connection, Map<String, Totals> deltas) throws SQLException {
    try (PreparedStatement s = connection.prepareStatement(COUNT)) {
      for (String id : deltas.keySet().stream().sorted().toList()) {
        s.setString(1, id);
        s.setLong(2, deltas.get(id).requests());
        s.setLong(3, deltas.get(id).errors());
        s.setLong(4, deltas.get(id).bytes());
        s.addBatch();
      }
      s.executeBatch();
    }
  }

  private static List<Instance> instances(Connection connection) throws SQLException {
    List<Instance> all = new ArrayList<>();
    try (PreparedStatement s = connection.prepareStatement("SELECT * FROM instance");
        ResultSet row = s.executeQuery()) {
      while (row.next()) {
        Target target =
            new Target(
                row.getString("instance_id"),
                row.getString("service"),
                row.getString("host"),
                row.getInt("port"),
                row.getString("health_endpoint"),
                row.getInt("weight"),
                row.getString("zone"),
                row.getString("metrics_endpoint"));
        all.add(
            new Instance(
                target,
                Instance.Source.API,
                time(row, "registered_at").orElseThrow(),
                time(row, "drain_until")));
      }
    }
    return all;
  }

  private static Map<String, Versioned> policies(Connection connection) throws SQLException {
    Map<String, Versioned> all = new HashMap<>();
    try (PreparedStatement s = connection.prepareStatement("SELECT * FROM balancing_policy");
        ResultSet row = s.executeQuery()) {
      while (row.next()) {
        Policy policy = Json.mapper().readValue(row.getString("policy"), Policy.class);
        all.put(row.getString("service"), new Versioned(policy, row.getLong("version")));
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static Map<String, Totals> totals(Connection connection) throws SQLException {
    Map<String, Totals> all = new HashMap<>();
    String sql = "SELECT instance_id, requests, errors, bytes FROM instance_traffic";
    try (PreparedStatement s = connection.prepareStatement(sql);
        ResultSet row = s.executeQuery()) {
      while (row.next()) {
        all.put(row.getString(1), new Totals(row.getLong(2), row.getLong(3), row.getLong(4)));
      }
    }
    return all;
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
