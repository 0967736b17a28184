package io.soilhub.scalability.monitoring.alerts;

import static io.soilhub.scalability.platform.postgres.Sql.time;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.soilhub.scalability.monitoring.alerts.Silence.Matcher;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.postgres.Sql;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Rules and silences in PostgreSQL. The rules are the defaults until others are put in their
/// place; rules that were replaced are kept.
final class AlertRuleStore {

  /// A newer replica may have stored what this version does not know.
  private static final ObjectReader STORED =
      Json.mapper()
          .readerFor(AlertRules.class)
          .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /// @param version 0 for the defaults
  record Versioned(AlertRules rules, long version) {}

  /// Replaced versions that are kept: a mistake is noticed before that many more are made.
  static final int MOST_VERSIONS = 100;

  private static final String KEEP =
      """
      INSERT INTO alert_rules_version (version, rules, changed_at)
      SELECT version, rules, changed_at FROM alert_rules WHERE version = ?
      ON CONFLICT (version) DO NOTHING
      """;
  private static final String FORGET_VERSIONS =
      "DELETE FROM alert_rules_version WHERE version <= ?";
  private static final String VERSIONS =
      """
      SELECT version, changed_at, replaced_at FROM alert_rules_version
      WHERE version < ? ORDER BY version DESC LIMIT ?
      """;
  private static final String FIND_VERSION =
      "SELECT rules FROM alert_rules_version WHERE version = ?";

  private static final String READ = "SELECT rules, version FROM alert_rules";
  private static final String REPLACE =
      """
      INSERT INTO alert_rules AS r (rules, version, changed_at)
      SELECT ?, 1, clock_timestamp() WHERE ? = 0 OR EXISTS (SELECT FROM alert_rules)
      ON CONFLICT (only_row) DO UPDATE
      SET rules = excluded.rules, version = r.version + 1, changed_at = excluded.changed_at
      WHERE r.version = ?
      RETURNING version
      """;

  /// Silences that may be there at the same time: each evaluation looks through them.
  static final int MOST_SILENCES = 1_000;

  private static final String ADD =
      """
      INSERT INTO alert_silence (silence_id, matchers, starts_at, ends_at, by, comment)
      SELECT ?, ?, ?, ?, ?, ?
      WHERE (SELECT count(*) FROM alert_silence WHERE ends_at > statement_timestamp()) < %d
      ON CONFLICT (silence_id) DO UPDATE SET comment = excluded.comment
      """
          .formatted(MOST_SILENCES);

  /// Silences that are kept after their end, for who wonders why nobody was told.
  static final int MOST_ENDED = 1_000;

  private static final String FORGET_ENDED =
      """
      DELETE FROM alert_silence WHERE silence_id IN (
        SELECT silence_id FROM alert_silence WHERE ends_at <= statement_timestamp()
        ORDER BY ends_at DESC, silence_id LIMIT 100 OFFSET %d)
      """
          .formatted(MOST_ENDED);
  private static final String ACTIVE =
      """
      SELECT * FROM alert_silence
      WHERE starts_at <= statement_timestamp() AND ends_at > statement_timestamp() ORDER BY silence_id
      """;
  private static final String LIST =
      """
      SELECT * FROM alert_silence
      WHERE ends_at > statement_timestamp() AND (?::uuid IS NULL OR silence_id < ?::uuid)
      ORDER BY silence_id DESC LIMIT ?
      """;
  private static final String END =
      """
      UPDATE alert_silence
      SET ends_at = clock_timestamp(), starts_at = least(starts_at, clock_timestamp())
      WHERE silence_id = ? AND ends_at > statement_timestamp()
      """;
  private static final String FORGET =
      """
      DELETE FROM alert_silence WHERE silence_id IN (
        SELECT silence_id FROM alert_silence
        WHERE ends_at < statement_timestamp() - ? * interval '1 ms'
        ORDER BY ends_at LIMIT ?)
      """;

  private AlertRuleStore() {}

  static Versioned read(Connection connection) throws SQLException {
    return Sql.first(connection, READ, AlertRuleStore::versioned)
        .orElse(new Versioned(AlertRules.DEFAULTS, 0));
  }

  /// Replaced versions, newest first.
  ///
  /// @param before version of the last one of the page before
  static List<AlertRulesVersion> versions(Connection connection, long before, int limit)
      throws SQLException {
    return Sql.read(connection, VERSIONS, AlertRuleStore::replaced, before, limit);
  }

  /// The rules of a version that was replaced.
  static Optional<AlertRules> find(Connection connection, long version) throws SQLException {
    return Sql.first(connection, FIND_VERSION, AlertRuleStore::rules, version);
  }

  /// @return the new version; empty when that to be replaced is no longer the version
  static Optional<Long> replace(Connection connection, AlertRules rules, long version)
      throws SQLException {
    Sql.update(connection, KEEP, version);
    Sql.update(connection, FORGET_VERSIONS, version - MOST_VERSIONS);
    return Sql.first(
        connection, REPLACE, row -> row.getLong(1), Json.write(rules), version, version);
  }

  private static Versioned versioned(ResultSet row) throws SQLException {
    return new Versioned(rules(row), row.getLong("version"));
  }

  private static AlertRulesVersion replaced(ResultSet row) throws SQLException {
    return new AlertRulesVersion(
        row.getLong("version"),
        time(row, "changed_at").orElseThrow(),
        time(row, "replaced_at").orElseThrow());
  }

  private static AlertRules rules(ResultSet row) throws SQLException {
    try {
      return STORED.readValue(row.getString("rules"));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @return false when there are too many
  static boolean addSilence(Connection connection, Silence silence) throws SQLException {
    Sql.update(connection, FORGET_ENDED);
    return Sql.update(
            connection,
            ADD,
            silence.id(),
            Json.write(silence.matchers()),
            silence.startsAt(),
            silence.endsAt(),
            silence.by(),
            silence.comment())
        == 1;
  }

  static List<Silence> activeSilences(Connection connection) throws SQLException {
    return Sql.read(connection, ACTIVE, AlertRuleStore::silence);
  }

  /// Those that hold or will hold, newest first.
  static List<Silence> silences(Connection connection, Optional<UUID> before, int limit)
      throws SQLException {
    return Sql.read(connection, LIST, AlertRuleStore::silence, before, before, limit);
  }

  /// @return whether it was there and had not ended
  static boolean endSilence(Connection connection, UUID id) throws SQLException {
    return Sql.update(connection, END, id) == 1;
  }

  /// Deletes what ended so long ago.
  ///
  /// @return how many, at most `most`
  static int forgetSilences(Connection connection, Duration age, int most) throws SQLException {
    return Sql.update(connection, FORGET, age.toMillis(), most);
  }

  private static Silence silence(ResultSet row) throws SQLException {
    try {
      List<Matcher> matchers =
          Json.mapper().readValue(row.getString("matchers"), new TypeReference<List<Matcher>>() {});
      return new Silence(
          row.getObject("silence_id", UUID.class),
          matchers,
          time(row, "starts_at").orElseThrow(),
          time(row, "ends_at").orElseThrow(),
          row.getString("by"),
          row.getString("comment"));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
