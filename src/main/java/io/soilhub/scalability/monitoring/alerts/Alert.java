package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.monitoring.alerts.AlertRule.Severity;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// An alert of one of our rules, as the last evaluation left it.
///
/// @param seen the last one, with its reading
/// @param since when the threshold was first crossed without a break
/// @param mutedBy why it is not told of, while that holds
/// @param announced whether it was told of as firing
/// @param reason why it ended; empty before
record Alert(
    UUID id,
    Key key,
    AlertState state,
    Severity severity,
    Seen seen,
    Instant since,
    Optional<Instant> firedAt,
    Optional<Instant> resolvedAt,
    Optional<String> mutedBy,
    boolean announced,
    String reason) {

  /// What an alert is of: of each there is one that is not resolved.
  record Key(String rule, Labels subject) {

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      subject
          .values()
          .forEach((k, v) -> text.append(text.isEmpty() ? "" : ", ").append(k + "=" + v));
      return subject.values().isEmpty() ? rule : rule + " {" + text + "}";
    }
  }

  /// @param threshold as it was then
  record Seen(double value, double threshold, Instant at) {}

  static Alert pending(UUID id, Key key, Severity severity, Seen seen) {
    return new Alert(
        id,
        key,
        AlertState.PENDING,
        severity,
        seen,
        seen.at(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        "");
  }

  Alert seen(Severity now, Seen reading) {
    return new Alert(
        id, key, state, now, reading, since, firedAt, resolvedAt, mutedBy, announced, reason);
  }

  /// The same for a clock that was set back: what lies ahead of it would last for ever.
  Alert until(Instant now) {
    Seen last = new Seen(seen.value(), seen.threshold(), earlier(seen.at(), now));
    return new Alert(
        id,
        key,
        state,
        severity,
        last,
        earlier(since, now),
        firedAt,
        resolvedAt,
        mutedBy,
        announced,
        reason);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  Alert fired(Instant now) {
    return new Alert(
        id,
        key,
        AlertState.FIRING,
        severity,
        seen,
        since,
        Optional.of(now),
        resolvedAt,
        mutedBy,
        announced,
        reason);
  }

  Alert resolved(Instant now, String why) {
    return new Alert(
        id,
        key,
        AlertState.RESOLVED,
        severity,
        seen,
        since,
        firedAt,
        Optional.of(now),
        mutedBy,
        announced,
        why);
  }

  Alert muted(Optional<String> by) {
    return new Alert(
        id, key, state, severity, seen, since, firedAt, resolvedAt, by, announced, reason);
  }

  Alert asAnnounced() {
    return new Alert(
        id, key, state, severity, seen, since, firedAt, resolvedAt, mutedBy, true, reason);
  }

  /// One line for people.
  String message() {
    return state == AlertState.RESOLVED
        ? "%s: %s (%s)".formatted(key, reason, number(seen.value()))
        : "%s: %s, threshold %s".formatted(key, number(seen.value()), number(seen.threshold()));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }
}
