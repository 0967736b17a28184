package io.soilhub.scalability.access;

import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import io.soilhub.scalability.platform.http.QueryParameter;
import io.soilhub.scalability.platform.http.RequiresRole.Role;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
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

  private static final String ADD =
      """
      INSERT INTO api_key (key_id, name, role, created_at, created_by, expires_at, secret_hash)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key_id) DO NOTHING
      """;

  private final Database database;

  ApiKeyStore(Database database) {
    this.database = database;
  }

  /// @return false when the key exists already, because the request that creates it was repeated
  boolean add(ApiKey key, byte[] hash) {
    return database.inTransaction(
        connection ->
            Sql.update(
                    connection,
                    ADD,
                    key.keyId(),
                    key.name(),
                    key.role().name().toLowerCase(Locale.ROOT),
                    key.createdAt(),
                    key.createdBy(),
                    key.expiresAt(),
                    hash)
                == 1);
  }

  @Override
  public Optional<Stored> find(String keyId) {
    String sql = "SELECT " + COLUMNS + " FROM api_key WHERE key_id = ?";
    return database.inTransaction(
        connection -> Sql.first(connection, sql, ApiKeyStore::stored, keyId));
  }

  /// Newest first, revoked and expired ones included.
  Page<ApiKey> list(PageRequest page) {
    Optional<OffsetDateTime> before = page.after().stream().findFirst().map(ApiKeyStore::time);
    Object[] values =
        before.isEmpty()
            ? new Object[] {page.limit() + 1}
            : new Object[] {before.get(), page.after().getLast(), page.limit() + 1};
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
            connection -> Sql.read(connection, sql, row -> stored(row).key(), values));
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
    return database.inTransaction(connection -> Sql.update(connection, sql, now, keyId) == 1);
  }

  private static Stored stored(ResultSet row) throws SQLException {
    ApiKey key =
        new ApiKey(
            row.getString("key_id"),
            row.getString("name"),
            Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
            Sql.time(row, "created_at").orElseThrow(),
            row.getString("created_by"),
            Sql.time(row, "expires_at"),
            Sql.time(row, "revoked_at"),
            Sql.time(row, "last_used_at"));
    return new Stored(key, row.getBytes("secret_hash"));
  }

  private static OffsetDateTime time(String cursor) {
    try {
      return Instant.parse(cursor).atOffset(ZoneOffset.UTC);
    } catch (DateTimeException _) {
      throw QueryParameter.invalid("cursor", "must be a next_cursor that this list gave");
    }
  }
}
