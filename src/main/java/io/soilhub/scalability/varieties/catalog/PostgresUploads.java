package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Keeps uploaded tables until [UploadCleanup] says that nobody needs them.
final class PostgresUploads {

  private final Database database;

  PostgresUploads(Database database) {
    this.database = database;
  }

  /// Keeps the upload; one of the same id is there already when a request is repeated, and stays.
  void keep(Upload upload) {
    database.inTransaction(
        connection -> {
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

  /// Uploads whose time is over, the longest first.
  List<UUID> expired(Instant now, int limit) {
    return database.inStatement(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  """
                  SELECT upload_id FROM trial_upload WHERE expires_at < ?
                  ORDER BY expires_at LIMIT ?
                  """)) {
            query.setObject(1, now.atOffset(ZoneOffset.UTC));
            query.setInt(2, limit);
            List<UUID> ids = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                ids.add(row.getObject(1, UUID.class));
              }
            }
            return ids;
          }
        });
  }

  void keepUntil(UUID id, Instant until) {
    database.inStatement(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE trial_upload SET expires_at = ? WHERE upload_id = ?")) {
            update.setObject(1, until.atOffset(ZoneOffset.UTC));
            update.setObject(2, id);
            return update.executeUpdate();
          }
        });
  }

  void delete(UUID id) {
    database.inStatement(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM trial_upload WHERE upload_id = ?")) {
            delete.setObject(1, id);
            return delete.executeUpdate();
          }
        });
  }
}
