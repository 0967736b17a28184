package io.soilhub.scalability.monitoring.alerts;

import io.soilhub.scalability.jobs.notifications.Channels;
import io.soilhub.scalability.platform.core.DependencyMonitor;
import io.soilhub.scalability.platform.core.Node;
import io.soilhub.scalability.platform.core.PeriodicTasks;
import io.soilhub.scalability.platform.core.Phases;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.core.Uuid7;
import io.soilhub.scalability.platform.postgres.Database;
import io.soilhub.scalability.platform.postgres.LeaderElection;
import io.soilhub.scalability.platform.settings.Settings;
import io.soilhub.scalability.platform.settings.StartupCheck;
import io.soilhub.scalability.resilience.health.ComponentProbe;
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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Makes the one instance of each plain class of this package, evaluates the rules while this
/// replica leads, and sends what is owed.
@ApplicationScoped
class AlertsWiring {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration FORGET = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private final PeriodicTasks tasks = new PeriodicTasks();

  @Produces
  @Singleton
  StartupCheck check() {
    return new StartupCheck(AlertSettings.ALL, AlertSettings::from);
  }

  @Produces
  @Singleton
  Alerts alerts(Database database, Uuid7 ids) {
    return new Alerts(database, ids);
  }

  @Produces
  @Singleton
  AlertEvaluation evaluation(
      Database database,
      @Any Instance<SignalSource> signals,
      Settings settings,
      Uuid7 ids,
      Node node) {
    List<SignalSource> all = signals.stream().toList();
    return new AlertEvaluation(database, all, AlertSettings.from(settings), ids, node.id());
  }

  @Produces
  @Singleton
  MemoryOutbox memory(Ticker ticker) {
    return new MemoryOutbox(ticker);
  }

  @Produces
  @Singleton
  DatabaseOutage outage(
      Database database,
      AlertEvaluation evaluation,
      MemoryOutbox memory,
      Settings settings,
      Uuid7 ids,
      Clock clock,
      Ticker ticker,
      Node node) {
    AlertSettings all = AlertSettings.from(settings);
    return new DatabaseOutage(
        database, evaluation::last, all, memory, ids, clock, ticker, node.id());
  }

  @Produces
  @Singleton
  ComponentProbe probe(
      Database database,
      @Named("postgresql") DependencyMonitor postgres,
      Settings settings,
      Ticker ticker) {
    Duration interval = AlertSettings.from(settings).interval();
    return new EvaluationProbe(database, postgres::available, interval, ticker);
  }

  void start(
      @Observes @Priority(Phases.MONITORING) Startup event,
      AlertEvaluation evaluation,
      DatabaseOutage outage,
      MemoryOutbox memory,
      Channels channels,
      Database database,
      LeaderElection leaderElection,
      @Named("postgresql") DependencyMonitor postgres) {
    BooleanSupplier leading = () -> postgres.available() && leaderElection.isLeader();
    tasks.everyWhile(leading, SECOND, "alerts", evaluation::step);
    tasks.everyWhile(leading, FORGET, "alerts-forget", evaluation::forget);
    // Apart: what is owed is sent also while rules cannot be evaluated.
    NotificationDelivery delivery = delivery(new AlertOutbox(database), channels);
    tasks.everyWhile(
        postgres::available,
        SECOND,
        "alerts-delivery",
        () -> delivery.step(leaderElection.isLeader()));
    // Apart: the others may be waiting for the database that is away.
    NotificationDelivery fromMemory = delivery(memory, channels);
    tasks.every(
        SECOND,
        "alerts-outage",
        () -> {
          boolean available = postgres.available();
          outage.step(available, leaderElection.isLeader());
          if (!available) {
            fromMemory.step(true);
          }
        });
  }

  void stop(@Observes @Priority(Phases.STOP - Phases.MONITORING) Shutdown event) {
    tasks.close();
    // What is being sent may end: else it comes again when its lease is over.
    senders.shutdown();
    try {
      if (!senders.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        senders.shutdownNow();
      }
    } catch (InterruptedException _) {
      senders.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private NotificationDelivery delivery(NotificationDelivery.Outbox outbox, Channels channels) {
    return new NotificationDelivery(outbox, channels::send, channels.ofAlerts(), senders);
  }
}
