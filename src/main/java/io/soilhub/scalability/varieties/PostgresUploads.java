package io.soilhub.scalability.varieties;

import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Json;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Keeps uploaded tables until their import has run, and for a week after, so that a job can be run
/// again.
final class PostgresUploads {

  private static final Duration KEPT = Duration.ofDays(7);

  private final Database database;

  PostgresUploads(Database database) {
    this.database = database;
  }

  /// Keeps the upload; one of the same id is there already when a request is repeated, and stays.
  void keep(Upload upload) {
    database.inTransaction(
        connection -> {
          try (PreparedStatement clean =
              connection.prepareStatement(
                  "DELETE FROM trial_upload WHERE created_at < now() - make_interval(secs => ?)")) {
            clean.setDouble(1, KEPT.toSeconds());
            clean.executeUpdate();
          }
          try (PreparedStatement insert =
              connection.prepareStatement(
                  """
                  INSERT INTO trial_upload (upload_id, about, trials, sites)
                  VALUES (?, ?::jsonb, ?, ?) ON CONFLICT (upload_id) DO NOTHING
                  """)) {
            insert.setObject(1, upload.id());
            insert.setString(2, Json.write(upload.about()));
            insert.setBytes(3, upload.trials());
            insert.setBytes(4, upload.sites());
            return insert.executeUpdate();
          }
        });
  }

  Optional<Upload> find(UUID id) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT about, trials, sites FROM trial_upload WHERE upload_id = ?")) {
            query.setObject(1, id);
            try (ResultSet row = query.executeQuery()) {
              return row.next()
                  ? Optional.of(
                      new Upload(
                          id,
                          Json.mapper()
                              .convertValue(Json.parse(row.getString(1)), Upload.About.class),
                          row.getBytes(2),
                          row.getBytes(3)))
                  : Optional.empty();
            }
          }
        });
  }
}
