package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import io.soilhub.scalability.platform.http.QueryParameter;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import io.soilhub.scalability.platform.postgres.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The API keys in PostgreSQL.
final class ApiKeyStore implements ApiKeyCache.Keys {

  /// A key with what its secret is compared to.
  record Stored(ApiKey key, byte[] hash) {}

  private static final String COLUMNS =
      "key_id, name, role, created_at, created_by, expires_at, revoked_at, last_used_at,"
          + " secret_hash";

  private final Database database;

  ApiKeyStore(Database database) {
    this.database = database;
  }

  /// @return false when the key exists already, because the request that creates it was repeated
  boolean add(ApiKey key, byte[] hash) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  """
                  INSERT INTO api_key
                    (key_id, name, role, created_at, created_by, expires_at, secret_hash)
                  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key_id) DO NOTHING
                  """)) {
            insert.setString(1, key.keyId());
            insert.setString(2, key.name());
            insert.setString(3, key.role().name().toLowerCase(Locale.ROOT));
            insert.setObject(4, key.createdAt().atOffset(ZoneOffset.UTC));
            insert.setString(5, key.createdBy());
            insert.setObject(
                6, key.expiresAt().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null));
            insert.setBytes(7, hash);
            return insert.executeUpdate() == 1;
          }
        });
  }

  @Override
  public Optional<Stored> find(String keyId) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT " + COLUMNS + " FROM api_key WHERE key_id = ?")) {
            select.setString(1, keyId);
            return stored(select).stream().findFirst();
          }
        });
  }

  /// Newest first, revoked and expired ones included.
  Page<ApiKey> list(PageRequest page) {
    Optional<OffsetDateTime> before = page.after().stream().findFirst().map(ApiKeyStore::time);
    String where = before.isEmpty() ? "" : " WHERE (created_at, key_id) < (?, ?)";
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM api_key"
            + where
            + " ORDER BY created_at DESC, key_id DESC LIMIT ?";
    List<ApiKey> found =
        database.inStatement(
            Database.Pool.READER,
            connection -> {
              try (PreparedStatement select = connection.prepareStatement(sql)) {
                if (before.isPresent()) {
                  select.setObject(1, before.get());
                  select.setString(2, page.after().getLast());
                }
                select.setInt(before.isPresent() ? 3 : 1, page.limit() + 1);
                return stored(select).stream().map(Stored::key).toList();
              }
            });
    return Page.of(found, page, key -> List.of(key.createdAt().toString(), key.keyId()));
  }

  /// @return false when there is no such key; revoking twice keeps the first time
  boolean revoke(String keyId, Instant now) {
    return update(
        "UPDATE api_key SET revoked_at = COALESCE(revoked_at, ?) WHERE key_id = ?", keyId, now);
  }

  /// Notes the use, at most once a minute, so that a busy key is not a hot row.
  @Override
  public void used(String keyId, Instant now) {
    update(
        """
        UPDATE api_key SET last_used_at = ? WHERE key_id = ?
        AND (last_used_at IS NULL OR last_used_at < statement_timestamp() - interval '1 minute')
        """,
        keyId,
        now);
  }

  private boolean update(String sql, String keyId, Instant now) {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, now.atOffset(ZoneOffset.UTC));
            update.setString(2, keyId);
            return update.executeUpdate() == 1;
          }
        });
  }

  private static List<Stored> stored(PreparedStatement select) throws SQLException {
    List<Stored> found = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        ApiKey key =
            new ApiKey(
                row.getString(1),
                row.getString(2),
                Role.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                time(row, 4).orElseThrow(),
                row.getString(5),
                time(row, 6),
                time(row, 7),
                time(row, 8));
        found.add(new Stored(key, row.getBytes(9)));
      }
    }
    return found;
  }

  private static OffsetDateTime time(String cursor) {
    try {
      return Instant.parse(cursor).atOffset(ZoneOffset.UTC);
    } catch (DateTimeException _) {
      throw QueryParameter.invalid("cursor", "must be a next_cursor that this list gave");
    }
  }

  private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
