package io.soilhub.scalability.varieties.catalog;

import com.fasterxml.jackson.core.type.TypeReference;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.Observation;
import io.soilhub.scalability.varieties.trials.Site;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import io.soilhub.scalability.varieties.trials.Variety;
import io.soilhub.scalability.varieties.trials.Variety.Trait;
import io.soilhub.scalability.varieties.trials.YieldUnit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Trial tables in PostgreSQL. Writers take turns on the one row of `trial_catalog`, so that
/// replicas which start together import a folder once; readers compare its number before they read
/// anything else. Who keeps anything of the catalog elsewhere hears of a change inside its
/// transaction.
final class PostgresTrials implements TrialStore {

  /// Hears of a change in the transaction that makes it.
  interface Listener {

    /// Nobody.
    Listener NONE = (_, _) -> {};

    void changing(Connection connection, String cropId) throws SQLException;
  }

  private final Database database;
  private final Listener listener;

  PostgresTrials(Database database, Listener listener) {
    this.database = database;
    this.listener = listener;
  }

  @Override
  public long version() {
    return database.inTransaction(PostgresTrials::version);
  }

  static long version(Connection connection) throws SQLException {
    return Sql.first(connection, "SELECT version FROM trial_catalog", row -> row.getLong(1))
        .orElseThrow();
  }

  @Override
  public Versions versions() {
    return database.inTransaction(
        connection -> {
          readOneSnapshot(connection);
          Map<String, Long> sets = new TreeMap<>();
          long whole = version(connection);
          Sql.read(
                  connection,
                  "SELECT dataset_id, version FROM trial_dataset",
                  row -> Map.entry(row.getString(1), row.getLong(2)))
              .forEach(set -> sets.put(set.getKey(), set.getValue()));
          return new Versions(whole, sets);
        });
  }

  /// All statements of the transaction see one state, whoever replaces a set meanwhile.
  private static void readOneSnapshot(Connection connection) throws SQLException {
    Sql.update(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  }

  @Override
  public Optional<String> contentHash(String datasetId) {
    return database.inTransaction(connection -> contentHash(connection, datasetId));
  }

  private static Optional<String> contentHash(Connection connection, String datasetId)
      throws SQLException {
    return Sql.first(
        connection,
        "SELECT content_hash FROM trial_dataset WHERE dataset_id = ?",
        row -> row.getString(1),
        datasetId);
  }

  @Override
  public boolean save(DataSet data, String contentHash) {
    return database.inTransaction(connection -> save(connection, data, contentHash));
  }

  /// As [#save(DataSet, String)], inside a transaction of the caller.
  boolean save(Connection connection, DataSet data, String contentHash) throws SQLException {
    long version =
        Sql.first(
                connection,
                "SELECT version + 1 FROM trial_catalog FOR UPDATE",
                row -> row.getLong(1))
            .orElseThrow();
    if (contentHash(connection, data.id()).filter(contentHash::equals).isPresent()) {
      return false;
    }
    Sql.update(connection, "DELETE FROM trial_dataset WHERE dataset_id = ?", data.id());
    new DataSetInsert(connection, data).run(contentHash, version);
    Sql.update(connection, "UPDATE trial_catalog SET version = ?", version);
    listener.changing(connection, data.cropId());
    return true;
  }

  @Override
  public Optional<DataSet> load(String datasetId) {
    return database.inTransaction(
        connection -> {
          readOneSnapshot(connection);
          return Sql.first(
              connection,
              "SELECT * FROM trial_dataset WHERE dataset_id = ?",
              row -> dataSet(row, table(connection, datasetId)),
              datasetId);
        });
  }

  private static DataSet dataSet(ResultSet row, TrialTable table) throws SQLException {
    return new DataSet(
        row.getString("dataset_id"),
        row.getString("crop_id"),
        row.getString("name"),
        row.getString("source"),
        row.getString("licence"),
        row.getBoolean("synthetic"),
        YieldUnit.ofSymbol(row.getString("yield_unit")).orElseThrow(),
        new VarianceComponents(
            row.getDouble("vg"),
            row.getDouble("vl"),
            row.getDouble("vy"),
            row.getDouble("ve"),
            row.getDouble("length_km")),
        row.getString("constants_fitted"),
        row.getString("sha256"),
        table);
  }

  private static TrialTable table(Connection connection, String id) throws SQLException {
    return TrialTable.of(
        Sql.read(
            connection,
            "SELECT name, company, traits FROM trial_variety WHERE dataset_id = ?",
            row -> new Variety(row.getString(1), row.getString(2), json(row.getString(3), TRAITS)),
            id),
        Sql.read(
            connection,
            "SELECT location, facts FROM trial_site WHERE dataset_id = ?",
            row -> new Site(row.getString(1), json(row.getString(2), FACTS)),
            id),
        Sql.read(
            connection,
            "SELECT variety_id, location, year, yield FROM trial_yield WHERE dataset_id = ?",
            row ->
                new Observation(
                    row.getString(1), row.getString(2), row.getInt(3), row.getDouble(4)),
            id));
  }

  private static final TypeReference<Map<Trait, Double>> TRAITS = new TypeReference<>() {};
  private static final TypeReference<Map<String, Double>> FACTS = new TypeReference<>() {};

  private static <T> T json(String text, TypeReference<T> type) {
    return Json.mapper().convertValue(Json.parse(text), type);
  }
}
