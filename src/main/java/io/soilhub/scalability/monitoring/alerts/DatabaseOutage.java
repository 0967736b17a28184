package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.monitoring.alerts.AlertSignal.Kind;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Before;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Outcome;
import io.soilhub.scalability.monitoring.alerts.AlertStateMachine.Query;
import io.soilhub.scalability.monitoring.alerts.NotificationDelivery.Owed;
import io.soilhub.scalability.monitoring.alerts.SignalSource.Reading;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.telemetry.metrics.Labels;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Tells that PostgreSQL is away, which no evaluation can: they all need it. The replica that led
/// when it was last there goes by the rules and silences of its last evaluation, holds the alert
/// and its notices in memory, and leaves what is still to be told to the table once that is back.
final class DatabaseOutage {

  /// Without leading for so long while PostgreSQL is there: another replica leads. Less may be the
  /// moment after an outage in which nobody does, or a PostgreSQL that hangs: leading ends at once
  /// then, but it counts as there until a look at it has taken too long.
  private static final Duration LEADERLESS = Duration.ofSeconds(90);

  private final Database database;
  private final Supplier<Before> last;
  private final AlertSettings settings;
  private final MemoryOutbox outbox;
  private final Uuid7 ids;
  private final Clock clock;
  private final Ticker ticker;
  private final Labels subject;

  private List<Alert> open = List.of();
  private boolean led;
  private long lastLed;

  /// @param last what the last evaluation on this replica went by
  /// @param node of this replica: it tells what it sees itself
  DatabaseOutage(
      Database database,
      Supplier<Before> last,
      AlertSettings settings,
      MemoryOutbox outbox,
      Uuid7 ids,
      Clock clock,
      Ticker ticker,
      String node) {
    this.database = database;
    this.last = last;
    this.settings = settings;
    this.outbox = outbox;
    this.ids = ids;
    this.clock = clock;
    this.ticker = ticker;
    this.subject = Labels.of("component", "postgresql", "node", node);
  }

  /// To be called about once a second, by one loop.
  ///
  /// @param available whether PostgreSQL answers
  /// @param leads whether this replica leads
  void step(boolean available, boolean leads) {
    long now = ticker.nanos();
    if (!available) {
      if (led) {
        lastLed = now;
        outbox.add(evaluated(1));
      }
      return;
    }
    lastLed = leads ? now : lastLed;
    led = leads || (led && now - lastLed < LEADERLESS.toNanos());
    if (!open.isEmpty()) {
      outbox.add(evaluated(0));
    }
    outbox.drainTo(this::hand);
  }

  private List<Owed> evaluated(double down) {
    Before known = last.get();
    Instant now = clock.instant();
    Before before = new Before(known.rules(), open, known.silences(), now, known.longestGap());
    Map<Query, List<Reading>> readings = new HashMap<>();
    for (AlertRule rule : known.rules().rules()) {
      if (rule.signal().kind() == Kind.COMPONENT_DOWN) {
        readings.put(Query.of(rule), List.of(new Reading(subject, down, 1)));
      }
    }
    Outcome outcome = AlertStateMachine.step(before, readings, now, ids::next);
    open = outcome.alerts().stream().filter(a -> a.state() != AlertState.RESOLVED).toList();
    AlertEvaluation.log(outcome);
    List<Owed> owed = new ArrayList<>();
    for (AlertNotification alertNotification :
        AlertNotification.of(known.rules(), outcome.announced())) {
      owed.addAll(settings.owed(alertNotification, ids::next));
    }
    return owed;
  }

  private void hand(List<Owed> left) {
    database.inTransaction(
        connection -> {
          AlertStore.lock(connection);
          AlertOutbox.add(connection, left);
          return null;
        });
  }
}
