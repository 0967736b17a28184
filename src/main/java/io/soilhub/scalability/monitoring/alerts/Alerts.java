package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.http.IfMatch;
import io.soilhub.scalability.platform.http.Violations;
import io.soilhub.scalability.platform.postgres.Database;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The verbs of alerts. All of them throw
/// [io.soilhub.scalability.platform.postgres.DatabaseUnavailable] while PostgreSQL is away.
public final class Alerts {

  private static final Logger LOG = System.getLogger(Alerts.class.getName());
  private static final int LONGEST_NAME = 100;
  private static final int LONGEST_NOTE = 1_000;

  private final Database database;
  private final Uuid7 ids;

  Alerts(Database database, Uuid7 ids) {
    this.database = database;
    this.ids = ids;
  }

  /// Newest first, without their histories.
  ///
  /// @param state all when empty
  /// @param before id of the last alert of the page before
  public List<AlertView> list(Optional<AlertState> state, Optional<UUID> before, int limit) {
    return database.inStatement(
        Database.Pool.READER, connection -> AlertHistory.list(connection, state, before, limit));
  }

  /// @throws Problem of kind NOT_FOUND
  public AlertView get(UUID id) {
    return database
        .inTransaction(connection -> AlertHistory.find(connection, id))
        .orElseThrow(() -> notFound("alert", id.toString()));
  }

  /// Says that somebody knows. Whoever says it last is shown; all are in the history, but for who
  /// only repeats himself.
  ///
  /// @param note may be empty
  /// @throws Problem of kind NOT_FOUND, or CONFLICT for an alert that does not fire or was
  ///   acknowledged too often
  public AlertView acknowledge(UUID id, String by, String note) {
    Violations violations = new Violations();
    violations.requireText("/by", by, LONGEST_NAME);
    if (!note.isEmpty()) {
      violations.requireText("/note", note, LONGEST_NOTE);
    }
    violations.raise();
    AlertStore.Acknowledged done =
        database.inTransaction(connection -> AlertStore.acknowledge(connection, id, by, note));
    AlertView now = get(id);
    return switch (done) {
      case DONE -> now;
      case NOT_FIRING ->
          throw new Problem(
              Problem.Kind.CONFLICT,
              "alert-not-firing",
              "Alert %s is %s; only one that fires can be acknowledged."
                  .formatted(id, now.state().text()));
      case TOO_OFTEN ->
          throw new Problem(
              Problem.Kind.CONFLICT,
              "too-many-acknowledgements",
              "Alert %s was acknowledged %d times already."
                  .formatted(id, AlertStore.MOST_ACKNOWLEDGEMENTS));
    };
  }

  AlertRuleStore.Versioned rules() {
    return database.inStatement(AlertRuleStore::read);
  }

  /// Puts rules in place of those that the precondition names.
  ///
  /// @throws Problem of kind STALE when others are there, or come there meanwhile; INVALID for
  ///   rules that could never fire
  AlertRuleStore.Versioned replace(AlertRules wanted, IfMatch precondition) {
    wanted.requireReadable();
    long version = rules().version();
    Optional<Long> done =
        precondition.matches(version)
            ? database.inTransaction(
                connection -> AlertRuleStore.replace(connection, wanted, version))
            : Optional.empty();
    return new AlertRuleStore.Versioned(
        wanted,
        done.orElseThrow(
            () ->
                new Problem(
                    Problem.Kind.STALE,
                    "alert-rules-changed",
                    "The rules were changed meanwhile.")));
  }

  /// Rules that were replaced, newest first.
  ///
  /// @param before version of the last one of the page before
  List<AlertRulesVersion> versions(Optional<Long> before, int limit) {
    return database.inStatement(
        Database.Pool.READER,
        connection -> AlertRuleStore.versions(connection, before.orElse(Long.MAX_VALUE), limit));
  }

  /// Rules as they were before they were replaced.
  ///
  /// @throws Problem of kind NOT_FOUND also for a version that is no longer kept
  AlertRules rules(String version) {
    Optional<AlertRules> found = Optional.empty();
    if (version.matches("\\d{1,18}")) {
      long number = Long.parseLong(version);
      found = database.inStatement(connection -> AlertRuleStore.find(connection, number));
    }
    return found.orElseThrow(() -> notFound("rules-version", version));
  }

  /// @param operation the request's, by which a repeat makes nothing new
  /// @throws Problem of kind INVALID, or CONFLICT when there are too many
  public Silence silence(Silence.Wanted wanted, Optional<UUID> operation) {
    return database.inTransaction(
        connection -> {
          Silence silence =
              wanted.accepted(operation.orElseGet(ids::next), AlertStore.now(connection));
          if (!AlertRuleStore.addSilence(connection, silence)) {
            throw new Problem(
                Problem.Kind.CONFLICT,
                "too-many-silences",
                "There are %d silences already.".formatted(AlertRuleStore.MOST_SILENCES));
          }
          return silence;
        });
  }

  /// Those that hold or will hold, newest first.
  public List<Silence> silences(Optional<UUID> before, int limit) {
    return database.inStatement(
        Database.Pool.READER, connection -> AlertRuleStore.silences(connection, before, limit));
  }

  /// Ends a silence now.
  ///
  /// @throws Problem of kind NOT_FOUND also for one that has ended
  public void unsilence(UUID id) {
    if (!database.inStatement(connection -> AlertRuleStore.endSilence(connection, id))) {
      throw notFound("silence", id.toString());
    }
  }

  /// Keeps what Alertmanager tells, in one transaction.
  ///
  /// @return how many of its alerts were news
  public int receive(AlertmanagerMessage message) {
    if (message.leftOut() > 0) {
      LOG.log(
          Level.WARNING,
          "{0} alerts of a message of Alertmanager''s were left out: group by more labels",
          message.leftOut());
    }
    return database.inTransaction(
        connection -> {
          int news = 0;
          // In one order, so that two that tell the same never wait for each other in a circle.
          for (AlertmanagerMessage.ForwardedAlert told :
              message.alerts().stream()
                  .sorted(Comparator.comparing(AlertmanagerMessage.ForwardedAlert::key))
                  .toList()) {
            news += AlertmanagerStore.keep(connection, told, ids::next) ? 1 : 0;
          }
          return news;
        });
  }

  /// @throws Problem of kind NOT_FOUND for what is no id
  static UUID id(String what, String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw notFound(what, text);
    }
  }

  private static Problem notFound(String what, String id) {
    return new Problem(
        Problem.Kind.NOT_FOUND,
        what + "-not-found",
        "There is no %s %s.".formatted(what.replace('-', ' '), id));
  }
}
