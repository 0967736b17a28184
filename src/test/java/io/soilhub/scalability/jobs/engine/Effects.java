package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.testing.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.UUID;

/// A table in which every effect of a job leaves a row, without anything that would keep a second
/// one out: the judge of whether effects happen once.
final class Effects {

  /// @param jobs with an effect
  /// @param most effects of one job
  record Count(int jobs, int most) {}

  private Effects() {}

  static void prepare(String url) {
    try (Database database = TestPostgres.open(url)) {
      database.migrate();
      database.inTransaction(
          connection -> {
            try (Statement s = connection.createStatement()) {
              return s.execute(
                  "CREATE TABLE test_effect (job_id uuid NOT NULL, node text, fence bigint)");
            }
          });
    }
  }

  static Void add(Connection connection, JobRun run) throws SQLException {
    String sql = "INSERT INTO test_effect VALUES (?, ?, ?)";
    try (PreparedStatement s = connection.prepareStatement(sql)) {
      s.setObject(1, run.jobId());
      s.setString(2, "");
      s.setLong(3, run.fence());
      s.executeUpdate();
      return null;
    }
  }

  static Count counted(Database database, Collection<UUID> ids) {
    String sql =
        "SELECT count(*), coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM test_effect"
            + " WHERE job_id = ANY (?) GROUP BY job_id) AS c";
    return database.inTransaction(
        connection -> {
          try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            try (ResultSet row = s.executeQuery()) {
              row.next();
              return new Count(row.getInt(1), row.getInt(2));
            }
          }
        });
  }
}
