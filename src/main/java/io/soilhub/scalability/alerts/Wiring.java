package io.soilhub.scalability.alerts;

import io.soilhub.scalability.jobs.JobRequest;
import io.soilhub.scalability.jobs.Jobs;
import io.soilhub.scalability.platform.Availability;
import io.soilhub.scalability.platform.Database;
import io.soilhub.scalability.platform.Leadership;
import io.soilhub.scalability.platform.Loop;
import io.soilhub.scalability.platform.Node;
import io.soilhub.scalability.platform.Settings;
import io.soilhub.scalability.platform.StartupCheck;
import io.soilhub.scalability.platform.Uuid7;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Shutdown;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the one instance of each plain class of this package, and evaluates the rules while this
/// replica leads.
@ApplicationScoped
class Wiring {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /// With the pauses of the job engine, tries for about an hour and a half.
  private static final int ATTEMPTS = 20;

  private static final int ATTEMPT_SECONDS = 60;

  private final List<Loop> loops = new ArrayList<>();

  @Produces
  @Singleton
  StartupCheck check() {
    return AlertSettings::from;
  }

  @Produces
  @Singleton
  Alerts alerts(Database database, Uuid7 ids) {
    return new Alerts(database, ids);
  }

  @Produces
  @Singleton
  AlertOutbox outbox(Database database, Jobs jobs) {
    return new AlertOutbox(
        database,
        (id, payload) ->
            jobs.submit(
                JobRequest.of("notification", payload)
                    .withPriority(io.soilhub.scalability.jobs.Priority.HIGH)
                    .withLimits(ATTEMPTS, ATTEMPT_SECONDS),
                Optional.of(id)));
  }

  @Produces
  @Singleton
  AlertEvaluation evaluation(
      Database database, @Any Instance<Signals> signals, Settings settings, Uuid7 ids, Node node) {
    List<Signals> all = signals.stream().toList();
    return new AlertEvaluation(database, all, AlertSettings.from(settings), ids, node.id());
  }

  void start(
      @Observes @Priority(2000) Startup event,
      AlertEvaluation evaluation,
      AlertOutbox outbox,
      Leadership leadership,
      @Named("postgresql") Availability postgres) {
    loops.add(
        Loop.every(
            SECOND,
            "alerts",
            () -> {
              if (postgres.available() && leadership.isLeader()) {
                evaluation.step();
              }
            }));
    // Apart: what is owed is sent also while rules cannot be evaluated.
    loops.add(
        Loop.every(
            SECOND,
            "alerts-outbox",
            () -> {
              if (postgres.available() && leadership.isLeader()) {
                outbox.relay();
              }
            }));
    loops.add(
        Loop.every(
            Duration.ofHours(1),
            "alerts-forget",
            () -> {
              if (postgres.available() && leadership.isLeader()) {
                evaluation.forget();
              }
            }));
  }

  void stop(@Observes @Priority(100) Shutdown event) {
    loops.forEach(Loop::close);
  }
}
