package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.varieties.trials.DataSet;
import io.soilhub.scalability.varieties.trials.Environment;
import io.soilhub.scalability.varieties.trials.Site;
import io.soilhub.scalability.varieties.trials.TrialTable;
import io.soilhub.scalability.varieties.trials.VarianceComponents;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Writes one data set with all its rows, inside a transaction of the caller.
record DataSetInsert(Connection connection, DataSet data) {

  private static final int CHUNK = 5_000;

  void run(String contentHash, long version) throws SQLException {
    insertDataSet(contentHash, version);
    insertSites();
    insertVarieties();
    insertYields();
  }

  private void insertDataSet(String contentHash, long version) throws SQLException {
    VarianceComponents varianceComponents = data.constants();
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO trial_dataset (dataset_id, crop_id, name, source, licence, synthetic,
              yield_unit, vg, vl, vy, ve, length_km, constants_fitted, sha256, content_hash, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)) {
      int at = 1;
      for (String text :
          List.of(data.id(), data.cropId(), data.name(), data.source(), data.licence())) {
        insert.setString(at++, text);
      }
      insert.setBoolean(at++, data.synthetic());
      insert.setString(at++, data.unit().symbol());
      for (double number :
          List.of(
              varianceComponents.vg(),
              varianceComponents.vl(),
              varianceComponents.vy(),
              varianceComponents.ve(),
              varianceComponents.lengthKm())) {
        insert.setDouble(at++, number);
      }
      insert.setString(at++, data.constantsFitted());
      insert.setString(at++, data.sha256());
      insert.setString(at++, contentHash);
      insert.setLong(at, version);
      insert.executeUpdate();
    }
  }

  private void insertSites() throws SQLException {
    List<Site> sites = data.table().sites();
    bulk(
        "INSERT INTO trial_site SELECT ?, l, f::jsonb FROM unnest(?::text[], ?::text[]) AS t (l,"
            + " f)",
        List.of("text", "text"),
        sites.stream()
            .map(site -> List.<Object>of(site.location(), Json.write(site.facts())))
            .toList());
  }

  private void insertVarieties() throws SQLException {
    bulk(
        """
        INSERT INTO trial_variety SELECT ?, i, n, c, t::jsonb
        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS t (i, n, c, t)
        """,
        List.of("text", "text", "text", "text"),
        data.table().varieties().stream()
            .map(v -> List.<Object>of(v.id(), v.name(), v.company(), Json.write(v.traits())))
            .toList());
  }

  private void insertYields() throws SQLException {
    TrialTable table = data.table();
    List<List<Object>> rows = new ArrayList<>(table.rows());
    for (int v = 0; v < table.varieties().size(); v++) {
      String id = table.varieties().get(v).id();
      for (int row = table.start(v); row < table.end(v); row++) {
        Environment environment = table.environment(row);
        String location = table.sites().get(environment.site()).location();
        rows.add(List.of(id, location, environment.year(), table.yield(row)));
      }
    }
    bulk(
        """
        INSERT INTO trial_yield
        SELECT ?, * FROM unnest(?::text[], ?::text[], ?::integer[], ?::double precision[])
        """,
        List.of("text", "text", "int4", "float8"),
        rows);
  }

  /// One statement a chunk, with an array a column: fast without the copy protocol, and its size is
  /// bounded.
  private void bulk(String sql, List<String> columnTypes, List<List<Object>> rows)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int from = 0; from < rows.size(); from += CHUNK) {
        List<List<Object>> chunk = rows.subList(from, Math.min(rows.size(), from + CHUNK));
        insert.setString(1, data.id());
        for (int column = 0; column < columnTypes.size(); column++) {
          int index = column;
          Object[] values = chunk.stream().map(row -> row.get(index)).toArray();
          insert.setArray(column + 2, connection.createArrayOf(columnTypes.get(column), values));
        }
        insert.executeUpdate();
      }
    }
  }
}
