package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.monitoring.alerts.Alert.Seen;
import io.soilhub.scalability.monitoring.alerts.SignalSource.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Decides what an evaluation changes: a pure function of the rules, the alerts as they were, what
/// is seen now, and the time.
///
/// Flapping is held down twice: an alert fires only after its rule's `for` without a break, and
/// ends only beyond its rule's clear threshold. What cannot be seen any more is believed for a
/// while.
final class AlertStateMachine {

  /// Subjects of one rule that may have an alert at the same time; the rest gets none.
  static final int MOST_ALERTS_OF_A_RULE = 1_000;

  /// Which readings a rule wants.
  record Query(AlertSignal signal, Duration window) {
    static Query of(AlertRule rule) {
      return new Query(rule.signal(), rule.window());
    }
  }

  /// @param open pending, firing and acknowledged alerts
  /// @param evaluatedAt when that was decided
  /// @param longestGap between two looks that still counts as looking without a break
  record Before(
      AlertRules rules,
      List<Alert> open,
      List<Silence> silences,
      Instant evaluatedAt,
      Duration longestGap) {}

  /// @param note why, where the state alone does not say it
  record Transition(UUID alertId, AlertState state, Instant at, double value, String note) {}

  /// @param alerts all that stay or have just ended, as they are now
  /// @param dropped pending ones that recovered
  /// @param announced those to tell people about: firing for the first time, or ended
  record Outcome(
      List<Alert> alerts,
      List<UUID> dropped,
      List<Transition> transitions,
      List<Alert> announced) {}

  private final Before before;
  private final Map<Query, List<Reading>> readings;
  private final Instant now;
  private final Supplier<UUID> ids;
  private final Map<String, List<Alert>> earlier = new LinkedHashMap<>();
  private final List<Alert> after = new ArrayList<>();
  private final List<UUID> dropped = new ArrayList<>();
  private final List<Transition> transitions = new ArrayList<>();

  private AlertStateMachine(
      Before before, Map<Query, List<Reading>> readings, Instant now, Supplier<UUID> ids) {
    this.before = before;
    this.readings = readings;
    this.now = now;
    this.ids = ids;
    before
        .open()
        .forEach(
            alert ->
                earlier
                    .computeIfAbsent(alert.key().rule(), _ -> new ArrayList<>())
                    .add(alert.until(now)));
  }

  /// @param readings by what was asked; rules whose question was not answered stay as they are
  /// @param ids of new alerts
  static Outcome step(
      Before before, Map<Query, List<Reading>> readings, Instant now, Supplier<UUID> ids) {
    return new AlertStateMachine(before, readings, now, ids).outcome();
  }

  private Outcome outcome() {
    before.rules().rules().forEach(this::decide);
    earlier.values().stream()
        .flatMap(List::stream)
        .forEach(orphan -> end(orphan, "the rule was removed"));
    List<Alert> told = new ArrayList<>();
    List<Alert> announced = new ArrayList<>();
    AlertSuppression alertSuppression =
        new AlertSuppression(before.rules(), before.silences(), after, now);
    for (Alert alert : after) {
      Alert muted = alert.muted(alertSuppression.of(alert));
      boolean begins = muted.state() == AlertState.FIRING && !muted.announced();
      if (begins && muted.mutedBy().isEmpty()) {
        muted = muted.asAnnounced();
        announced.add(muted);
      } else if (muted.state() == AlertState.RESOLVED && muted.announced()) {
        announced.add(muted);
      }
      told.add(muted);
    }
    return new Outcome(
        List.copyOf(told), List.copyOf(dropped), List.copyOf(transitions), List.copyOf(announced));
  }

  private void decide(AlertRule rule) {
    List<Reading> answer = readings.get(Query.of(rule));
    List<Alert> known = earlier.getOrDefault(rule.name(), List.of());
    earlier.remove(rule.name());
    if (answer == null) {
      known.forEach(alert -> after.add(alert.state().active() ? notLookedAt(alert) : alert));
      return;
    }
    Map<Alert.Key, Reading> usable = new HashMap<>();
    answer.stream()
        .filter(rule::usable)
        .forEach(reading -> usable.put(new Alert.Key(rule.name(), reading.subject()), reading));
    for (Alert alert : known) {
      Optional<Reading> reading = Optional.ofNullable(usable.remove(alert.key()));
      reading.ifPresentOrElse(r -> follow(rule, alert, r), () -> unseen(rule, alert));
    }
    usable.entrySet().stream()
        .filter(seen -> rule.breachedBy(seen.getValue().value()))
        .limit(Math.max(0, MOST_ALERTS_OF_A_RULE - known.size()))
        .forEach(seen -> begin(rule, seen.getKey(), seen.getValue()));
  }

  private void begin(AlertRule rule, Alert.Key key, Reading reading) {
    Alert alert = Alert.pending(ids.get(), key, rule.severity(), seen(rule, reading));
    if (rule.forSeconds() == 0) {
      fire(alert);
    } else {
      note(alert, "");
      after.add(alert);
    }
  }

  private void follow(AlertRule rule, Alert known, Reading reading) {
    Alert alert = known.seen(rule.severity(), seen(rule, reading));
    if (alert.state() != AlertState.PENDING) {
      if (rule.clearedBy(reading.value())) {
        end(alert, "recovered");
      } else {
        after.add(alert);
      }
    } else if (!rule.breachedBy(reading.value())) {
      dropped.add(alert.id());
    } else if (isGap(known.seen().at())) {
      dropped.add(alert.id());
      begin(rule, alert.key(), reading);
    } else if (Duration.between(alert.since(), now).toSeconds() >= rule.forSeconds()) {
      fire(alert);
    } else {
      after.add(alert);
    }
  }

  /// Nobody knows what was while nobody looked: that time counts neither as bad nor as unseen.
  private boolean isGap(Instant lastLook) {
    return Duration.between(lastLook, now).compareTo(before.longestGap()) > 0;
  }

  /// The time since the last evaluation is left out of that in which it was not seen.
  private Alert notLookedAt(Alert alert) {
    Instant at = alert.seen().at().plus(Duration.between(before.evaluatedAt(), now));
    return seenAt(alert, at.isBefore(now) ? at : now);
  }

  /// As it was last seen, and as if that had been at another time.
  private static Alert seenAt(Alert alert, Instant at) {
    Seen last = alert.seen();
    return alert.seen(alert.severity(), new Seen(last.value(), last.threshold(), at));
  }

  private void unseen(AlertRule rule, Alert alert) {
    if (alert.state().active() && isGap(before.evaluatedAt())) {
      after.add(seenAt(alert, now));
      return;
    }
    Duration unseen = Duration.between(alert.seen().at(), now);
    if (alert.state() == AlertState.PENDING || unseen.toSeconds() >= rule.staleSeconds()) {
      end(alert, "not seen for %d s".formatted(unseen.toSeconds()));
    } else {
      after.add(alert);
    }
  }

  private void fire(Alert alert) {
    Alert firing = alert.fired(now);
    note(firing, "");
    after.add(firing);
  }

  private void end(Alert alert, String reason) {
    if (alert.state() == AlertState.PENDING) {
      dropped.add(alert.id());
      return;
    }
    Alert resolved = alert.resolved(now, reason);
    note(resolved, reason);
    after.add(resolved);
  }

  private void note(Alert alert, String why) {
    transitions.add(new Transition(alert.id(), alert.state(), now, alert.seen().value(), why));
  }

  private Seen seen(AlertRule rule, Reading reading) {
    return new Seen(reading.value(), rule.threshold(), now);
  }
}
