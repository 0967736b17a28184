package io.soilhub.scalability.balancing.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.soilhub.scalability.balancing.fleet.Instance;
import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.balancing.fleet.Policy;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The registry in PostgreSQL. All times are the database's.
final class InstanceStore {

  /// A newer replica may have stored what this version does not know.
  private static final ObjectReader STORED =
      Json.mapper()
          .readerFor(Policy.class)
          .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /// A policy with the number of its version; 0 when it is the default.
  record Versioned(Policy policy, long version) {}

  /// What became of a registration.
  enum Addition {
    ADDED,
    /// The same instance was registered already; if it was draining, it stays.
    KEPT,
    /// Another one has its id.
    TAKEN,
    FULL
  }

  /// Everything, as of one moment.
  record Snapshot(List<Instance> instances, Map<String, Versioned> policies) {}

  static final int MOST_INSTANCES = 10_000;

  private static final String END_DRAINED =
      "DELETE FROM instance WHERE instance_id = ? AND drain_until <= statement_timestamp()";
  private static final String ADD =
      """
      INSERT INTO instance AS i (instance_id, service, host, port, health_endpoint, weight, zone,
                                 metrics_endpoint, registered_at)
      SELECT n.*, clock_timestamp()
      FROM (VALUES (?, ?, ?, ?, ?, ?, ?, ?)) AS n (id, service, host, port, health, weight, zone,
                                                   metrics)
      WHERE (SELECT count(*) FROM instance) < %d
         OR EXISTS (SELECT FROM instance WHERE instance_id = n.id)
      ON CONFLICT (instance_id) DO UPDATE SET drain_until = NULL
      WHERE (i.service, i.host, i.port, i.health_endpoint, i.weight, i.zone, i.metrics_endpoint)
          = (excluded.service, excluded.host, excluded.port, excluded.health_endpoint,
             excluded.weight, excluded.zone, excluded.metrics_endpoint)
      RETURNING i.xmax = 0
      """
          .formatted(MOST_INSTANCES);
  private static final String IS_FULL =
      """
      SELECT count(*) >= %d AND count(*) FILTER (WHERE instance_id = ?) = 0 FROM instance
      """
          .formatted(MOST_INSTANCES);
  private static final String DRAIN =
      """
      UPDATE instance SET drain_until = least(coalesce(drain_until, 'infinity'),
                                              clock_timestamp() + make_interval(secs => ?))
      WHERE instance_id = ?
      """;
  private static final String REMOVE_DRAINED =
      "DELETE FROM instance WHERE drain_until <= statement_timestamp()";
  private static final String CHANGE =
      """
      INSERT INTO balancing_policy AS p (service, policy, version)
      SELECT ?, ?, 1 WHERE ? = 0 OR EXISTS (SELECT FROM balancing_policy WHERE service = ?)
      ON CONFLICT (service) DO UPDATE SET policy = excluded.policy, version = p.version + 1
        WHERE p.version = ?
      RETURNING version
      """;

  private final TimeLimitedTransactions database;

  InstanceStore(Database database) {
    this.database = new TimeLimitedTransactions(database);
  }

  /// Adds an instance, or keeps the same one that is there.
  Addition add(InstanceSpec instanceSpec) {
    return database.inTransaction(
        connection -> {
          Sql.update(connection, END_DRAINED, instanceSpec.instanceId());
          Optional<Addition> done =
              Sql.first(
                  connection,
                  ADD,
                  row -> row.getBoolean(1) ? Addition.ADDED : Addition.KEPT,
                  instanceSpec.instanceId(),
                  instanceSpec.service(),
                  instanceSpec.host(),
                  instanceSpec.port(),
                  instanceSpec.healthEndpoint(),
                  instanceSpec.weight(),
                  instanceSpec.zone(),
                  instanceSpec.metricsEndpoint());
          if (done.isPresent()) {
            return done.get();
          }
          return isFullWithout(connection, instanceSpec.instanceId())
              ? Addition.FULL
              : Addition.TAKEN;
        });
  }

  /// Has an instance removed after some seconds, or sooner when it drains already.
  ///
  /// @return whether there is one
  boolean drain(String id, int seconds) {
    return database.inTransaction(connection -> Sql.update(connection, DRAIN, seconds, id) == 1);
  }

  /// Puts a policy in place of that of a version.
  ///
  /// @return its version; empty when somebody else changed it meanwhile
  Optional<Long> change(String service, Policy policy, long version) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection,
                CHANGE,
                row -> row.getLong(1),
                service,
                Json.write(policy),
                version,
                service,
                version));
  }

  /// Removes who has drained and reads everything, once a second.
  Snapshot read() {
    return database.inTransaction(
        connection -> {
          Sql.update(connection, REMOVE_DRAINED);
          return new Snapshot(instances(connection), policies(connection));
        });
  }

  private static boolean isFullWithout(Connection connection, String id) throws SQLException {
    return Sql.first(connection, IS_FULL, row -> row.getBoolean(1), id).orElseThrow();
  }

  private static List<Instance> instances(Connection connection) throws SQLException {
    return Sql.read(connection, "SELECT * FROM instance", InstanceStore::instance);
  }

  private static Instance instance(ResultSet row) throws SQLException {
    InstanceSpec instanceSpec =
        new InstanceSpec(
            row.getString("instance_id"),
            row.getString("service"),
            row.getString("host"),
            row.getInt("port"),
            row.getString("health_endpoint"),
            row.getInt("weight"),
            row.getString("zone"),
            row.getString("metrics_endpoint"));
    return new Instance(
        instanceSpec,
        Instance.Source.API,
        Sql.time(row, "registered_at").orElseThrow(),
        Sql.time(row, "drain_until"));
  }

  private static Map<String, Versioned> policies(Connection connection) throws SQLException {
    return Sql.read(
            connection,
            "SELECT * FROM balancing_policy",
            row -> Map.entry(row.getString("service"), versioned(row)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Versioned versioned(ResultSet row) throws SQLException {
    try {
      return new Versioned(STORED.readValue(row.getString("policy")), row.getLong("version"));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
