package io.soilhub.scalability.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Answers to requests that carried an Idempotency-Key, in PostgreSQL for 24 hours (in the manner
/// of draft-ietf-httpapi-idempotency-key-header).
///
/// A request locks its key for fifteen seconds. When its replica dies the next repeat takes the
/// lock over and gets the same operation id, so that what was created is found and not created
/// again; the same makes it harmless that a very slow request can overlap its own repeat.
///
/// An answer is kept for what was done. A request that was refused did nothing: its key is free
/// again, for the corrected request too. As the same request it is still the same operation, in
/// case that an earlier try of it had been done and its answer was lost.
final class IdempotencyStore {

  /// A key of one caller and the digest of the request that it stands for.
  record Request(String caller, String key, byte[] fingerprint) {}

  /// An answer to be repeated.
  record Answer(int status, Map<String, String> headers, byte[] body) {}

  /// What to do with a request.
  sealed interface Turn {
    /// Do it, as this operation; `lockId` proves the right to give the answer.
    record First(UUID operationId, UUID lockId) implements Turn {}

    /// It was done.
    record Repeat(Answer answer) implements Turn {}

    /// It is being done.
    record Running() implements Turn {}

    /// The key was used for another request.
    record OtherRequest() implements Turn {}
  }

  private static final int BATCH = 1000;

  /// With a call a minute, more than 3,000 keys a second.
  private static final int MOST_BATCHES = 200;

  private static final String BEGIN =
      """
      INSERT INTO idempotent_request AS old
        (caller, request_key, fingerprint, operation_id, lock_id, locked_until, expires_at)
      VALUES (?, ?, ?, ?, ?, now() + interval '15 seconds', now() + interval '24 hours')
      ON CONFLICT (caller, request_key) DO UPDATE SET
        operation_id = CASE WHEN old.expires_at < now()
                              OR old.fingerprint <> excluded.fingerprint
                            THEN excluded.operation_id ELSE old.operation_id END,
        expires_at = CASE WHEN old.expires_at < now()
                          THEN excluded.expires_at ELSE old.expires_at END,
        fingerprint = excluded.fingerprint, lock_id = excluded.lock_id,
        locked_until = excluded.locked_until, status = NULL, headers = NULL, body = NULL
      WHERE old.expires_at < now()
         OR (old.status IS NULL AND old.locked_until < now()
             AND (old.fingerprint = excluded.fingerprint OR old.locked_until = '-infinity'))
      RETURNING operation_id
      """;
  private static final String LOOK =
      """
      SELECT fingerprint, status, headers, body FROM idempotent_request
      WHERE caller = ? AND request_key = ?
      """;
  private static final String FINISH =
      """
      UPDATE idempotent_request SET status = ?, headers = ?, body = ?
      WHERE caller = ? AND request_key = ? AND lock_id = ? AND status IS NULL
      """;
  private static final String RELEASE =
      """
      UPDATE idempotent_request SET locked_until = now()
      WHERE caller = ? AND request_key = ? AND lock_id = ? AND status IS NULL
      """;

  private static final String REFUSE =
      """
      UPDATE idempotent_request SET locked_until = '-infinity'
      WHERE caller = ? AND request_key = ? AND lock_id = ? AND status IS NULL
      """;

  /// By the place of the rows: joined by their keys they would be looked for in the whole table.
  private static final String FORGET =
      """
      DELETE FROM idempotent_request WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM idempotent_request WHERE expires_at < now()
        ORDER BY expires_at LIMIT %d FOR UPDATE SKIP LOCKED))
      """
          .formatted(BATCH);

  private final Database database;

  IdempotencyStore(Database database) {
    this.database = database;
  }

  /// @param operationId for the case that the key is new
  Turn begin(Request request, UUID operationId, UUID lockId) {
    return database.inTransaction(
        connection -> {
          Optional<UUID> operation = lock(connection, request, operationId, lockId);
          return operation.isPresent()
              ? new Turn.First(operation.get(), lockId)
              : existing(connection, request);
        });
  }

  /// Keeps the answer, unless the lock has passed to a repeat meanwhile.
  void finish(Request request, UUID lockId, Answer answer) {
    database.inTransaction(
        connection ->
            Sql.update(
                connection,
                FINISH,
                answer.status(),
                Json.write(answer.headers()),
                answer.body(),
                request.caller(),
                request.key(),
                lockId));
  }

  /// Lets the next repeat try again at once: the request failed for a reason that may pass.
  void release(Request request, UUID lockId) {
    unlock(RELEASE, request, lockId);
  }

  /// Frees the key, also for another request: this one was refused and did nothing.
  void refuse(Request request, UUID lockId) {
    unlock(REFUSE, request, lockId);
  }

  /// Deletes keys whose day is over. A request never does: it would touch the keys of others, and
  /// two of them could wait for each other. To be called every minute or so, by one replica.
  ///
  /// @return how many
  int forgetExpired() {
    int forgotten = 0;
    for (int batch = 0; batch < MOST_BATCHES; batch++) {
      int now = database.inStatement(connection -> Sql.update(connection, FORGET));
      forgotten += now;
      if (now < BATCH) {
        break;
      }
    }
    return forgotten;
  }

  private void unlock(String sql, Request request, UUID lockId) {
    database.inTransaction(
        connection -> Sql.update(connection, sql, request.caller(), request.key(), lockId));
  }

  private static Optional<UUID> lock(
      Connection connection, Request request, UUID operationId, UUID lockId) throws SQLException {
    return Sql.first(
        connection,
        BEGIN,
        row -> row.getObject(1, UUID.class),
        request.caller(),
        request.key(),
        request.fingerprint(),
        operationId,
        lockId);
  }

  private static Turn existing(Connection connection, Request request) throws SQLException {
    return Sql.first(connection, LOOK, row -> turn(row, request), request.caller(), request.key())
        .orElse(new Turn.Running());
  }

  private static Turn turn(ResultSet row, Request request) throws SQLException {
    if (!Arrays.equals(row.getBytes("fingerprint"), request.fingerprint())) {
      return new Turn.OtherRequest();
    }
    int status = row.getInt("status");
    if (row.wasNull()) {
      return new Turn.Running();
    }
    return new Turn.Repeat(
        new Answer(status, headers(row.getString("headers")), row.getBytes("body")));
  }

  private static Map<String, String> headers(String json) {
    try {
      return Json.mapper().readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored headers are not JSON", e);
    }
  }
}
