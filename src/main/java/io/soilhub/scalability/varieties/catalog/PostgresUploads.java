package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.time.Instant;
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
        connection ->
            Sql.update(
                connection,
                """
                INSERT INTO trial_upload (upload_id, about, trials, sites)
                VALUES (?, ?::jsonb, ?, ?) ON CONFLICT (upload_id) DO NOTHING
                """,
                upload.id(),
                Json.write(upload.about()),
                upload.trials(),
                upload.sites()));
  }

  Optional<Upload> find(UUID id) {
    return database.inTransaction(
        connection ->
            Sql.first(
                connection,
                "SELECT about, trials, sites FROM trial_upload WHERE upload_id = ?",
                row ->
                    new Upload(
                        id,
                        Json.mapper()
                            .convertValue(Json.parse(row.getString("about")), Upload.About.class),
                        row.getBytes("trials"),
                        row.getBytes("sites")),
                id));
  }

  /// Uploads whose time is over, the longest first.
  List<UUID> expired(Instant now, int limit) {
    return database.inStatement(
        connection ->
            Sql.read(
                connection,
                """
                SELECT upload_id FROM trial_upload WHERE expires_at < ?
                ORDER BY expires_at LIMIT ?
                """,
                row -> row.getObject(1, UUID.class),
                now,
                limit));
  }

  void keepUntil(UUID id, Instant until) {
    database.inStatement(
        connection ->
            Sql.update(
                connection,
                "UPDATE trial_upload SET expires_at = ? WHERE upload_id = ?",
                until,
                id));
  }

  void delete(UUID id) {
    database.inStatement(
        connection -> Sql.update(connection, "DELETE FROM trial_upload WHERE upload_id = ?", id));
  }
}
