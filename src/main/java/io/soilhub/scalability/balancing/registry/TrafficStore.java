package io.soilhub.scalability.balancing.registry;

import io.soilhub.scalability.balancing.fleet.Endpoint.Totals;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What all replicas have counted, in PostgreSQL: a row for every instance of the last thirty days.
/// Replicas look every second, and read only what changed since they did and those that are new to
/// them.
final class TrafficStore {

  /// The totals of some instances.
  ///
  /// @param asOf the database's time when they were read; empty when nothing was
  record Known(Map<String, Totals> totals, Optional<OffsetDateTime> asOf) {

    static final Known NOTHING = new Known(Map.of(), Optional.empty());

    Known {
      totals = Map.copyOf(totals);
    }

    Totals of(String id) {
      return totals.getOrDefault(id, Totals.NONE);
    }
  }

  /// In the order of ids: replicas that count at the same time never wait for each other in a
  /// circle.
  private static final String COUNT =
      """
      INSERT INTO instance_traffic AS t
      SELECT id, requests, errors, bytes, clock_timestamp()
      FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
        AS n (id, requests, errors, bytes)
      ORDER BY id
      ON CONFLICT (instance_id) DO UPDATE SET requests = t.requests + excluded.requests,
        errors = t.errors + excluded.errors, bytes = t.bytes + excluded.bytes,
        updated_at = excluded.updated_at
      """;

  /// A row becomes visible a few seconds at most after the time that it bears, as [#count] is one
  /// bounded statement: nothing slips through half a minute of overlap.
  private static final String CHANGED =
      """
      SELECT instance_id, requests, errors, bytes FROM instance_traffic
      WHERE updated_at >= ?::timestamptz - interval '30 s' OR instance_id = ANY (?)
      """;

  private static final String FORGET =
      """
      DELETE FROM instance_traffic t WHERE updated_at < statement_timestamp() - interval '30 days'
        AND NOT EXISTS (SELECT FROM instance i WHERE i.instance_id = t.instance_id)
      """;

  private final TimeLimitedTransactions database;

  TrafficStore(Database database) {
    this.database = new TimeLimitedTransactions(database);
  }

  /// Adds to the totals.
  void count(Map<String, Totals> deltas) {
    List<Map.Entry<String, Totals>> all = List.copyOf(deltas.entrySet());
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                COUNT,
                array("text", all, Map.Entry::getKey),
                array("bigint", all, e -> e.getValue().requests()),
                array("bigint", all, e -> e.getValue().errors()),
                array("bigint", all, e -> e.getValue().bytes())));
  }

  /// The totals of these instances.
  ///
  /// @param before what is known of them already
  Known read(Known before, Set<String> ids) {
    Map<String, Totals> totals = new HashMap<>();
    List<String> unread = new ArrayList<>();
    for (String id : ids) {
      totals.put(id, before.of(id));
      if (!before.totals().containsKey(id)) {
        unread.add(id);
      }
    }
    return database.inTransaction(
        connection -> {
          OffsetDateTime now = now(connection);
          Sql.read(
                  connection,
                  CHANGED,
                  TrafficStore::totals,
                  before.asOf(),
                  Sql.array("text", unread))
              .forEach(sum -> totals.replace(sum.getKey(), sum.getValue()));
          return new Known(totals, Optional.of(now));
        });
  }

  /// Forgets the totals of instances that have been gone for thirty days.
  void forget() {
    database.inTransaction(connection -> Sql.update(connection, FORGET));
  }

  private static Map.Entry<String, Totals> totals(ResultSet row) throws SQLException {
    return Map.entry(
        row.getString("instance_id"),
        new Totals(row.getLong("requests"), row.getLong("errors"), row.getLong("bytes")));
  }

  private static OffsetDateTime now(Connection connection) throws SQLException {
    return Sql.first(
            connection, "SELECT clock_timestamp()", row -> row.getObject(1, OffsetDateTime.class))
        .orElseThrow();
  }

  private static <E> Sql.Array array(String type, List<E> all, Function<E, Object> value) {
    return Sql.array(type, all.stream().map(value).toList());
  }
}
